"""A PDF that is opened to be signed: refused where it cannot be, drawn on, written anew.

Runs apart, with pypdf.
"""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING, Any

from attrs import Factory, define

from plugins.signatures.sealing.contents import Drawing, draw_on
from plugins.signatures.sealing.fitness import LARGEST, MOST_PAGES
from plugins.signatures.sealing.flattening import flatten
from plugins.signatures.sealing.places import Place, inherited
from plugins.signatures.sealing.values import Misplaced, Unfit, Why

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pypdf import PageObject, PdfReader, PdfWriter

    from plugins.signatures.sealing.flattening import Typed
    from plugins.signatures.sealing.values import AuditPage, Mark

NEWEST = "%PDF-1.7"
"""What is drawn here is no older."""


@define
class Paper:
    """An open PDF; `drawings` and `typed` are what its form was, by page."""

    writer: PdfWriter
    pages: list[PageObject]
    places: list[Place]
    drawings: list[list[Drawing]] = Factory(list)
    typed: list[list[Typed]] = Factory(list)

    @classmethod
    def opened(cls, path: Path) -> Paper:
        """The PDF at this path; raises `Unfit`, and anything else for one that is broken."""
        from pypdf import PdfReader, PdfWriter

        logging.disable(logging.CRITICAL)  # what it would say about the file nobody reads
        if path.stat().st_size > LARGEST:
            raise Unfit(Why.TOO_LARGE)
        reader = PdfReader(path)
        _refuse(reader)
        writer = PdfWriter(clone_from=reader)
        header = reader.pdf_header
        writer.pdf_header = header if NEWEST < header < "%PDF-3" else NEWEST
        pages = list(writer.pages)
        if not pages:
            raise Unfit(Why.NO_PAGES)
        if len(pages) > MOST_PAGES:
            raise Unfit(Why.TOO_LARGE)
        return cls(writer, pages, [Place.of(page) for page in pages])

    def flattened(self) -> None:
        """Takes its form away; `stamp` draws what that looked like."""
        found = flatten(self.writer, self.pages)
        self.drawings = [drawings for drawings, _typed in found]
        self.typed = [typed for _drawings, typed in found]

    def stamp(self, marks: Sequence[Mark], audit: AuditPage) -> None:
        """Draws the form that it had, then the marks, and appends the audit pages."""
        from pypdf import PdfReader

        by_page: dict[int, list[Mark | Typed]] = {
            number: list(typed) for number, typed in enumerate(self.typed) if typed
        }
        for mark in marks:
            if mark.box.page > len(self.pages):
                raise Misplaced(f"page {mark.box.page} of {len(self.pages)}")
            by_page.setdefault(mark.box.page - 1, []).append(mark)
        numbers = sorted(by_page)
        laid = PdfReader(_laid([(self.places[n], by_page[n]) for n in numbers], audit))
        for number, over in zip(numbers, laid.pages, strict=False):
            self.drawings[number].append(
                Drawing(self._form(over), self.places[number].matrix)
            )
        for page, drawings in zip(self.pages, self.drawings, strict=True):
            draw_on(self.writer, page, drawings)
        for sheet in laid.pages[len(numbers) :]:
            self._append(sheet)

    def written(self) -> bytes:
        """The PDF as it has become."""
        into = io.BytesIO()
        self.writer.write(into)
        return into.getvalue()

    def _form(self, page: PageObject) -> Any:
        """A page as something that can be drawn on another."""
        from pypdf.generic import ArrayObject, DecodedStreamObject, FloatObject, NameObject

        form = DecodedStreamObject()
        contents = page.get_contents()
        form.set_data(contents.get_data() if contents is not None else b"")
        form[NameObject("/Type")] = NameObject("/XObject")
        form[NameObject("/Subtype")] = NameObject("/Form")
        form[NameObject("/BBox")] = ArrayObject(FloatObject(one) for one in page.mediabox)
        form[NameObject("/Resources")] = page["/Resources"].clone(self.writer)  # type: ignore[attr-defined]
        return self.writer._add_object(form.flate_encode())

    def _append(self, sheet: PageObject) -> None:
        """Adds a page, which is to inherit nothing from those before it."""
        from pypdf.generic import NameObject, NumberObject

        page = self.writer.add_page(sheet)
        page[NameObject("/CropBox")] = page["/MediaBox"]
        page[NameObject("/Rotate")] = NumberObject(0)


def _laid(laid: list[tuple[Place, list[Mark | Typed]]], audit: AuditPage) -> io.BytesIO:
    """The pages that are laid on others, then the audit pages."""
    from reportlab.pdfgen.canvas import Canvas

    from plugins.signatures.sealing.audit_sheets import draw_audit
    from plugins.signatures.sealing.lettering import prepare
    from plugins.signatures.sealing.overlays import draw_page

    prepare()
    into = io.BytesIO()
    canvas = Canvas(into, invariant=1, pageCompression=1)
    for place, marks in laid:
        draw_page(canvas, place, marks)
    draw_audit(canvas, audit)
    canvas.save()
    into.seek(0)
    return into


def _refuse(reader: PdfReader) -> None:
    """Raises where a PDF must not be drawn on."""
    if reader.is_encrypted or "/Encrypt" in reader.trailer:
        raise Unfit(Why.ENCRYPTED)
    root = reader.root_object
    form = root.get("/AcroForm")
    form = form.get_object() if form is not None else None
    if isinstance(form, dict) and form.get("/XFA") is not None:
        raise Unfit(Why.XFA)
    rights = root.get("/Perms")
    rights = rights.get_object() if rights is not None else None
    if isinstance(rights, dict) and "/DocMDP" in rights:
        raise Unfit(Why.SIGNED)
    fields = form.get("/Fields") if isinstance(form, dict) else None
    widgets = (one for page in reader.pages for one in _listed(page.get("/Annots")))
    for field in (*_all(fields), *widgets):
        if inherited(field, "/FT") == "/Sig" and inherited(field, "/V") is not None:
            raise Unfit(Why.SIGNED)


def _all(fields: Any) -> Iterator[Any]:
    """The fields of a form, and those that belong to them; each once, however they are tangled."""
    seen: set[int] = set()
    waiting = list(_listed(fields))
    while waiting:
        field = waiting.pop()
        if id(field) not in seen:
            seen.add(id(field))
            yield field
            waiting += _listed(field.get("/Kids"))


def _listed(said: Any) -> Iterator[Any]:
    said = said.get_object() if said is not None else None
    for one in list.__iter__(said) if isinstance(said, list) else ():
        found = one.get_object()
        if isinstance(found, dict):
            yield found
