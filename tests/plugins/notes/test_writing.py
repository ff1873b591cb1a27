"""Writing, editing, pinning and deleting notes, through their pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine

from tests.plugins.notes.people import texts_on
from tests.web.browsing import element, elements, form_of, press, send

if TYPE_CHECKING:
    from tests.plugins.notes.people import Practice


def test_a_note_is_written_and_shown_among_the_others(practice: Practice) -> None:
    answer = send(practice.owner, f"{practice.notes}/new", text="  - one\n  - two\n\n")
    assert answer.location == practice.notes
    assert practice.stored() == [("  - one\n  - two", False, 1)]
    page = practice.owner.get(practice.notes).text
    assert "The note is saved." in element(page, role="status").text
    assert texts_on(page) == ["one two"]


def test_a_note_is_pinned_while_it_is_written(practice: Practice) -> None:
    send(practice.owner, f"{practice.notes}/new", text="First", pinned="1")
    send(practice.owner, f"{practice.notes}/new", text="Second")
    assert texts_on(practice.owner.get(practice.notes).text) == ["First", "Second"]


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "\t"])
def test_a_note_without_a_text_is_refused_at_its_field(practice: Practice, text: str) -> None:
    note = practice.write("There")
    for path in ("new", f"{note.public_id}/edit"):
        answer = send(practice.owner, f"{practice.notes}/{path}", text=text)
        assert answer.status_code == 422
        assert element(answer.text, id="text-error").text == "Please fill in: Note."
    assert practice.stored() == [("There", False, 1)]


def test_a_note_that_is_too_long_is_refused_with_both_lengths_and_kept(
    practice: Practice,
) -> None:
    send(practice.owner, f"{practice.notes}/new", text="x" * 20_000)
    answer = send(practice.owner, f"{practice.notes}/new", text="y" * 20_001)
    assert answer.status_code == 422
    error = element(answer.text, id="text-error").text
    assert error == "At most 20,000 characters; this has 20,001."
    assert form_of(answer.text)["text"] == "y" * 20_001
    assert [len(text) for text, _, _ in practice.stored()] == [20_000]


def test_a_note_is_edited_with_its_text_and_pin_in_the_form(practice: Practice) -> None:
    note = practice.write("Before\n\nmore", pinned=True)
    path = f"{practice.notes}/{note.public_id}/edit"
    form = form_of(practice.owner.get(path).text)
    assert (form["text"], form["pinned"], form["version"]) == ("Before\n\nmore", "1", "1")
    del form["pinned"]
    answer = practice.owner.post(path, data={**form, "text": "After"})
    assert answer.location == practice.notes
    assert practice.stored() == [("After", False, 2)]


def test_a_note_goes_up_when_it_is_pinned_and_back_when_it_is_not(practice: Practice) -> None:
    with time_machine.travel(datetime.now(UTC) - timedelta(hours=1)):
        practice.write("Old")
    practice.write("New")
    assert texts_on(practice.owner.get(practice.notes).text) == ["New", "Old"]
    target = last_form(practice, "/pin")
    assert press(practice.owner, practice.notes, target).location == practice.notes
    page = practice.owner.get(practice.notes).text
    assert texts_on(page) == ["Old", "New"]
    assert "The note is pinned." in page
    # A pin is no edit.
    assert "edited" not in page
    press(practice.owner, practice.notes, "/unpin")
    assert texts_on(practice.owner.get(practice.notes).text) == ["New", "Old"]


def last_form(practice: Practice, end: str) -> str:
    """Where the last button with an address of this end leads."""
    html = practice.owner.get(practice.notes).text
    return [e.get("action") for e in elements(html, "form") if e.get("action").endswith(end)][-1]


def test_a_note_is_deleted_after_a_question_that_shows_it(practice: Practice) -> None:
    note = practice.write("Wrong client")
    practice.write("Right")
    path = f"{practice.notes}/{note.public_id}/delete"
    question = practice.owner.get(path).text
    assert texts_on(question) == ["Wrong client"]
    assert "cannot be brought back" in question
    assert len(practice.stored()) == 2
    answer = practice.owner.post(path, data=form_of(question))
    assert answer.location == practice.notes
    assert [text for text, _, _ in practice.stored()] == ["Right"]
    assert practice.owner.get(path).status_code == 404


def test_acc_15_a_stale_edit_shows_both_versions_and_then_overwrites_knowingly(
    practice: Practice,
) -> None:
    """ACC-15."""
    note = practice.write("First")
    path = f"{practice.notes}/{note.public_id}/edit"
    mine = form_of(practice.owner.get(path).text)
    send(practice.owner, path, text="Theirs", pinned="1")
    stale = practice.owner.post(path, data={**mine, "text": "Mine"})
    assert stale.status_code == 409
    assert practice.stored() == [("Theirs", True, 2)]
    assert "Somebody else saved this while you were editing." in stale.text
    typed, saved = [e.text for e in elements(stale.text, "dl", class_="facts")]
    assert "Mine" in typed
    assert "no" in typed.split()
    assert "Theirs" in saved
    assert "yes" in saved.split()
    form = form_of(stale.text)
    assert form["text"] == "Mine"
    assert practice.owner.post(path, data=form).location == practice.notes
    assert practice.stored() == [("Mine", False, 3)]


def test_a_third_who_saves_meanwhile_is_not_overwritten_either(practice: Practice) -> None:
    note = practice.write("First")
    path = f"{practice.notes}/{note.public_id}/edit"
    mine = form_of(practice.owner.get(path).text)
    send(practice.owner, path, text="Second")
    stale = practice.owner.post(path, data={**mine, "text": "Mine"})
    send(practice.owner, path, text="Third")
    again = practice.owner.post(path, data=form_of(stale.text))
    assert again.status_code == 409
    assert "Third" in again.text
    assert practice.stored()[0][0] == "Third"


def test_a_note_that_was_deleted_meanwhile_cannot_be_saved(practice: Practice) -> None:
    note = practice.write("First")
    path = f"{practice.notes}/{note.public_id}/edit"
    mine = form_of(practice.owner.get(path).text)
    send(practice.owner, f"{practice.notes}/{note.public_id}/delete")
    assert practice.owner.post(path, data={**mine, "text": "Mine"}).status_code == 404
    assert practice.stored() == []


def test_a_note_that_was_edited_meanwhile_is_shown_again_before_it_is_deleted(
    practice: Practice,
) -> None:
    note = practice.write("First")
    path = f"{practice.notes}/{note.public_id}/delete"
    question = form_of(practice.owner.get(path).text)
    send(practice.owner, f"{practice.notes}/{note.public_id}/edit", text="Worth keeping")
    stale = practice.owner.post(path, data=question)
    assert stale.status_code == 409
    assert texts_on(stale.text) == ["Worth keeping"]
    assert len(practice.stored()) == 1
    assert practice.owner.post(path, data=form_of(stale.text)).status_code == 303
    assert practice.stored() == []


@pytest.mark.parametrize("version", ["0", "2", "-1", "x", "9" * 18, "9" * 30])
def test_a_version_that_never_was_changes_nothing(practice: Practice, version: str) -> None:
    note = practice.write("First")
    for action in ("edit", "delete"):
        path = f"{practice.notes}/{note.public_id}/{action}"
        answer = send(practice.owner, path, text="Forged", version=version)
        assert answer.status_code in (409, 422)
    assert practice.stored() == [("First", False, 1)]
