"""DOC-8: what there is to look at of a document, or why there is nothing."""

from __future__ import annotations

import time
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from crm_core import Refused
from crm_core.account_changes import archive_account, delete_account
from crm_core.accounts import account_of
from crm_core.files import bytes_of, file_of, used
from crm_core.parking import outbox_of
from crm_core.words import as_typed
from crm_core.working import Worker
from plugins.documents import actions, drawing, preview_store, previews, store
from plugins.documents.forms import Confirm
from plugins.documents.values import Access, Form
from tests.plugins.documents.making import a_document
from tests.plugins.documents.papers import a_pdf, a_picture, what_there_is
from tests.plugins.documents.people import ANNA, Practice, put
from tests.web.browsing import elements

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

    from plugins.documents.values import Preview


def put_in(
    practice: Practice,
    name: str,
    content: bytes,
    access: Access = Access.EDITS,
    *,
    work: bool = True,
) -> str:
    """A document of the owner's, and its preview, unless the worker is not to come by."""
    with practice.as_owner() as ctx:
        public_id = a_document(ctx, practice.account, access, name=name, content=content)
    if work:
        Worker(store=practice.store, catalog=practice.catalog).work()
    return public_id


def preview_of(practice: Practice, public_id: str) -> Preview | None:
    with practice.as_owner() as ctx:
        found = store.document_of(ctx, practice.account.id, public_id)
        return preview_store.preview_of(ctx, found)


def images(browser: FlaskClient, page: str) -> list[tuple[str, str]]:
    """Where the pictures of a preview are, and what they say."""
    found = elements(browser.get(page).text, "img")
    return [(one.get("src"), one.get("alt")) for one in found if "/pages/" in one.get("src")]


def test_the_pages_of_a_pdf_are_seen_by_the_team_and_by_clients(practice: Practice) -> None:
    """DOC-8: one below the other, each a picture of ours."""
    public_id = put_in(practice, "two.pdf", a_pdf("One", "Two"))
    for browser, side in (
        (practice.owner, practice.tab),
        (practice.browser_for(ANNA), practice.portal),
    ):
        shown = images(browser, f"{side}/{public_id}")
        assert [alt for _src, alt in shown] == ["Page 1 of 2", "Page 2 of 2"]
        answer = browser.get(shown[1][0])
        assert (answer.status_code, answer.content_type) == (200, "image/webp")
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert Image.open(BytesIO(answer.data)).height > 600
        for wrong in ("1/3", "1/0", "2/1", "x/1", "1/1x", f"1/{'9' * 30}"):
            assert browser.get(f"{side}/{public_id}/pages/{wrong}").status_code == 404


def test_what_clients_may_not_see_they_see_no_page_of(practice: Practice) -> None:
    """DOC-1, DOC-8: a private folder, and the trash."""
    anna = practice.browser_for(ANNA)
    private = put_in(practice, "own.pdf", a_pdf("One"), Access.PRIVATE)
    shared = put_in(practice, "shared.pdf", a_pdf("One"), Access.SEES)
    assert practice.owner.get(f"{practice.tab}/{private}/pages/1/1").status_code == 200
    assert anna.get(f"{practice.portal}/{private}/pages/1/1").status_code == 404
    assert anna.get(f"{practice.portal}/{shared}/pages/1/1").status_code == 200
    with practice.as_owner() as ctx:
        found = store.document_of(ctx, practice.account.id, shared)
        actions.trash(ctx, found, Confirm(version=found.version))
    assert anna.get(f"{practice.portal}/{shared}/pages/1/1").status_code == 404


def test_until_the_worker_comes_by_the_page_says_so(practice: Practice) -> None:
    public_id = put_in(practice, "two.pdf", a_pdf("One"), work=False)
    assert "The preview is being made." in practice.owner.get(f"{practice.tab}/{public_id}").text


REASONS = {
    "locked.pdf": "This PDF is protected by a password.",
    "cut.png": "This file is damaged.",
    "empty.pdf": "This file is empty.",
    "page.html": "Files of this kind cannot be shown here.",
    "drawing.svg": "Files of this kind cannot be shown here.",
    "phone.heic": "Files of this kind cannot be shown here.",
    "any.bin": "Files of this kind cannot be shown here.",
}


@pytest.mark.parametrize("name", REASONS)
def test_where_nothing_can_be_made_the_reason_is_said(practice: Practice, name: str) -> None:
    """DOC-8: and SVG and HTML are for downloading alone."""
    public_id = put_in(practice, name, what_there_is()[name])
    page = practice.owner.get(f"{practice.tab}/{public_id}")
    assert page.status_code == 200
    assert f"No preview. {REASONS[name]}" in page.text
    assert "<script>alert" not in page.text


def test_what_takes_too_long_is_given_up(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "SECONDS", 0.01)
    found = preview_of(practice, put_in(practice, "two.pdf", a_pdf("One")))
    assert found is not None
    assert str(found.reason) == "It takes too long to draw."


def test_pages_that_were_drawn_before_the_time_was_over_are_shown(
    practice: Practice, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    slow = tmp_path / "reader.py"
    slow.write_text(
        "import sys, time\nout = sys.stdout.buffer\n"
        "put = lambda kind, text: out.write(kind + len(text).to_bytes(4, 'big') + text)\n"
        "put(b'N', b'7'); put(b'P', b'3 4\\npicture'); out.write(b'P\\0\\0\\0\\7cut')\n"
        "out.flush(); time.sleep(60)\n"
    )
    monkeypatch.setattr(drawing.reader, "__file__", str(slow))
    monkeypatch.setattr(drawing, "SECONDS", 2)
    public_id = put_in(practice, "two.pdf", a_pdf("One"))
    found = preview_of(practice, public_id)
    assert found is not None
    assert [(one.width, one.height) for one in found.pages] == [(3, 4)]
    page = practice.owner.get(f"{practice.tab}/{public_id}").text
    assert "1 of 7 pages are shown here; the download has all of them." in page


@pytest.mark.parametrize(
    "written",
    [
        "P\\0\\0\\0\\3cut",
        "N\\0\\0\\0\\1x",
        "T\\0\\0\\0\\1\\xff",
        "R\\0\\0\\0\\1x",
        "R\\0\\0\\0\\3[1]",
    ],
)
def test_a_reader_that_a_file_has_taken_over_is_not_believed(
    practice: Practice, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, written: str
) -> None:
    taken = tmp_path / "reader.py"
    taken.write_text(f"import sys\nsys.stdout.buffer.write(b'{written}')")
    monkeypatch.setattr(drawing.reader, "__file__", str(taken))
    found = preview_of(practice, put_in(practice, "two.pdf", a_pdf("One")))
    assert found is not None
    assert str(found.reason) == "This file is damaged."


def test_a_picture_is_made_smaller_and_a_scan_shows_its_pages(practice: Practice) -> None:
    large = put_in(practice, "photo.jpg", a_picture("JPEG", 3000, 2000))
    ((src, alt),) = images(practice.owner, f"{practice.tab}/{large}")
    assert alt == "photo.jpg"
    assert Image.open(BytesIO(practice.owner.get(src).data)).size == (1200, 800)
    scan = put_in(practice, "scan.tif", a_picture("TIFF", pages=3))
    shown = images(practice.owner, f"{practice.tab}/{scan}")
    assert [alt for _src, alt in shown] == [f"Page {n} of 3" for n in (1, 2, 3)]


def test_a_text_is_shown_as_it_is_written_and_nothing_in_it_runs(practice: Practice) -> None:
    """DOC-8: HTML in a text is text, and other encodings are known."""
    nasty = put_in(practice, "note.txt", b"Costs <b>12</b> & more <script>alert(1)</script>")
    page = practice.owner.get(f"{practice.tab}/{nasty}").text
    assert "Costs &lt;b&gt;12&lt;/b&gt; &amp; more" in page
    assert "<script>alert" not in page
    old = put_in(practice, "old.txt", what_there_is()["old.txt"])
    assert "Café € 12" in practice.owner.get(f"{practice.tab}/{old}").text
    long = put_in(practice, "long.txt", b"word and\n" * 40_000)
    page = practice.owner.get(f"{practice.tab}/{long}").text
    assert "The beginning is shown here; the download has all of it." in page
    assert len(page) < 300_000


def test_a_table_has_its_rows_whatever_parts_them(practice: Practice) -> None:
    rows = "".join(f"{day};Rent <i>;{day * 12},50\r\n" for day in range(1, 300))
    public_id = put_in(practice, "bank.csv", f"Day;What;Amount\r\n{rows}".encode())
    page = practice.owner.get(f"{practice.tab}/{public_id}").text
    assert [one.text for one in elements(page, "th")] == ["Day", "What", "Amount"]
    cells = [one.text for one in elements(page, "td")]
    assert (len(cells), cells[:3]) == (600, ["1", "Rent <i>", "12,50"])
    assert "The first 200 rows are shown here; the download has all of them." in page


def test_a_new_version_has_a_preview_of_its_own(practice: Practice) -> None:
    """DOC-6: the page shows that of the current one."""
    public_id = put_in(practice, "return.pdf", a_pdf("One"))
    folder = practice.top(Access.EDITS)
    path = f"{practice.tab}/folders/{folder}/upload"
    assert put(practice.owner, path, ("return.pdf", a_pdf("One", "Two"))).status_code == 303
    assert preview_of(practice, public_id) is None
    Worker(store=practice.store, catalog=practice.catalog).work()
    found = preview_of(practice, public_id)
    assert found is not None
    assert len(found.pages) == 2
    assert practice.owner.get(f"{practice.tab}/{public_id}/pages/1/1").status_code == 200


def test_it_is_made_once_however_often_it_is_asked_for(practice: Practice) -> None:
    public_id = put_in(practice, "two.pdf", a_pdf("One"))
    with practice.as_owner() as ctx:
        before = used(ctx)
        previews.ask_for_preview(ctx, practice.account.id, public_id)
    assert Worker(store=practice.store, catalog=practice.catalog).work() == 1
    with practice.as_owner() as ctx:
        assert used(ctx) == before


def test_what_was_drawn_twice_at_once_is_kept_once(practice: Practice) -> None:
    """Two workers, of which the second keeps what the first has kept by then."""
    public_id = put_in(practice, "two.pdf", a_pdf("One"), work=False)
    told = previews.Happened(event="documents.uploaded", about=public_id, after={"version": 1})
    with practice.as_owner() as ctx:
        first, second = (previews.make(ctx, told) for _ in range(2))
        previews.keep(ctx, told, first)
        previews.keep(ctx, told, second)
        assert second is not None
        before = used(ctx)
    found = preview_of(practice, public_id)
    assert found is not None
    assert len(found.pages) == 1
    assert first is not None
    assert before == len(a_pdf("One")) + first.pages[0].size


def test_what_is_deleted_for_good_takes_its_preview_along(practice: Practice) -> None:
    """DOC-6, DOC-8: with its pages, which are files."""
    public_id = put_in(practice, "two.pdf", a_pdf("One", "Two"))
    with practice.as_owner() as ctx:
        found = store.document_of(ctx, practice.account.id, public_id)
        actions.trash(ctx, found, Confirm(version=found.version))
        found = store.document_of(ctx, practice.account.id, public_id)
        actions.purge(ctx, found, Confirm(version=found.version))
        assert used(ctx) == 0


def test_it_goes_with_its_account(practice: Practice) -> None:
    put_in(practice, "two.pdf", a_pdf("One", "Two"))
    with practice.as_owner() as ctx:
        archive_account(ctx, practice.account)
        account = account_of(ctx, practice.account.public_id)
        delete_account(ctx, account, account.name)
        assert used(ctx) == 0


def test_what_was_deleted_meanwhile_needs_no_preview(practice: Practice) -> None:
    public_id = put_in(practice, "two.pdf", a_pdf("One"), work=False)
    with practice.as_owner() as ctx:
        found = store.document_of(ctx, practice.account.id, public_id)
        actions.trash(ctx, found, Confirm(version=found.version))
        found = store.document_of(ctx, practice.account.id, public_id)
        actions.purge(ctx, found, Confirm(version=found.version))
    worker = Worker(store=practice.store, catalog=practice.catalog)
    worker.work()
    with practice.as_owner() as ctx:
        assert used(ctx) == 0
        assert not outbox_of(ctx).failing


def test_where_the_firm_may_keep_no_more_files_there_is_no_preview(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(ctx: object, size: int) -> None:
        raise Refused(as_typed("Full."))

    monkeypatch.setattr(previews, "demand_room", full)
    found = preview_of(practice, put_in(practice, "two.pdf", a_pdf("One")))
    assert found is not None
    assert str(found.reason) == "There is no room for a preview among the files of your firm."


def goes_through(practice: Practice, files: dict[str, bytes]) -> dict[str, str]:
    """Puts the files in, lets the worker come, and answers what each preview shows or says."""
    with practice.as_owner() as ctx:
        put = {
            name: a_document(ctx, practice.account, name=f"{place} {name}", content=content)
            for place, (name, content) in enumerate(files.items())
        }
    begun = time.monotonic()
    worker = Worker(store=practice.store, catalog=practice.catalog)
    assert worker.work() >= len(files)
    print(f"{len(files)} files in {time.monotonic() - begun:.1f} s")
    shown = {}
    for name, public_id in put.items():
        with practice.as_owner() as ctx:
            found = store.document_of(ctx, practice.account.id, public_id)
            kept = b"".join(bytes_of(ctx.store, file_of(ctx, found.file_id)))
            assert kept == files[name], name
            preview = preview_store.preview_of(ctx, found)
        assert preview is not None, name
        assert (preview.form is Form.NONE) is (preview.reason is not None), name
        shown[name] = str(preview.reason or preview.form)
        assert practice.owner.get(f"{practice.tab}/{public_id}").status_code == 200, name
    return shown


def test_every_kind_of_file_goes_through(practice: Practice) -> None:
    """DOC-8: kept byte for byte, and shown or not with a reason."""
    shown = goes_through(practice, what_there_is())
    assert {name for name, what in shown.items() if what == "pages"} >= {
        *("one.pdf", "red.png", "red.jpg", "red.tif")
    }
    assert (shown["table.csv"], shown["letter.txt"]) == ("table", "text")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_real_file_goes_through(practice: Practice, corpora: Path) -> None:
    """DOC-8: PDFs and pictures that broke other readers."""
    paths = [*sorted((corpora / "pdf").glob("*/*")), *sorted((corpora / "images").glob("*/*"))]
    files = {path.name: path.read_bytes() for path in paths}
    shown = goes_through(practice, files)
    counts = {what: list(shown.values()).count(what) for what in sorted(set(shown.values()))}
    print(counts)
    assert counts["pages"] >= 75
    assert not {"text", "table"} & set(shown.values())
