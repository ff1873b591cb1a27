"""Folders: what clients may do below each top folder, and who may change that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core import NotAllowed, NotFound, Refused, Stale, audit
from plugins.documents import actions, folders, store, tree
from plugins.documents.forms import (
    Confirm,
    EditedFolder,
    EditedTopFolder,
    Move,
    NewFolder,
    NewTopFolder,
)
from plugins.documents.values import DEEPEST, Access
from tests.plugins.documents.making import a_document, a_folder, a_top_folder, top
from tests.plugins.documents.people import put
from tests.web.browsing import elements, send

if TYPE_CHECKING:
    from crm_core.context import Context
    from plugins.documents.values import Folder
    from tests.plugins.documents.people import Practice


def names(ctx: Context, practice: Practice) -> list[str]:
    known = tree.tree_of(ctx, practice.account.id)
    return [str(one.name) for one in known.within(None)]


def folder(ctx: Context, practice: Practice, public_id: str) -> Folder:
    return tree.tree_of(ctx, practice.account.id).folder(public_id)


def test_an_account_begins_with_a_folder_of_each_kind(practice: Practice) -> None:
    """DOC-1: they stand there before anybody made them, and exist with the first document."""
    with practice.as_employee() as ctx:
        promised = tree.tree_of(ctx, practice.account.id).folders
        assert [one.access for one in promised] == list(Access)
        assert {one.id for one in promised} == {0}
        a_document(ctx, practice.account)
        made = tree.tree_of(ctx, practice.account.id).folders
        assert [one.access for one in made] == list(Access)
        assert 0 not in {one.id for one in made}
    with practice.as_client() as ctx:
        assert names(ctx, practice) == ["From the client", "For the client"]


def test_clients_may_do_what_the_top_folder_says(practice: Practice) -> None:
    """DOC-1: they change in the first kind, read in the second, and know nothing of the third."""
    places = {access: practice.top(access) for access in Access}
    browser = practice.browser_for("anna@client.example")
    answers = {
        access: put(browser, f"{practice.portal}/folders/{place}/upload").status_code
        for access, place in places.items()
        if access is Access.EDITS
    }
    assert answers == {Access.EDITS: 303}
    read = browser.get(f"{practice.portal}/folders/{places[Access.SEES]}")
    assert read.status_code == 200
    assert "Upload" not in read.text
    assert browser.get(f"{practice.portal}/folders/{places[Access.SEES]}/upload").status_code == 403
    private = f"{practice.portal}/folders/{places[Access.PRIVATE]}"
    never = f"{practice.portal}/folders/{'0' * 32}"
    for path in (private, f"{private}/upload", f"{private}/new", never):
        assert browser.get(path).status_code == 404


def test_what_lies_in_a_private_folder_is_not_there_for_clients(practice: Practice) -> None:
    """DOC-1: neither the document nor its download, whoever has its address."""
    public_id = practice.shared(Access.PRIVATE, "Working papers.pdf")
    browser = practice.browser_for("anna@client.example")
    for path in ("", "/download", "/rename", "/move", "/delete"):
        assert browser.get(f"{practice.portal}/{public_id}{path}").status_code == 404
    for page in (practice.portal, f"/p/acme/{practice.account.public_id}"):
        assert "Working papers" not in browser.get(page).text


def test_folders_below_inherit_from_the_top(practice: Practice) -> None:
    """DOC-1: whoever sees the top folder sees what is below it, and changes with it."""
    with practice.as_owner() as ctx:
        above = a_top_folder(ctx, practice.account, Access.PRIVATE)
        parent = folder(ctx, practice, above)
        below = folders.make_folder(ctx, practice.account, parent, NewFolder(name="2025"))
        assert folder(ctx, practice, below).access is Access.PRIVATE
        wanted = EditedTopFolder(name="Shared", access=Access.SEES, sure=True, version=1)
        folders.change_top_folder(ctx, practice.account, folder(ctx, practice, above), wanted)
        assert folder(ctx, practice, below).access is Access.SEES
    with practice.as_client() as ctx:
        assert folder(ctx, practice, below).access is Access.SEES


def test_an_account_keeps_a_folder_to_send_documents_to(practice: Practice) -> None:
    """DOC-1: the last one that clients may change is neither closed nor deleted."""
    place = practice.top(Access.EDITS)
    with practice.as_owner() as ctx:
        found = folder(ctx, practice, place)
        closed = EditedTopFolder(name="Closed", access=Access.SEES, sure=True, version=1)
        for refused in (
            lambda: folders.change_top_folder(ctx, practice.account, found, closed),
            lambda: folders.delete_folder(ctx, practice.account, found, Confirm(version=1)),
        ):
            with pytest.raises(Refused, match="at least one folder"):
                refused()
        a_top_folder(ctx, practice.account, Access.EDITS)
        folders.change_top_folder(ctx, practice.account, found, closed)


def test_only_who_manages_documents_changes_top_folders(practice: Practice) -> None:
    place = practice.top(Access.PRIVATE)
    with practice.as_employee() as ctx:
        wanted = NewTopFolder(name="Mine", access=Access.PRIVATE)
        with pytest.raises(NotAllowed):
            folders.make_top_folder(ctx, practice.account, wanted)
        with pytest.raises(NotAllowed):
            found = folder(ctx, practice, place)
            folders.delete_folder(ctx, practice.account, found, Confirm(version=1))


def test_whoever_opens_a_folder_to_clients_is_told_first(practice: Practice) -> None:
    """DOC-2: a change of who sees it is refused until it is said to be meant."""
    with practice.as_owner() as ctx:
        place = a_top_folder(ctx, practice.account, Access.PRIVATE)
        found = folder(ctx, practice, place)
        wanted = EditedTopFolder(name="Open", access=Access.EDITS, version=1)
        with pytest.raises(Refused, match="Clients will then see it") as told:
            folders.change_top_folder(ctx, practice.account, found, wanted)
        assert told.value.at == "sure"
        assert folder(ctx, practice, place).access is Access.PRIVATE


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (Access.PRIVATE, Access.SEES, "Clients will then see it"),
        (Access.SEES, Access.PRIVATE, "no longer see it"),
        (Access.SEES, Access.EDITS, "be able to change and delete it"),
        (Access.EDITS, Access.SEES, "only be able to read it"),
    ],
)
def test_whoever_moves_a_document_is_told_who_will_see_it(
    practice: Practice, before: Access, after: Access, sentence: str
) -> None:
    """DOC-2: before it is moved; the history says it afterwards."""
    public_id = practice.shared(before)
    target = practice.top(after)
    with practice.as_owner() as ctx:
        found = store.document_of(ctx, practice.account.id, public_id)
        with pytest.raises(Refused, match=sentence):
            actions.move(ctx, practice.account, found, Move(folder=target, version=1))
    with practice.as_owner() as ctx:
        wanted = Move(folder=target, sure=True, version=1)
        actions.move(ctx, practice.account, found, wanted)
    with practice.as_owner() as ctx:
        moved = store.document_of(ctx, practice.account.id, public_id)
        assert moved.access is after
        entry = audit.history(ctx, about=public_id).entries[0]
        assert (entry.before["access"], entry.after["access"]) == (before, after)
        with pytest.raises(Stale):
            actions.move(ctx, practice.account, found, wanted)


def test_a_client_moves_within_what_it_may_change(practice: Practice) -> None:
    """DOC-1: not into a folder that it only reads, nor into one that it does not see."""
    public_id = practice.sent()
    targets = {access: practice.top(access) for access in (Access.SEES, Access.PRIVATE)}
    with practice.as_owner() as ctx:
        inner = a_folder(ctx, practice.account)
    with practice.as_client() as ctx:
        found = store.document_of(ctx, practice.account.id, public_id)
        for access, refusal in ((Access.SEES, NotAllowed), (Access.PRIVATE, NotFound)):
            wanted = Move(folder=targets[access], sure=True, version=1)
            with pytest.raises(refusal):
                actions.move(ctx, practice.account, found, wanted)
        actions.move(ctx, practice.account, found, Move(folder=inner, version=1))


def test_a_folder_is_deleted_only_empty(practice: Practice) -> None:
    with practice.as_owner() as ctx:
        inner = a_folder(ctx, practice.account)
        outer = tree.tree_of(ctx, practice.account.id).path(folder(ctx, practice, inner))[-2]
        with pytest.raises(Refused, match="not empty"):
            folders.delete_folder(ctx, practice.account, outer, Confirm(version=1))
        for one in (folder(ctx, practice, inner), outer):
            folders.delete_folder(ctx, practice.account, one, Confirm(version=1))


def test_what_lies_in_the_trash_outlives_its_folder(practice: Practice) -> None:
    """DOC-6: it comes back into the folder above, which is seen by the same people."""
    with practice.as_owner() as ctx:
        inner = folder(ctx, practice, a_folder(ctx, practice.account))
        public_id = a_document(ctx, practice.account)
        found = store.document_of(ctx, practice.account.id, public_id)
        wanted = Move(folder=inner.public_id, version=1)
        actions.move(ctx, practice.account, found, wanted)
        found = store.document_of(ctx, practice.account.id, public_id)
        actions.trash(ctx, found, Confirm(version=2))
        folders.delete_folder(ctx, practice.account, inner, Confirm(version=1))
        found = store.document_of(ctx, practice.account.id, public_id)
        actions.restore(ctx, practice.account, found)
        found = store.document_of(ctx, practice.account.id, public_id)
        assert (found.trashed, found.folder_id) == (None, inner.parent_id)


def test_two_folders_in_one_place_have_two_names(practice: Practice) -> None:
    with practice.as_owner() as ctx:
        place = folder(ctx, practice, top(ctx, practice.account))
        folders.make_folder(ctx, practice.account, place, NewFolder(name="Salaris 2025"))
        with pytest.raises(Refused, match="already") as told:
            folders.make_folder(ctx, practice.account, place, NewFolder(name=" SALARIS 2025 "))
        assert told.value.at == "name"
        other = folders.make_folder(ctx, practice.account, place, NewFolder(name="2026"))
        found = folder(ctx, practice, other)
        taken = EditedFolder(name="salaris 2025", version=1)
        with pytest.raises(Refused, match="already"):
            folders.rename_folder(ctx, practice.account, found, taken)
        same = EditedFolder(name="2026", version=1)
        folders.rename_folder(ctx, practice.account, found, same)
        with pytest.raises(Stale):
            folders.rename_folder(ctx, practice.account, found, same)


def test_folders_are_not_endlessly_deep(practice: Practice) -> None:
    with practice.as_owner() as ctx:
        place = top(ctx, practice.account)
        for depth in range(DEEPEST - 1):
            parent = folder(ctx, practice, place)
            wanted = NewFolder(name=str(depth))
            place = folders.make_folder(ctx, practice.account, parent, wanted)
        with pytest.raises(Refused, match="deep"):
            parent = folder(ctx, practice, place)
            folders.make_folder(ctx, practice.account, parent, NewFolder(name="too deep"))


def test_the_page_leads_from_folder_to_folder_and_back(practice: Practice) -> None:
    with practice.as_owner() as ctx:
        inner = folder(ctx, practice, a_folder(ctx, practice.account))
    page = practice.owner.get(f"{practice.tab}/folders/{inner.public_id}").text
    (trail,) = elements(page, "nav", **{"class": "breadcrumbs"})
    links = [one for one in elements(page, "a") if one.inside(trail)]
    assert [one.text for one in links][:2] == ["Documents", "From the client"]
    assert all(practice.owner.get(one.get("href")).status_code == 200 for one in links)
    assert "This folder is empty." in page


def move(
    ctx: Context, practice: Practice, public_id: str, into: str, *, sure: bool = False
) -> None:
    found = folder(ctx, practice, public_id)
    wanted = Move(folder=into, sure=sure, version=found.version)
    folders.move_folder(ctx, practice.account, found, wanted)


def test_a_folder_moves_with_all_that_is_in_it(practice: Practice) -> None:
    """DOC-1, DOC-2: the mover is told before who will see it, the history after."""
    with practice.as_owner() as ctx:
        outer, other = a_folder(ctx, practice.account), top(ctx, practice.account, Access.PRIVATE)
        parent = folder(ctx, practice, outer)
        inner = folders.make_folder(ctx, practice.account, parent, NewFolder(name="Inner"))
        with pytest.raises(Refused, match="no longer see it") as refused:
            move(ctx, practice, outer, other)
        assert refused.value.at == "sure"
        move(ctx, practice, outer, other, sure=True)
        known = tree.tree_of(ctx, practice.account.id)
        path = [str(one.name) for one in known.path(known.folder(inner))]
        assert path == ["Internal", str(parent.name), "Inner"]
        assert {one.access for one in known.path(known.folder(inner))} == {Access.PRIVATE}
    with practice.as_owner() as ctx:
        told = audit.history(ctx, account_id=practice.account.id).entries[0]
        assert told.event == "documents.folder_moved"
        assert told.after == {"folder": f"Internal / {parent.name}", "access": "private"}
    with practice.as_client() as ctx, pytest.raises(NotFound):
        folder(ctx, practice, inner)


def test_a_folder_does_not_move_where_it_cannot_lie(practice: Practice) -> None:
    """DOC-1: not into itself, not beside one of its name, not too deep, not as it no longer is."""
    with practice.as_owner() as ctx:
        outer = a_folder(ctx, practice.account)
        parent = folder(ctx, practice, outer)
        made = [
            folders.make_folder(ctx, practice.account, parent, NewFolder(name=name))
            for name in ("Inner", "Beside")
        ]
        beside = folder(ctx, practice, made[1])
        folders.make_folder(ctx, practice.account, beside, NewFolder(name="inner"))
        for into, said in ((made[0], "in itself"), (made[1], "this name already")):
            with pytest.raises(Refused, match=said):
                move(ctx, practice, made[0], into)
        with pytest.raises(Refused, match="in itself"):
            move(ctx, practice, outer, made[0])
        deep = a_folder(ctx, practice.account)
        for _depth in range(DEEPEST - 3):
            place = folder(ctx, practice, deep)
            deep = folders.make_folder(ctx, practice.account, place, NewFolder(name="Deeper"))
        with pytest.raises(Refused, match="deep"):
            move(ctx, practice, outer, deep)
        found = folder(ctx, practice, made[0])
        stale = Move(folder=top(ctx, practice.account), version=found.version + 1)
        with pytest.raises(Stale):
            folders.move_folder(ctx, practice.account, found, stale)


def test_clients_move_folders_among_their_own_and_none_with_a_sealed_document(
    practice: Practice,
) -> None:
    """DOC-1, DOC-5: what is sealed stays where it is."""
    with practice.as_owner() as ctx:
        first, second = a_folder(ctx, practice.account), a_folder(ctx, practice.account)
        read_only = a_folder(ctx, practice.account, Access.SEES)
    with practice.as_client() as ctx:
        with pytest.raises(NotAllowed):
            move(ctx, practice, first, read_only, sure=True)
        with pytest.raises(NotAllowed):
            move(ctx, practice, read_only, first, sure=True)
        move(ctx, practice, first, second)
    browser = practice.browser_for("anna@client.example")
    put(browser, f"{practice.portal}/folders/{first}/upload", ("a.pdf", b"%PDF-1.7 x"))
    with practice.as_owner() as ctx:
        (document,) = store.all_in(ctx, [folder(ctx, practice, first)], 5)
        actions.seal(ctx, document, sealed=True)
    with practice.as_client() as ctx, pytest.raises(Refused, match="no longer be moved"):
        move(ctx, practice, first, top(ctx, practice.account))


def test_a_folder_is_moved_in_the_browser(practice: Practice) -> None:
    """DOC-2: the places that are offered are those where it can lie."""
    with practice.as_owner() as ctx:
        moved, into = a_folder(ctx, practice.account), a_folder(ctx, practice.account)
    path = f"{practice.tab}/folders/{moved}/move"
    page = practice.owner.get(path).text
    offered = [one.get("value") for one in elements(page, "input", name="folder")]
    assert into in offered
    assert moved not in offered
    answer = send(practice.owner, path, folder=into)
    assert "The folder is moved." in practice.owner.get(answer.headers["Location"]).text
    with practice.as_owner() as ctx:
        assert folder(ctx, practice, moved).parent_id == folder(ctx, practice, into).id
