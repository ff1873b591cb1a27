"""Which PDFs can be signed, and how large their pages are."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from random import Random
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pytest
from PIL import Image

from plugins.signatures.sealing import fitness
from plugins.signatures.sealing.fitness import measured, page_image
from plugins.signatures.sealing.seal import sealed
from plugins.signatures.sealing.values import Misplaced, Unfit, Why
from tests.plugins.signatures.conftest import NOW
from tests.plugins.signatures.making import (
    a_pdf,
    encrypted,
    laid,
    where_dark,
    with_xfa,
    without_pages,
)

if TYPE_CHECKING:
    from pathlib import Path

    from plugins.signatures.sealing.keys import SealKey

LONGEST = 10.0


@pytest.mark.parametrize(
    "step", [pytest.param(4, id="some"), pytest.param(1, id="all", marks=pytest.mark.deep)]
)
def test_every_real_pdf_is_measured_or_refused_with_a_reason(corpora: Path, step: int) -> None:
    paths = sorted((corpora / "pdf").glob("*/*.pdf"))[::step]

    def look(path: Path) -> str:
        began = time.monotonic()
        try:
            pages = measured(path).pages
        except Unfit as unfit:
            return str(unfit.why)
        finally:
            assert time.monotonic() - began < LONGEST, path.name
        shown = pdfium.PdfDocument(path)
        sizes = [shown[number].get_size() for number in range(len(shown))]
        assert [pytest.approx(size, abs=0.01) for size in sizes] == list(pages), path.name
        return "fit"

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(look, paths))
    assert found.count("fit") >= 45 // step
    assert found.count(Why.ENCRYPTED) >= 15 // step
    assert found.count("fit") + found.count(Why.ENCRYPTED) == len(paths)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(encrypted("four words"), Why.ENCRYPTED, id="password"),
        pytest.param(encrypted(""), Why.ENCRYPTED, id="empty password"),
        pytest.param(with_xfa(), Why.XFA, id="xfa"),
        pytest.param(without_pages(), Why.NO_PAGES, id="no pages"),
        pytest.param(b"", Why.BROKEN, id="empty"),
        pytest.param(b"%PDF-1.7\n", Why.BROKEN, id="head alone"),
        pytest.param(a_pdf()[:700], Why.BROKEN, id="cut"),
        pytest.param(Random(1).randbytes(40_000), Why.BROKEN, id="random"),
        pytest.param(b"<!doctype html><p>Hello", Why.BROKEN, id="html"),
    ],
)
def test_what_cannot_be_signed_is_refused_with_its_reason(
    tmp_path: Path, content: bytes, why: Why
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    with pytest.raises(Unfit) as refused:
        measured(path)
    assert refused.value.why is why


def test_a_pdf_that_is_signed_already_is_refused(tmp_path: Path, key: SealKey) -> None:
    before, after = tmp_path / "a.pdf", tmp_path / "b.pdf"
    before.write_bytes(a_pdf())
    sealed(before, key, after, reason="", name="", at=NOW)
    with pytest.raises(Unfit) as refused:
        measured(after)
    assert refused.value.why is Why.SIGNED


def test_a_large_file_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(a_pdf())
    monkeypatch.setattr(fitness, "LARGEST", path.stat().st_size - 1)
    with pytest.raises(Unfit) as refused:
        measured(path)
    assert refused.value.why is Why.TOO_LARGE


def test_what_takes_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(a_pdf())
    monkeypatch.setattr(fitness, "SECONDS", 0.01)
    with pytest.raises(Unfit) as refused:
        measured(path)
    assert refused.value.why is Why.TOO_LONG


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (laid(0), (400, 600)),
        (laid(90), (600, 400)),
        (laid(-90), (600, 400)),
        (laid(180, crop=(50, 60, 350, 460)), (300, 400)),
        (laid(270, crop=(-50, -60, 350, 460)), (460, 350)),
        (laid(0, unit=2), (800, 1200)),
    ],
)
def test_pages_are_measured_as_they_are_shown(
    tmp_path: Path, content: bytes, size: tuple[float, float]
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    assert measured(path).pages == (size,)


def test_a_page_is_shown_as_wide_as_asked_and_never_wider_than_2000(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(a_pdf("One", "Two"))
    picture = Image.open(BytesIO(page_image(path, 2, 600)))
    assert (picture.format, picture.width) == ("WEBP", 600)
    assert where_dark(picture) is not None
    assert Image.open(BytesIO(page_image(path, 1, 90_000))).width == 2000
    for page in (0, 3):
        with pytest.raises(Misplaced):
            page_image(path, page, 600)


@pytest.mark.parametrize(
    ("content", "why"),
    [(encrypted("four words"), Why.ENCRYPTED), (b"nothing", Why.BROKEN)],
)
def test_what_cannot_be_opened_has_no_picture(tmp_path: Path, content: bytes, why: Why) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    with pytest.raises(Unfit) as refused:
        page_image(path, 1, 600)
    assert refused.value.why is why
