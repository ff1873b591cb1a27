"""Who may do what with notes (2.11): on the page, and in the action whoever calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core.modules import switch_module
from crm_core.permissions import MANAGE_ACCOUNTS, VIEW_ALL_ACCOUNTS
from crm_core.refusals import NotAllowed, NotFound
from crm_core.testing.builders import a_firm, an_account, as_owner
from plugins.notes import actions
from plugins.notes import store as notes_store
from plugins.notes.forms import EditedNote, NewNote
from tests.plugins.notes.people import texts_on
from tests.web.browsing import elements, form_of, send

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from crm_core.context import Context
    from plugins.notes.values import Note
    from tests.plugins.notes.people import Practice

CHANGES: dict[str, Callable[[Context, Note], None]] = {
    "edit": lambda ctx, note: actions.edit_note(ctx, note, EditedNote(text="Mine", version=1)),
    "pin": lambda ctx, note: actions.pin_note(ctx, note, pinned=True),
    "unpin": lambda ctx, note: actions.pin_note(ctx, note, pinned=False),
    "delete": lambda ctx, note: actions.delete_note(ctx, note, 1),
}


def change(client: FlaskClient, practice: Practice, note: Note, action: str) -> int:
    """Sends the form of this action, with what a page of theirs would hold."""
    secrets = form_of(client.get(f"{practice.notes}/new").text)
    path = f"{practice.notes}/{note.public_id}/{action}"
    return client.post(path, data={**secrets, "text": "Mine", "version": "1"}).status_code


def buttons_on(html: str) -> set[str]:
    """The last words of the addresses of what a note offers."""
    every = elements(html)
    articles = [e for e in every if e.tag == "article"]
    return {
        (e.get("href") or e.get("action")).rpartition("/")[2]
        for e in every
        if e.tag in ("a", "form") and any(e.inside(article) for article in articles)
    }


def test_per_1_everyone_with_access_reads_all_notes_and_writes_own_ones(
    practice: Practice,
) -> None:
    """PER-1."""
    practice.write("Of the owner")
    practice.employ("emil@firm.example")
    emil = practice.browser_for("emil@firm.example")
    assert "Of the owner" in emil.get(practice.overview).text
    assert send(emil, f"{practice.notes}/new", text="Of Emil").status_code == 303
    assert set(texts_on(emil.get(practice.notes).text)) == {"Of the owner", "Of Emil"}


def test_ones_own_note_may_be_edited_pinned_and_deleted(practice: Practice) -> None:
    person = practice.employ("emil@firm.example")
    note = practice.write("Emil's", by=person)
    emil = practice.browser_for("emil@firm.example")
    assert buttons_on(emil.get(practice.notes).text) == {"edit", "pin", "delete"}
    path = f"{practice.notes}/{note.public_id}"
    assert change(emil, practice, note, "pin") == 303
    assert send(emil, f"{path}/edit", text="Changed").status_code == 303
    assert send(emil, f"{path}/delete").status_code == 303
    assert practice.stored() == []


@pytest.mark.parametrize("action", CHANGES)
def test_per_4_anothers_note_is_refused_on_the_page_at_the_address_and_in_the_action(
    practice: Practice, action: str
) -> None:
    """PER-4."""
    note = practice.write("Of the owner")
    person = practice.employ("emil@firm.example", VIEW_ALL_ACCOUNTS)
    emil = practice.browser_for("emil@firm.example")
    assert buttons_on(emil.get(practice.notes).text) == set()
    if action in ("edit", "delete"):
        assert emil.get(f"{practice.notes}/{note.public_id}/{action}").status_code == 403
    assert change(emil, practice, note, action) == 403
    with practice.as_person(person) as ctx:
        seen = notes_store.note_of(ctx, practice.account.id, note.public_id)
        with pytest.raises(NotAllowed, match="manage accounts"):
            CHANGES[action](ctx, seen)
    assert practice.stored() == [("Of the owner", False, 1)]


@pytest.mark.parametrize("action", CHANGES)
def test_who_manages_accounts_may_change_anothers_note(practice: Practice, action: str) -> None:
    note = practice.write("Of the owner")
    practice.employ("mia@firm.example", MANAGE_ACCOUNTS)
    mia = practice.browser_for("mia@firm.example")
    assert buttons_on(mia.get(practice.notes).text) == {"edit", "pin", "delete"}
    assert change(mia, practice, note, action) == 303


def test_who_has_no_access_to_the_account_meets_none_of_its_notes(practice: Practice) -> None:
    note = practice.write("Of the owner")
    practice.employ("mia@firm.example", MANAGE_ACCOUNTS, assigned=False)
    mia = practice.browser_for("mia@firm.example")
    for path in ("", "/new", f"/{note.public_id}/edit", f"/{note.public_id}/delete"):
        answer = mia.get(practice.notes + path)
        assert answer.status_code == 404
        assert "Of the owner" not in answer.text


def test_a_note_is_not_found_under_another_account(practice: Practice) -> None:
    note = practice.write("Of the owner")
    other = practice.another_account()
    secrets = form_of(practice.owner.get(f"{other}/new").text)
    for action in CHANGES:
        path = f"{other}/{note.public_id}/{action}"
        answer = practice.owner.post(path, data={**secrets, "text": "Mine", "version": "1"})
        assert answer.status_code == 404
    assert practice.owner.get(f"{other}/{note.public_id}/edit").status_code == 404
    assert practice.stored() == [("Of the owner", False, 1)]


def test_another_firms_note_is_not_found(practice: Practice) -> None:
    with as_owner(practice.store, practice.catalog, a_firm(practice.store)) as ctx:
        foreign = actions.write_note(ctx, an_account(ctx), NewNote(text="Foreign"))
    for note in (foreign, "0" * 32):
        assert practice.owner.get(f"{practice.notes}/{note}/edit").status_code == 404
    with practice.as_owner() as ctx, pytest.raises(NotFound):
        notes_store.note_of(ctx, practice.account.id, foreign)


def test_the_history_tells_that_a_note_was_written_and_not_what_it_says(
    practice: Practice,
) -> None:
    note = practice.write("A secret of the bakery")
    path = f"{practice.notes}/{note.public_id}"
    send(practice.owner, f"{path}/edit", text="Another secret")
    send(practice.owner, f"{path}/delete")
    history = practice.owner.get("/f/acme/settings/history").text
    for told in ("Note written", "Note edited", "Note deleted"):
        assert told in history
    assert "secret" not in history


def test_notes_stay_while_the_module_is_off(practice: Practice) -> None:
    practice.write("Still here")
    with practice.as_owner() as ctx:
        switch_module(ctx, "notes")
    assert practice.owner.get(practice.notes).status_code == 404
    assert practice.stored() == [("Still here", False, 1)]
