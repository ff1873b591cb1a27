"""Marks are where they belong, whatever the page; nothing else changes."""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from PIL import ImageChops, ImageDraw
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, StreamObject

from plugins.signatures.sealing.fitness import measured
from plugins.signatures.sealing.stamping import stamped
from plugins.signatures.sealing.values import (
    AuditPage,
    Box,
    Group,
    Kind,
    Mark,
    Misplaced,
    NoPicture,
    Unfit,
)
from tests.plugins.signatures.making import (
    AUDIT,
    a_form,
    a_pdf,
    a_picture,
    drawn,
    encrypted,
    joined,
    laid,
    turned,
    where_dark,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PIL.Image import Image

    Stamp = Callable[..., bytes]

BOX = Box(2, 0.55, 0.2, 0.3, 0.1)
NAMES = (
    "Zoë Ångström-Şahin",
    "Ελένη Παπαδοπούλου",
    "Юлія Ковальчук",
    "王小明",
    "יוסי כהן",
    "محمد علي",
    "Ann 😀👩‍👩‍👧",
    "a\u0301\u202egnp\ud800\x00\n\tb",
    "x" * 400,
    "",
)


@pytest.fixture
def stamp(tmp_path: Path) -> Stamp:
    """Stamps a PDF: `stamp(content, *marks)` are its bytes."""

    def made(content: bytes, *marks: Mark, audit: AuditPage = AUDIT) -> bytes:
        path, out = tmp_path / "a.pdf", tmp_path / "b.pdf"
        path.write_bytes(content)
        out.unlink(missing_ok=True)
        stamped(path, marks, audit, out)
        return out.read_bytes()

    return made


LAID = (
    (0, None, 1),
    (90, None, 1),
    (180, None, 1),
    (270, None, 1),
    (0, (50, 80, 350, 480), 1),
    (90, (50, 80, 350, 480), 1),
    (180, (-30, 80, 350, 480), 1),
    (270, (50, 80, 350, 480), 2.5),
)


def test_a_mark_is_in_its_box_and_upright_however_the_page_lies(stamp: Stamp) -> None:
    marks = []
    for number in range(1, len(LAID) + 1):
        marks.append(Mark(evolve(BOX, page=number), Kind.SIGNATURE, "", a_picture()))
        marks.append(Mark(Box(number, 0.1, 0.7, 0.4, 0.1), Kind.SIGNATURE, "Zoë"))
    content = joined(laid(turn, crop=crop, unit=unit) for turn, crop, unit in LAID)
    made = stamp(content, *marks)
    for number in range(1, len(LAID) + 1):
        page = drawn(made, number, 2)
        wide, tall = page.size
        # Only the upper half of the picture is drawn, and the picture stands in the box's middle.
        assert _is_within(page, BOX) == pytest.approx(BOX.y + BOX.height / 2, abs=0.006), number
        ImageDraw.Draw(page).rectangle((0, 0, wide, int(tall * 0.5)), "white")
        _is_within(page, Box(number, 0.1, 0.7, 0.4, 0.1))
        assert "Zoë" in _said(made, number)


def _is_within(page: Image, box: Box) -> float:
    """Something is drawn in the box, in that half of the page nothing beside it; where it ends."""
    wide, tall = page.size
    half = page.crop((0, 0, wide, tall // 2)) if box.y < 0.5 else page
    found = where_dark(half)
    assert found is not None
    left, top, right, bottom = found
    part = half.height / tall
    assert box.x - 0.005 <= left <= right <= box.x + box.width + 0.005
    assert box.y - 0.005 <= top * part <= bottom * part <= box.y + box.height + 0.005
    return bottom * part


def _said(made: bytes, page: int) -> str:
    import pypdfium2 as pdfium

    return str(pdfium.PdfDocument(made)[page - 1].get_textpage().get_text_bounded())


def test_the_files_own_bytes_stay_as_they_are(stamp: Stamp) -> None:
    content = a_pdf("One", "Two")
    assert stamp(content, Mark(BOX, Kind.TEXT, "x")).startswith(content)


def test_what_a_page_leaves_open_moves_no_mark(stamp: Stamp) -> None:
    untidy = (
        "",
        "3 0 0 3 90 90 cm",
        "q q 0.2 0 0 0.2 0 0 cm",
        "Q Q 5 0 0 5 9 9 cm",
        "BT 3 Tr (Q \\) Q) Tj ET % Q Q\nq 9 0 0 9 0 0 cm",
        "/q 1 0 0 1 9 9 cm <71> % (",
    )
    content = joined(a_pdf(" ", content=one) for one in untidy)
    marks = [Mark(evolve(BOX, page=nth), Kind.TEXT, "Here") for nth in range(1, len(untidy) + 1)]
    made = stamp(content, *marks)
    for number in range(2, len(untidy) + 1):
        assert where_dark(drawn(made, number)) == where_dark(drawn(made, 1)), untidy[number - 1]


def test_a_page_that_explodes_when_it_is_unpacked_harms_nobody(stamp: Stamp) -> None:
    def change(writer: PdfWriter) -> None:
        stream = StreamObject()
        stream._data = zlib.compress(bytes(600 * 2**20), 1)
        stream[NameObject("/Filter")] = NameObject("/FlateDecode")
        writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)

    content = turned(a_pdf(), change)
    assert stamp(content, Mark(evolve(BOX, page=1), Kind.TEXT, "x")).startswith(content)


def test_every_name_is_drawn_in_its_box(stamp: Stamp) -> None:
    marks, below = [], Box(1, 0.1, 0.7, 0.4, 0.1)
    for number, name in enumerate(NAMES, 1):
        marks.append(Mark(evolve(BOX, page=number), Kind.SIGNATURE, name))
        marks.append(Mark(evolve(below, page=number), Kind.TEXT, name))
    groups = tuple(Group(name, ((name, name),)) for name in NAMES)
    audit = AuditPage(NAMES[3], NAMES[4], groups, NAMES[7])
    made = stamp(joined(laid(0) for _ in NAMES), *marks, audit=audit)
    for number, name in enumerate(NAMES, 1):
        page = drawn(made, number, 3)
        if not name:
            assert where_dark(page) is None
            continue
        wide, tall = page.size
        lower = page.copy()
        ImageDraw.Draw(lower).rectangle((0, 0, wide, tall // 2), "white")
        _is_within(page, BOX)
        _is_within(lower, below)


def test_greek_and_cyrillic_and_the_euro_are_letters_and_what_is_missing_is_told(
    stamp: Stamp,
) -> None:
    audit = AuditPage("Ελένη", "Юлія", (Group("€ 12,50", (("王", "Ž"),)),), "ß")
    said = _said(stamp(a_pdf(), audit=audit), 2)
    assert all(word in said for word in ("Ελένη", "Юлія", "€ 12,50", "Ž", "ß", "�"))


def test_a_long_audit_takes_several_pages_and_nothing_overlaps(stamp: Stamp) -> None:
    rows = tuple((f"Event {nth} " + "y" * 60, "long words " * nth) for nth in range(60))
    audit = AuditPage("Title " * 30, "Lead", (Group("One", rows), Group("Two", rows)), "The end")
    made = stamp(a_pdf(), audit=audit)
    reader = PdfReader(BytesIO(made))
    assert len(reader.pages) > 5
    assert "The end" in _said(made, len(reader.pages))
    whole = "".join(_said(made, number) for number in range(2, len(reader.pages) + 1))
    assert all(re.search(rf"Event {nth}\s", whole) for nth in range(60))
    for number in range(2, len(reader.pages) + 1):
        _nothing_overlaps(made, number)
        left, top, right, bottom = where_dark(drawn(made, number)) or (0, 0, 0, 0)
        assert left > 0.08
        assert top > 0.05
        assert right < 0.92
        assert bottom < 0.98


def _nothing_overlaps(made: bytes, page: int) -> None:
    import pypdfium2 as pdfium

    text = pdfium.PdfDocument(made)[page - 1].get_textpage()
    places = [text.get_rect(number) for number in range(text.count_rects())]
    for number, (left, bottom, right, top) in enumerate(places):
        for there in places[number + 1 :]:
            wide = min(right, there[2]) - max(left, there[0])
            tall = min(top, there[3]) - max(bottom, there[1])
            assert wide < 0.5 or tall < 0.5, (page, number)


def test_the_audit_page_is_upright_where_all_others_lie_on_their_side(stamp: Stamp) -> None:
    made = stamp(laid(90))
    assert drawn(made, 2).size == (596, 842)
    assert "Audit trail" in _said(made, 2)


@pytest.mark.parametrize("anew", [False, True])
def test_a_form_stays_as_it_looks_and_cannot_be_filled_in(stamp: Stamp, anew: bool) -> None:
    content = a_form(anew)
    made = stamp(content)
    reader = PdfReader(BytesIO(made))
    assert reader.get_fields() is None
    assert "/AcroForm" not in reader.root_object
    assert not reader.pages[0].get("/Annots")
    assert "Filled in" in _said(made, 1)
    if not anew:
        assert _differ(drawn(content, 1), drawn(made, 1)) < 100


def _differ(one: Image, other: Image) -> int:
    difference = ImageChops.difference(one, other).convert("L")
    return difference.point(lambda value: 255 if value > 60 else 0).histogram()[255]


@pytest.mark.parametrize("content", [b"", b"GIF89a", a_picture()[:80]])
def test_a_picture_that_is_none_is_refused(stamp: Stamp, tmp_path: Path, content: bytes) -> None:
    mark = Mark(evolve(BOX, page=1), Kind.SIGNATURE, "", content or b"\0")
    with pytest.raises(NoPicture):
        stamp(laid(0), mark)
    assert not (tmp_path / "b.pdf").exists()


def test_a_mark_for_a_page_that_there_is_not_is_refused(stamp: Stamp) -> None:
    with pytest.raises(Misplaced):
        stamp(a_pdf(), Mark(Box(2, 0, 0, 1, 1), Kind.TEXT, "x"))


@pytest.mark.parametrize(
    "box", [(0, 0, 0, 1, 1), (1, 0.5, 0, 0.6, 1), (1, -0.1, 0, 1, 1), (1, 0, 0, 0, 1)]
)
def test_a_box_lies_on_a_page(box: tuple[int, float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="lies on no page"):
        Box(*box)


def test_what_does_not_fit_is_not_stamped(stamp: Stamp) -> None:
    with pytest.raises(Unfit):
        stamp(encrypted(""))


@pytest.mark.deep
def test_real_pdfs_look_the_same_but_for_their_marks(corpora: Path, tmp_path: Path) -> None:
    for path in sorted((corpora / "pdf").glob("*/*.pdf")):
        try:
            count = len(measured(path).pages)
        except Unfit:
            continue
        out = tmp_path / "out.pdf"
        stamped(path, [Mark(Box(1, 0.1, 0.1, 0.3, 0.08), Kind.SIGNATURE, "Zoë")], AUDIT, out)
        has_fields = "/Annots" in PdfReader(path).pages[0]
        for number in range(1, count + 1):
            before, after = drawn(path, number), drawn(out, number)
            for one in (before, after):
                wide, tall = one.size
                place = (0.1 * wide, 0.1 * tall, 0.4 * wide + 1, 0.18 * tall + 1)
                ImageDraw.Draw(one).rectangle(place, "white")
            assert has_fields or _differ(before, after) == 0, (path.name, number)
