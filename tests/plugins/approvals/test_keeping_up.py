"""Questions whose document, or whose people, change before they are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core import Refused
from crm_core.contact_changes import ContactChange, change_contact
from crm_core.links import linked_contacts, unlink_contact
from plugins.approvals import store
from plugins.approvals.values import Outcome, Who, Why
from plugins.documents import actions as of_documents
from plugins.documents import folders, tree
from plugins.documents.forms import Confirm, EditedTopFolder, Move
from plugins.documents.values import Access
from tests.plugins.approvals.asking import NO, YES, an_approval, ask, login, say, seen
from tests.plugins.documents.making import a_document, a_folder, top
from tests.plugins.documents.people import ANNA, BEN, put

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.plugins.documents.people import Practice


def test_a_corrected_file_gets_a_new_question(practice: Practice) -> None:
    """DOC-6: what was said of an older version is not said of the new one."""
    first, second = practice.shared(name="One.pdf"), practice.shared(name="Two.pdf")
    pending, said = ask(practice, first), ask(practice, second)
    say(practice, said, NO)
    folder = f"{practice.tab}/folders/{practice.top(Access.SEES)}/upload"
    put(practice.owner, folder, ("One.pdf", b"x"), ("Two.pdf", b"y"))
    assert seen(practice, pending).why is Why.NEW_VERSION
    assert seen(practice, said).outcome is Outcome.DISAPPROVED
    for document in (first, second):
        assert practice.seen(document, practice.as_owner).standings == ()
    with pytest.raises(Refused, match="no longer asked"):
        say(practice, pending)
    assert say(practice, ask(practice, first)).outcome is Outcome.APPROVED


def _move(practice: Practice, document: str) -> None:
    found = practice.seen(document, practice.as_owner)
    with practice.as_owner() as ctx:
        place = top(ctx, practice.account, Access.PRIVATE)
        wanted = Move(folder=place, sure=True, version=found.version)
        of_documents.move(ctx, practice.account, found, wanted)


def _trash(practice: Practice, document: str) -> None:
    found = practice.seen(document, practice.as_owner)
    with practice.as_owner() as ctx:
        of_documents.trash(ctx, found, Confirm(version=found.version))


def _trash_as_client(practice: Practice, document: str) -> None:
    found = practice.seen(document, practice.as_client)
    with practice.as_client() as ctx:
        of_documents.trash(ctx, found, Confirm(version=found.version))


@pytest.mark.parametrize(
    ("access", "hide"),
    [(Access.SEES, _move), (Access.SEES, _trash), (Access.EDITS, _trash_as_client)],
)
def test_what_clients_no_longer_see_is_not_asked(
    practice: Practice, access: Access, hide: Callable[[Practice, str], None]
) -> None:
    """DOC-2: nobody is asked about what they cannot look at."""
    document = practice.shared(access)
    approval = ask(practice, document)
    hide(practice, document)
    found = seen(practice, approval)
    assert (found.outcome, found.why) == (Outcome.WITHDRAWN, Why.HIDDEN)


def test_a_folder_that_becomes_private_takes_its_questions_along(practice: Practice) -> None:
    with practice.as_owner() as ctx:
        document = a_document(ctx, practice.account, Access.SEES)
        approval = an_approval(ctx, practice.account, document)
        folder = tree.tree_of(ctx, practice.account.id).folder(
            top(ctx, practice.account, Access.SEES)
        )
        wanted = EditedTopFolder(
            name="Internal now", access=Access.PRIVATE, sure=True, version=folder.version
        )
        folders.change_top_folder(ctx, practice.account, folder, wanted)
        assert a_folder(ctx, practice.account)
    assert seen(practice, approval).why is Why.HIDDEN


def test_whoever_can_no_longer_sign_in_is_not_waited_for(practice: Practice) -> None:
    """ACC-8: what the others said decides, once nobody else is asked."""
    approval = ask(practice, practice.shared(), Who.ALL)
    say(practice, approval)
    login(practice, BEN, on=False)
    found = seen(practice, approval)
    assert found.outcome is Outcome.APPROVED
    assert len(found.answers) == 1


def test_an_unlinked_contact_is_not_waited_for(practice: Practice) -> None:
    approval = ask(practice, practice.shared(), Who.ALL)
    with practice.as_owner() as ctx:
        (ben,) = (c for c in linked_contacts(ctx, practice.account) if BEN in c.own_emails)
        unlink_contact(ctx, practice.account, ben.id)
    assert len(seen(practice, approval).answers) == 1
    assert say(practice, approval, YES, ANNA).outcome is Outcome.APPROVED


def test_a_contact_without_their_address_is_not_waited_for(practice: Practice) -> None:
    approval = ask(practice, practice.shared(), Who.ALL)
    with practice.as_owner() as ctx:
        (ben,) = (c for c in linked_contacts(ctx, practice.account) if BEN in c.own_emails)
        change_contact(ctx, ben, ContactChange(first_name="Ben", emails=(), version=ben.version))
    assert len(seen(practice, approval).answers) == 1


@pytest.mark.parametrize("who", list(Who))
def test_with_nobody_left_it_is_no_longer_asked(practice: Practice, who: Who) -> None:
    approval = ask(practice, practice.shared(), who)
    login(practice, ANNA, on=False)
    assert seen(practice, approval).pending
    login(practice, BEN, on=False)
    found = seen(practice, approval)
    assert (found.outcome, found.why) == (Outcome.WITHDRAWN, Why.NOBODY_LEFT)


def test_of_a_document_that_is_gone_for_good_nothing_is_left(practice: Practice) -> None:
    document = practice.shared()
    approval = ask(practice, document)
    _trash(practice, document)
    found = practice.seen(document, practice.as_owner)
    with practice.as_owner() as ctx:
        of_documents.purge(ctx, found, Confirm(version=found.version))
        assert store.page_of(ctx, practice.account.id, "", "", 5).approvals == []
    assert approval
