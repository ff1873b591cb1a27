"""Previews: made by the worker, apart and with limits; what has none says why."""

from __future__ import annotations

import os
import resource
import time
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from crm_core.files import used
from crm_core.working import Worker
from plugins.documents import actions, readings, store
from plugins.documents.demo import _pdf
from plugins.documents.forms import Confirm
from plugins.documents.previews import table_of
from plugins.documents.values import Access
from tests.pictures import encoded, quarters
from tests.plugins.documents.making import a_document
from tests.plugins.documents.people import ANNA
from tests.web.browsing import elements

if TYPE_CHECKING:
    from pathlib import Path

    from plugins.documents.readings import Reading
    from tests.plugins.documents.people import Practice

LONGEST = 10
MOST_MEMORY = 512 * 1024


def work(practice: Practice) -> None:
    Worker(store=practice.store, catalog=practice.catalog).work()


def reading(practice: Practice, public_id: str) -> Reading | None:
    with practice.as_owner() as ctx:
        found = store.document_of(ctx, practice.account.id, public_id)
        return readings.reading_of(ctx, found.id, found.number)


def a_file(practice: Practice, name: str, content: bytes) -> str:
    with practice.as_owner() as ctx:
        return a_document(ctx, practice.account, Access.SEES, name=name, content=content)


def test_a_pdf_is_shown_page_by_page_to_both_sides(practice: Practice) -> None:
    """DOC-8: once the worker has come by; nobody else gets the pictures."""
    public_id = a_file(practice, "return.pdf", _pdf("Income tax return 2025.pdf"))
    page = practice.owner.get(f"{practice.tab}/{public_id}").text
    assert "The preview is being made." in page
    work(practice)
    for browser, root in (
        (practice.owner, practice.tab),
        (practice.browser_for(ANNA), practice.portal),
    ):
        page = browser.get(f"{root}/{public_id}").text
        (picture,) = [e for e in elements(page, "img") if "/pages/" in e.get("src")]
        assert picture.get("alt") == "Page 1 of 1"
        answer = browser.get(picture.get("src"))
        assert answer.content_type == "image/jpeg"
        with Image.open(BytesIO(answer.data)) as shown:
            assert shown.width == 1000
        assert browser.get(f"{root}/{public_id}/pages/2?number=1").status_code == 404
        assert browser.get(f"{root}/{public_id}/pages/x?number=1").status_code == 404
    found = reading(practice, public_id)
    assert found is not None
    assert "Income tax return 2025" in found.text


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("notes.txt", b"Call the bank <b>today</b>", "Call the bank &lt;b&gt;today"),
        ("latin.txt", "Één café, naïef, en verder gewone letters".encode("cp1252"), "café"),
        ("list.csv", b"Day;What\n1;Rent <x>\n2;Bread\n", "<td>Rent &lt;x&gt;</td>"),
    ],
)
def test_texts_and_tables_are_shown_as_what_they_are(
    practice: Practice, name: str, content: bytes, shown: str
) -> None:
    """DOC-8: nothing in them is more than text."""
    public_id = a_file(practice, name, content)
    work(practice)
    assert shown in practice.owner.get(f"{practice.tab}/{public_id}").text


def test_an_image_is_made_anew(practice: Practice) -> None:
    """DOC-8: what is shown is ours, not the file."""
    public_id = a_file(practice, "photo.png", encoded(quarters(2000, 1000)))
    work(practice)
    found = reading(practice, public_id)
    assert found is not None
    assert [(one.width, one.height) for one in found.pages] == [(1000, 500)]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("broken.pdf", b"%PDF-1.7\nnot really", "This file is damaged or not complete."),
        ("page.html", b"<html><script>x</script>", "Files of this kind are not shown here."),
        ("broken.png", encoded(quarters(40, 40))[:60], "This file is damaged or not complete."),
    ],
)
def test_what_has_no_preview_says_why(
    practice: Practice, name: str, content: bytes, reason: str
) -> None:
    """DOC-8: in a sentence, never an error page."""
    public_id = a_file(practice, name, content)
    work(practice)
    answer = practice.owner.get(f"{practice.tab}/{public_id}")
    assert answer.status_code == 200
    assert f"No preview. {reason}" in " ".join(answer.text.split())


def test_pictures_of_pages_go_with_their_document(practice: Practice) -> None:
    """DOC-8, DOC-6: when it is deleted for good nothing of it stays."""
    public_id = a_file(practice, "return.pdf", _pdf("Return.pdf"))
    work(practice)
    with practice.as_owner() as ctx:
        found = store.document_of(ctx, practice.account.id, public_id)
        actions.trash(ctx, found, Confirm(version=1))
    with practice.as_owner() as ctx:
        found = store.document_of(ctx, practice.account.id, public_id)
        actions.purge(ctx, found, Confirm(version=2))
        assert used(ctx) == 0


def test_what_was_deleted_before_the_worker_came_is_not_read(practice: Practice) -> None:
    public_id = a_file(practice, "return.pdf", _pdf("Return.pdf"))
    with practice.as_owner() as ctx:
        found = store.document_of(ctx, practice.account.id, public_id)
        actions.trash(ctx, found, Confirm(version=1))
    with practice.as_owner() as ctx:
        actions.purge(
            ctx, store.document_of(ctx, practice.account.id, public_id), Confirm(version=2)
        )
    work(practice)
    with practice.as_owner() as ctx:
        assert used(ctx) == 0


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("folder", ["pdf", "images"])
def test_real_files_are_kept_as_they_are_and_shown_or_not_with_a_reason(
    practice: Practice, corpora: Path, folder: str
) -> None:
    """DOC-8: byte for byte; never an error page, never over ten seconds or 512 MB."""
    files = [path for path in sorted((corpora / folder).rglob("*")) if path.is_file()]
    shown = 0
    for path in files:
        content = path.read_bytes()
        public_id = a_file(practice, path.name, content)
        start = time.monotonic()
        work(practice)
        assert time.monotonic() - start < LONGEST + 5, path
        found = reading(practice, public_id)
        assert found is not None, path
        assert found.reason is not None or found.pages or found.text or not content, path
        shown += found.reason is None
        assert practice.owner.get(f"{practice.tab}/{public_id}").status_code == 200, path
        assert practice.owner.get(f"{practice.tab}/{public_id}/download").data == content, path
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(f"{len(files)} files, {shown} shown, children up to {most // 1024} MB")
    assert len(files) > 20
    assert shown > len(files) // 4


def test_a_table_is_one_that_has_columns() -> None:
    assert table_of("a;b\n1;2\n") == [["a", "b"], ["1", "2"]]
    assert table_of("just a sentence") == []
    assert table_of("") == []
    assert table_of(os.urandom(200).decode("latin-1")) is not None
