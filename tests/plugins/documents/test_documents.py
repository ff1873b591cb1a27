"""Documents: new, versions, sealed, deleted and back, downloaded, and their history."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from crm_core import NotAllowed, Refused, Stale, audit
from crm_core.account_changes import archive_account, delete_account
from crm_core.accounts import account_of
from crm_core.files import file_of, sweep, used
from crm_core.refusals import Unavailable
from crm_core.store.blobs import FolderOfFiles
from plugins.documents import actions, cards, store
from plugins.documents.forms import Confirm, Rename
from plugins.documents.values import Access
from tests.plugins.documents.making import PDF, a_document, a_folder
from tests.plugins.documents.people import ANNA, BEN, EMIL, put
from tests.web.browsing import elements, press, send
from tests.web.test_languages import give_language

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.plugins.documents.people import Practice


def is_new(practice: Practice, public_id: str) -> dict[str, bool]:
    """Whether it is new for owner, employee and both clients."""
    asking = {
        "owner": practice.as_owner,
        "employee": practice.as_employee,
        ANNA: practice.as_client,
        BEN: lambda: practice.as_client(BEN),
    }
    return {who: practice.seen(public_id, ask).new for who, ask in asking.items()}


def test_what_a_client_sent_is_new_until_somebody_of_the_team_looks(practice: Practice) -> None:
    """DOC-3: in Pro a colleague's look clears it for all; it is never new for who sent it."""
    public_id = practice.sent()
    assert is_new(practice, public_id) == {"owner": True, "employee": True, ANNA: False, BEN: False}
    practice.browser_for(EMIL).get(f"{practice.tab}/{public_id}")
    assert set(is_new(practice, public_id).values()) == {False}


def test_in_lite_only_ones_own_look_clears_it(practice: Practice) -> None:
    """DOC-3: by the edition's setting."""
    practice.use_edition(colleague_clears_new=False)
    public_id = practice.sent()
    practice.browser_for(EMIL).get(f"{practice.tab}/{public_id}/download")
    seen = is_new(practice, public_id)
    assert (seen["owner"], seen["employee"]) == (True, False)
    practice.owner.get(f"{practice.tab}/{public_id}")
    assert not is_new(practice, public_id)["owner"]


def test_what_the_firm_shared_is_new_for_each_client_by_itself(practice: Practice) -> None:
    """DOC-3: the client has a NEW of its own."""
    public_id = practice.shared()
    assert is_new(practice, public_id) == {"owner": False, "employee": False, ANNA: True, BEN: True}
    practice.browser_for(ANNA).get(f"{practice.portal}/{public_id}/download")
    assert is_new(practice, public_id)[ANNA] is False
    assert is_new(practice, public_id)[BEN] is True


def test_asking_for_the_head_or_fetching_ahead_clears_nothing(practice: Practice) -> None:
    """DOC-3: nobody has seen it then, and the history tells of nothing."""
    public_id = practice.sent()
    path = f"{practice.tab}/{public_id}/download"
    practice.owner.head(path)
    practice.owner.get(path, headers={"Sec-Purpose": "prefetch"})
    assert is_new(practice, public_id)["owner"]
    with practice.as_owner() as ctx:
        entries = audit.history(ctx, about=public_id).entries
    assert [entry.event for entry in entries] == ["documents.uploaded"]


def test_staff_who_look_as_a_client_clear_nothing(practice: Practice) -> None:
    public_id = practice.shared()
    info = practice.owner.get(f"/f/acme/accounts/{practice.account.public_id}/info").text
    (action,) = [
        one.get("action") for one in elements(info, "form") if "look" in one.get("action")
    ][:1]
    seen = press(practice.owner, f"/f/acme/accounts/{practice.account.public_id}/info", action)
    root = seen.headers["Location"].rstrip("/")
    assert practice.owner.get(f"{root}/documents/{public_id}").status_code == 200
    assert is_new(practice, public_id)[ANNA]


def test_folders_and_lists_say_where_something_is_new(practice: Practice) -> None:
    """DOC-3: on folders, how many; below, which."""
    practice.sent("New one.pdf")
    page = practice.owner.get(practice.tab).text
    assert "1 new" in page
    folder = practice.top(Access.EDITS)
    tags = elements(practice.owner.get(f"{practice.tab}/folders/{folder}").text, "span")
    assert [one.text for one in tags if one.get("class") == "tag new"] == ["New"]


def test_the_same_name_becomes_a_new_version(practice: Practice) -> None:
    """DOC-6: the old one stays readable, the new one is new again."""
    folder = practice.top(Access.EDITS)
    path = f"{practice.portal}/folders/{folder}/upload"
    anna = practice.browser_for(ANNA)
    assert put(anna, path, ("return.txt", b"first")).status_code == 303
    with practice.as_owner() as ctx:
        (found,) = store.latest_documents(ctx, practice.account.id, 5)
    practice.owner.get(f"{practice.tab}/{found.public_id}")
    assert put(anna, path, ("Return.TXT", b"second")).status_code == 303
    now = practice.seen(found.public_id, practice.as_owner)
    assert (now.number, now.new, now.name) == (2, True, "return.txt")
    download = f"{practice.tab}/{found.public_id}/download"
    assert practice.owner.get(download).data == b"second"
    assert practice.owner.get(f"{download}?number=1").data == b"first"
    for wrong in ("0", "3", "x", "-1", "9" * 30):
        assert practice.owner.get(f"{download}?number={wrong}").status_code == 404


def test_the_history_names_the_first_folders_as_its_reader_does(practice: Practice) -> None:
    """DOC-9: in the reader's language."""
    practice.sent()
    give_language(practice.store, practice.firm, "nl")
    page = practice.owner.get(f"{practice.tab.removesuffix('/documents')}/info/history").text
    assert "Van de klant" in page
    assert "From the client" not in page


def test_the_same_name_may_stand_beside_the_other(practice: Practice) -> None:
    """DOC-6: whoever uploads chooses."""
    path = f"{practice.tab}/folders/{practice.top(Access.SEES)}/upload"
    for _time in range(3):
        answer = put(practice.owner, path, ("a.b.pdf", PDF), same_name="beside")
        assert answer.status_code == 303
    assert put(practice.owner, path, ("noend", PDF), ("noend", PDF), same_name="beside")
    with practice.as_owner() as ctx:
        names = {one.name for one in store.latest_documents(ctx, practice.account.id, 9)}
    assert names == {"a.b.pdf", "a.b (2).pdf", "a.b (3).pdf", "noend", "noend (2)"}


def test_a_sealed_document_can_no_longer_be_changed_by_the_client(practice: Practice) -> None:
    """DOC-5: neither renamed, moved, deleted, nor replaced by a new version."""
    public_id = practice.sent("scan.pdf")
    press(practice.owner, f"{practice.tab}/{public_id}", f"{practice.tab}/{public_id}/seal")
    anna = practice.browser_for(ANNA)
    page = anna.get(f"{practice.portal}/{public_id}").text
    assert "This document is sealed" in page
    assert "Rename" not in page
    for what in ("rename", "move", "delete"):
        assert anna.get(f"{practice.portal}/{public_id}/{what}").status_code == 403
    answer = put(anna, f"{practice.portal}/folders/{practice.top(Access.EDITS)}/upload")
    assert answer.status_code == 403
    found = practice.seen(public_id, practice.as_client)
    with practice.as_client() as ctx:
        for refused in (
            lambda: actions.rename(ctx, found, Rename(name="x", version=2)),
            lambda: actions.trash(ctx, found, Confirm(version=2)),
        ):
            with pytest.raises(NotAllowed, match="sealed"):
                refused()
    press(practice.owner, f"{practice.tab}/{public_id}", f"{practice.tab}/{public_id}/unseal")
    assert anna.get(f"{practice.portal}/{public_id}/rename").status_code == 200


def test_what_is_deleted_can_be_brought_back(practice: Practice) -> None:
    """DOC-6: from the trash, under a free name; clients no longer find it meanwhile."""
    public_id = practice.sent("scan.pdf")
    anna = practice.browser_for(ANNA)
    assert send(anna, f"{practice.portal}/{public_id}/delete").status_code == 303
    assert anna.get(f"{practice.portal}/{public_id}").status_code == 404
    assert "scan.pdf" in practice.owner.get(f"{practice.tab}/trash").text
    assert practice.owner.get(f"{practice.tab}/{public_id}/download").data == PDF
    other = practice.sent("scan.pdf")
    assert other != public_id
    press(practice.owner, f"{practice.tab}/trash", f"{practice.tab}/{public_id}/restore")
    assert practice.seen(public_id, practice.as_client).name == "scan (2).pdf"
    with practice.as_owner() as ctx:
        told = [entry.event for entry in audit.history(ctx, about=public_id).entries]
    assert told == [
        "documents.restored",
        "documents.downloaded",
        "documents.trashed",
        "documents.uploaded",
    ]


def test_the_trash_is_emptied_when_its_days_are_over(practice: Practice) -> None:
    """DOC-6: after 120 days, or as many as the edition says; rows and bytes go."""
    public_id = practice.sent()
    found = practice.seen(public_id, practice.as_owner)
    with practice.as_owner() as ctx:
        file = file_of(ctx, found.file_id)
        actions.trash(ctx, found, Confirm(version=1))
    with practice.as_owner() as ctx:
        actions.purge_old_ones(evolve(ctx, now=ctx.now + timedelta(days=119)))
        assert used(ctx) == len(PDF)
    practice.use_edition(days_in_trash=30)
    with practice.as_owner() as ctx:
        actions.purge_old_ones(evolve(ctx, now=ctx.now + timedelta(days=31)))
    with practice.as_owner() as ctx:
        assert used(ctx) == 0
        sweep(evolve(ctx, now=ctx.now + timedelta(days=2)))
    assert isinstance(practice.store.files, FolderOfFiles)
    assert not (practice.store.files.folder / file.blob.key).exists()


def test_deleting_for_good_is_for_who_manages_documents(practice: Practice) -> None:
    public_id = practice.sent()
    found = practice.seen(public_id, practice.as_owner)
    with practice.as_employee() as ctx, pytest.raises(NotAllowed):
        actions.purge(ctx, found, Confirm(version=1))
    with practice.as_owner() as ctx:
        with pytest.raises(Refused, match="trash"):
            actions.purge(ctx, found, Confirm(version=1))
        actions.trash(ctx, found, Confirm(version=1))
    found = practice.seen(public_id, practice.as_owner)
    with practice.as_owner() as ctx, pytest.raises(Stale):
        actions.purge(ctx, found, Confirm(version=1))
    assert send(practice.owner, f"{practice.tab}/{public_id}/purge").status_code == 303
    assert practice.owner.get(f"{practice.tab}/{public_id}").status_code == 404


def test_each_file_has_a_history_of_its_own(practice: Practice) -> None:
    """DOC-9: who, when, from where; on its page for the team, and not for clients."""
    public_id, other = practice.sent("one.pdf"), practice.sent("two.pdf")
    browser = {"User-Agent": "Firefox on a train"}
    practice.owner.get(f"{practice.tab}/{public_id}/download", headers=browser)
    send(practice.owner, f"{practice.tab}/{public_id}/rename", name="renamed")
    with practice.as_owner() as ctx:
        entries = audit.history(ctx, about=public_id).entries
        assert len(audit.history(ctx, about=other).entries) == 1
        assert audit.verify(ctx).fault is None
    assert [entry.event for entry in entries] == [
        "documents.renamed",
        "documents.downloaded",
        "documents.uploaded",
    ]
    assert (entries[1].browser, entries[1].address) == ("Firefox on a train", "127.0.0.1")
    assert entries[0].after == {"name": "renamed.pdf"}
    page = practice.owner.get(f"{practice.tab}/{public_id}").text
    assert "Document downloaded" in page
    assert (
        "Document downloaded"
        not in practice.browser_for(ANNA).get(f"{practice.portal}/{public_id}").text
    )


def test_o1_the_section_shows_the_five_latest_that_the_client_sees_or_sent(
    practice: Practice,
) -> None:
    """O1: what is private is not among them, but what the client sent and the firm put away is."""
    practice.shared(Access.PRIVATE, "Private.pdf")
    for number in range(4):
        practice.shared(name=f"Shared {number}.pdf")
    practice.sent("Sent 1.pdf")
    practice.sent("Sent 2.pdf")
    with practice.as_owner() as ctx:
        items = cards.latest(ctx, practice.account).values["items"]
    assert [one.what for one in items] == [
        "Sent 2.pdf",
        "Sent 1.pdf",
        *(f"Shared {number}.pdf" for number in (3, 2, 1)),
    ]
    assert [one.state == cards.NEW for one in items] == [True, True, False, False, False]


def downloaded(browser: FlaskClient, path: str) -> tuple[str, str]:
    answer = browser.get(path)
    return answer.headers["Content-Disposition"], answer.headers["Content-Type"]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("page.html", b"<html><script>alert(1)</script>", "application/octet-stream"),
        ("image.svg", b"<svg xmlns='x'><script/></svg>", "application/octet-stream"),
        ("really.pdf", b"<!doctype html><p>", "application/octet-stream"),
        ("photo.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
    ],
)
def test_content_is_sniffed_and_only_ever_downloaded(
    practice: Practice, name: str, content: bytes, kind: str
) -> None:
    """DOC-7: what a browser might run is a download of no known type."""
    with practice.as_owner() as ctx:
        public_id = a_document(ctx, practice.account, name=name, content=content)
    answer = practice.owner.get(f"{practice.tab}/{public_id}/download")
    assert answer.data == content
    assert answer.content_type == kind
    assert answer.content_length == len(content)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "name",
    ["../../x.pdf", "a\r\nSet-Cookie: a=b.pdf", 'x"; filename=y.exe', "\u202efdp.exe", "é" * 90],
)
def test_hostile_names_come_down_harmless(practice: Practice, name: str) -> None:
    """DOC-7: no path, no header, nothing that reads backwards."""
    with practice.as_owner() as ctx:
        public_id = a_document(ctx, practice.account, name=name)
    disposition, _kind = downloaded(practice.owner, f"{practice.tab}/{public_id}/download")
    assert disposition.startswith("attachment; filename")
    assert not {"\r", "\n", "/", "\u202e"} & set(disposition)


def test_many_files_come_at_once_and_none_of_them_where_one_is_refused(
    practice: Practice,
) -> None:
    """DOC-7: all in one form, in one transaction."""
    path = f"{practice.tab}/folders/{practice.top(Access.SEES)}/upload"
    answer = put(practice.owner, path, *((f"{n}.txt", b"x") for n in range(20)))
    assert answer.status_code == 303
    with practice.as_owner() as ctx:
        assert used(ctx) == 20
    answer = put(practice.owner, path, *((f"{n}.txt", b"x") for n in range(101)))
    assert answer.status_code == 422
    assert "At most 100 files at once." in answer.text
    assert isinstance(practice.store.files, FolderOfFiles)
    assert len([p for p in practice.store.files.folder.rglob("*") if p.is_file()]) == 20
    nothing = practice.owner.post(path, data={"_once": "0" * 32})
    assert nothing.status_code in (400, 422)


def test_a_damaged_file_is_told_and_not_served(practice: Practice) -> None:
    public_id = practice.shared()
    found = practice.seen(public_id, practice.as_owner)
    with practice.as_owner() as ctx:
        file = file_of(ctx, found.file_id)
    assert isinstance(practice.store.files, FolderOfFiles)
    (practice.store.files.folder / file.blob.key).write_bytes(b"something else")
    answer = practice.owner.get(f"{practice.tab}/{public_id}/download")
    assert answer.status_code == 503
    assert "This file cannot be read" in answer.text
    with practice.as_owner() as ctx:
        told = [entry.event for entry in audit.history(ctx, about=public_id).entries]
    assert told == ["documents.uploaded"]


def test_of_two_who_rename_at_once_the_second_is_told(practice: Practice) -> None:
    public_id = practice.shared()
    path = f"{practice.tab}/{public_id}/rename"
    assert send(practice.owner, path, name="first.pdf", version="1").status_code == 303
    answer = send(practice.browser_for(EMIL), path, name="second.pdf", version="1")
    assert answer.status_code == 409
    assert practice.seen(public_id, practice.as_owner).name == "first.pdf"


def test_an_account_takes_its_documents_with_it(practice: Practice) -> None:
    """ACC-13: rows and files, and the bytes with the next sweep."""
    practice.sent()
    with practice.as_owner() as ctx:
        archive_account(ctx, practice.account)
        archived = account_of(ctx, practice.account.public_id)
        delete_account(ctx, archived, "Bakery")
        assert used(ctx) == 0
        sweep(evolve(ctx, now=ctx.now + timedelta(days=2)))
    assert isinstance(practice.store.files, FolderOfFiles)
    assert not [p for p in practice.store.files.folder.rglob("*") if p.is_file()]


def test_a_folder_comes_down_as_one_archive_with_all_that_is_below(practice: Practice) -> None:
    """DOC-7, DOC-9: names as they stand, each document's history tells it, NEW goes."""
    with practice.as_owner() as ctx:
        inner = a_folder(ctx, practice.account)
    folder = practice.top(Access.EDITS)
    anna = practice.browser_for(ANNA)
    put(anna, f"{practice.portal}/folders/{folder}/upload", ("../a.txt", b"one"), ("é.txt", b"two"))
    put(anna, f"{practice.portal}/folders/{inner}/upload", ("a.txt", b"three"))
    answer = practice.owner.get(f"{practice.tab}/folders/{folder}/archive")
    assert answer.content_type == "application/zip"
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        found = {name: archive.read(name) for name in archive.namelist()}
    assert {name.rpartition("/")[2]: content for name, content in found.items() if "/" in name} == {
        "a.txt": b"three"
    }
    assert {name: content for name, content in found.items() if "/" not in name} == {
        "a.txt": b"one",
        "é.txt": b"two",
    }
    with practice.as_owner() as ctx:
        documents = store.latest_documents(ctx, practice.account.id, 5)
        assert [one.new for one in documents] == [False] * 3
        told = [audit.history(ctx, about=one.public_id).entries[0].event for one in documents]
    assert told == ["documents.downloaded"] * 3
    private = practice.top(Access.PRIVATE)
    assert anna.get(f"{practice.portal}/folders/{private}/archive").status_code == 404
    empty = practice.owner.get(f"{practice.tab}/folders/{private}/archive")
    assert zipfile.ZipFile(BytesIO(empty.data)).namelist() == []


def test_chosen_documents_of_a_folder_come_down_as_one_archive(practice: Practice) -> None:
    """DOC-7, DOC-9: those alone, and only out of what the viewer sees there."""
    folder = practice.top(Access.SEES)
    first, _second, third = [practice.shared(name=f"{name}.pdf") for name in "abc"]
    private = practice.shared(Access.PRIVATE)
    anna = practice.browser_for(ANNA)
    page = anna.get(f"{practice.portal}/folders/{folder}").text
    assert len(elements(page, "input", name="document", type="checkbox")) == 3
    path = f"{practice.portal}/folders/{folder}/chosen"
    answer = anna.get(f"{path}?document={first}&document={third}")
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        assert archive.namelist() == ["a.pdf", "c.pdf"]
        assert archive.read("a.pdf") == PDF
    with practice.as_owner() as ctx:
        told = [audit.history(ctx, about=one).entries[0].event for one in (first, third)]
    assert told == ["documents.downloaded"] * 2
    assert anna.get(f"{path}?document={first}&document={private}").status_code == 404
    nothing = anna.get(path)
    assert nothing.status_code == 303
    assert "Choose the documents first." in anna.get(nothing.headers["Location"]).text


@pytest.mark.parametrize("broken", [RuntimeError, Unavailable])
def test_what_was_kept_stays_where_only_its_answer_breaks(
    practice: Practice, monkeypatch: pytest.MonkeyPatch, broken: type[Exception]
) -> None:
    """DOC-7: the rows are committed by then, so the bytes are not taken back."""

    def breaks(*_arguments: object) -> None:
        raise broken

    path = f"{practice.tab}/folders/{practice.top(Access.SEES)}/upload"
    with monkeypatch.context() as patched:
        patched.setattr("web.routing.lead_to", breaks)
        assert put(practice.owner, path, ("kept.txt", b"kept")).status_code in (500, 503)
    with practice.as_owner() as ctx:
        (found,) = store.latest_documents(ctx, practice.account.id, 5)
    assert practice.owner.get(f"{practice.tab}/{found.public_id}/download").data == b"kept"
