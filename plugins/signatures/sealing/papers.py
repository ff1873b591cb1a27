"""A PDF that is opened to be signed: refused where it cannot be, drawn on, written.

Runs apart, with pyHanko. What is new is put after the file's own bytes, which stay as they are.
"""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING, Any

from attrs import Factory, define

from plugins.signatures.sealing.attempts import attempted
from plugins.signatures.sealing.contents import Drawing, draw_on
from plugins.signatures.sealing.fitness import LARGEST, MOST_PAGES
from plugins.signatures.sealing.flattening import flatten
from plugins.signatures.sealing.places import DEEPEST, Place, entry, inherited, items, value
from plugins.signatures.sealing.values import Misplaced, Unfit, Why

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from plugins.signatures.sealing.flattening import Typed
    from plugins.signatures.sealing.values import AuditPage, Mark

_NAME = "/FormXob."
"""What reportlab puts before the name of a form."""


@define
class Paper:
    """An open PDF, its pages and where they lie; what its form looked like, by page."""

    writer: Any
    pages: list[Any]
    places: list[Place]
    drawings: list[list[Drawing]] = Factory(list)
    typed: list[list[Typed]] = Factory(list)

    @classmethod
    def opened(cls, path: Path) -> Paper:
        """The PDF at this path; raises `Unfit`, and anything else for one that is broken."""
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

        logging.disable(logging.CRITICAL)  # what it would say about the file nobody reads
        if path.stat().st_size > LARGEST:
            raise Unfit(Why.TOO_LARGE)
        reader = _read(path.read_bytes())
        pages = list(_pages_of(reader.root))
        if not pages:
            raise Unfit(Why.NO_PAGES)
        _refuse(reader.root, pages)
        writer = IncrementalPdfFileWriter.from_reader(reader)
        return cls(writer, pages, [Place.of(page) for page in pages])

    def flattened(self) -> None:
        """Takes its form away; `stamp` draws what that looked like."""
        found = flatten(self.writer, self.pages)
        self.drawings = [drawings for drawings, _typed in found]
        self.typed = [typed for _drawings, typed in found]

    def stamp(self, marks: Sequence[Mark], audit: AuditPage) -> None:
        """Draws the form that it had, then the marks, and appends the audit pages."""
        from pyhanko.pdf_utils.reader import PdfFileReader

        by_page: dict[int, list[Mark | Typed]] = {
            number: list(typed) for number, typed in enumerate(self.typed) if typed
        }
        for mark in marks:
            if mark.box.page > len(self.pages):
                raise Misplaced(f"page {mark.box.page} of {len(self.pages)}")
            by_page.setdefault(mark.box.page - 1, []).append(mark)
        laid, sheets = _laid({n: (self.places[n], by_page[n]) for n in sorted(by_page)}, audit)
        page = next(_pages_of(PdfFileReader(laid).root))
        forms = self.writer.import_object(entry(entry(page, "/Resources"), "/XObject"))
        for number in by_page:
            form = forms.raw_get(f"{_NAME}{number}")
            self.drawings[number].append(Drawing(form, self.places[number].matrix))
        for page, drawings in zip(self.pages, self.drawings, strict=True):
            draw_on(self.writer, page, drawings)
        for sheet in sheets:
            self._append(forms.raw_get(f"{_NAME}{sheet}"))

    def written(self) -> bytes:
        """The PDF as it has become."""
        into = io.BytesIO()
        self.writer.write(into)
        return into.getvalue()

    def _append(self, form: Any) -> None:
        """Adds a page, which inherits nothing from those before it."""
        from pyhanko.pdf_utils.generic import (
            DictionaryObject,
            NumberObject,
            StreamObject,
            pdf_name,
        )
        from pyhanko.pdf_utils.writer import PageObject

        from plugins.signatures.sealing.audit_sheets import HEIGHT, WIDTH

        drawn = self.writer.add_object(StreamObject(stream_data=b"/Sheet Do\n"))
        named = DictionaryObject({pdf_name("/Sheet"): form})
        page = PageObject(
            contents=drawn,
            media_box=(0, 0, WIDTH, HEIGHT),
            resources=DictionaryObject({pdf_name("/XObject"): named}),
        )
        page[pdf_name("/CropBox")] = page["/MediaBox"]
        page[pdf_name("/Rotate")] = NumberObject(0)
        self.writer.insert_page(page)


def _laid(
    laid: dict[int, tuple[Place, list[Mark | Typed]]], audit: AuditPage
) -> tuple[io.BytesIO, list[str]]:
    """A PDF whose one page draws all that is new, each part of it a form; the audit's names."""
    from reportlab.pdfgen.canvas import Canvas

    from plugins.signatures.sealing.audit_sheets import draw_audit
    from plugins.signatures.sealing.lettering import prepare
    from plugins.signatures.sealing.overlays import draw_marks

    prepare()
    into = io.BytesIO()
    canvas = Canvas(into, invariant=1, pageCompression=1)
    for number, (place, marks) in laid.items():
        draw_marks(canvas, str(number), place, marks)
    sheets = draw_audit(canvas, audit)
    for name in (*map(str, laid), *sheets):
        canvas.doForm(name)
    canvas.save()
    into.seek(0)
    return into, sheets


def _read(content: bytes) -> Any:
    """The PDF, read strictly, so that whoever looks at it later reads the same in it."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    def strictly() -> Any:
        reader = PdfFileReader(io.BytesIO(content), strict=True)
        return None if reader.xrefs.hybrid_xrefs_present else reader

    reader = attempted(strictly)
    if reader is None:
        from plugins.signatures.sealing.repairing import repaired

        reader = PdfFileReader(io.BytesIO(repaired(content)), strict=True)
    if reader.encrypt_dict is not None or "/Encrypt" in reader.trailer:
        raise Unfit(Why.ENCRYPTED)
    return reader


def _pages_of(root: Any) -> Iterator[Any]:
    """The pages in their order, however deep; each place in the tree is visited once."""
    seen: set[int] = set()
    waiting = [(entry(root, "/Pages"), 0)]
    count = 0
    while waiting:
        node, depth = waiting.pop()
        if not isinstance(node, dict) or id(node) in seen or depth > DEEPEST:
            continue
        seen.add(id(node))
        kids = entry(node, "/Kids")
        if isinstance(kids, list):
            waiting += [(value(kid), depth + 1) for kid in reversed(items(kids))]
            continue
        count += 1
        if count > MOST_PAGES:
            raise Unfit(Why.TOO_LARGE)
        yield node


def _refuse(root: Any, pages: list[Any]) -> None:
    """Raises where a PDF must not be drawn on."""
    form = entry(root, "/AcroForm")
    if entry(form, "/XFA") is not None:
        raise Unfit(Why.XFA)
    if entry(entry(root, "/Perms"), "/DocMDP") is not None:
        raise Unfit(Why.SIGNED)
    widgets = [value(one) for page in pages for one in items(entry(page, "/Annots"))]
    for field in (*_all(entry(form, "/Fields")), *widgets):
        if inherited(field, "/FT") == "/Sig" and inherited(field, "/V") is not None:
            raise Unfit(Why.SIGNED)


def _all(fields: Any) -> Iterator[Any]:
    """The fields of a form, and those that belong to them; each once, however they are tangled."""
    seen: set[int] = set()
    waiting = [value(one) for one in items(fields)]
    while waiting:
        field = waiting.pop()
        if isinstance(field, dict) and id(field) not in seen:
            seen.add(id(field))
            yield field
            waiting += [value(one) for one in items(entry(field, "/Kids"))]
