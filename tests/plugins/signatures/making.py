"""PDFs to be signed, made here, and looking at what became of them."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pypdfium2 as pdfium
from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from plugins.signatures.sealing.values import AuditPage, Group

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

AUDIT = AuditPage(
    title="Audit trail",
    lead="What happened to this document, and when.",
    groups=(
        Group("Document", (("Name", "Engagement letter 2025.pdf"), ("SHA-256", "ab" * 32))),
        Group("Zoë Ångström", (("E-mail", "zoe@client.example"), ("Signed", "1 June 2026"))),
    ),
    last="Sealed by Acme.",
)


def a_pdf(*pages: str, content: str = "") -> bytes:
    """A PDF in which each page says this, and draws what `content` says in PDF's own words."""
    made = BytesIO()
    canvas = Canvas(made, pagesize=A4, invariant=1)
    for text in pages or ("Hello",):
        canvas.drawString(72, 500, text)
        if content:
            canvas._code.append(content)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def turned(content: bytes, change: Callable[[PdfWriter], None]) -> bytes:
    """A PDF after a change to it."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(content)))
    change(writer)
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def laid(
    turn: int,
    media: tuple[float, ...] = (0, 0, 400, 600),
    crop: tuple[float, ...] | None = None,
    unit: float = 1,
) -> bytes:
    """A PDF of one empty page that lies so."""

    def change(writer: PdfWriter) -> None:
        for page in writer.pages:
            page[NameObject("/MediaBox")] = ArrayObject(map(FloatObject, media))
            page[NameObject("/Rotate")] = FloatObject(turn)
            if crop:
                page[NameObject("/CropBox")] = ArrayObject(map(FloatObject, crop))
            if unit != 1:
                page[NameObject("/UserUnit")] = FloatObject(unit)

    return turned(a_pdf(" "), change)


def joined(contents: Iterable[bytes]) -> bytes:
    """A PDF of the pages of several."""
    writer = PdfWriter()
    for content in contents:
        writer.append(PdfReader(BytesIO(content)))
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def a_form(need_appearances: bool = False) -> bytes:
    """A PDF with fields in which something stands."""
    made = BytesIO()
    canvas = Canvas(made, pagesize=A4, invariant=1)
    form = canvas.acroForm
    form.textfield(name="who", value="Filled in", x=72, y=600, width=200, height=24)
    form.checkbox(name="yes", checked=True, x=72, y=560, size=20)
    canvas.showPage()
    canvas.save()
    if not need_appearances:
        return made.getvalue()

    def change(writer: PdfWriter) -> None:
        writer.set_need_appearances_writer()
        for widget in writer.pages[0]["/Annots"]:
            del widget.get_object()["/AP"]

    return turned(made.getvalue(), change)


def with_xfa() -> bytes:
    """A PDF with a form of the other kind."""

    def change(writer: PdfWriter) -> None:
        form = DictionaryObject({NameObject("/XFA"): ArrayObject()})
        writer.root_object[NameObject("/AcroForm")] = form

    return turned(a_pdf(), change)


def without_pages() -> bytes:
    """A PDF that is sound and has none."""
    made = BytesIO()
    PdfWriter().write(made)
    return made.getvalue()


def encrypted(user: str, owner: str = "owner") -> bytes:
    """A PDF that opens with this password."""
    return turned(a_pdf(), lambda writer: writer.encrypt(user, owner))


def a_picture(colour: str = "#ff0000") -> bytes:
    """A drawing on nothing: a bar of this colour along its whole upper half."""
    drawn = Image.new("RGBA", (300, 100), (0, 0, 0, 0))
    ImageDraw.Draw(drawn).rectangle((0, 0, 299, 49), fill=colour)
    made = BytesIO()
    drawn.save(made, "PNG")
    return made.getvalue()


def drawn(content: bytes | Path, page: int, scale: float = 1.0) -> Image.Image:
    """A page, counted from 1, as a reader shows it."""
    document = pdfium.PdfDocument(content)
    if document.get_formtype():
        document.init_forms()
    picture: Image.Image = document[page - 1].render(scale=scale).to_pil().convert("RGB")
    return picture


def where_dark(picture: Image.Image) -> tuple[float, float, float, float] | None:
    """Left, top, right and bottom of all that is not white, in fractions of the picture."""
    marks: Any = picture.convert("L").point(lambda value: 255 if value < 245 else 0)
    found = marks.getbbox()
    if found is None:
        return None
    left, top, right, bottom = found
    wide, tall = picture.size
    return left / wide, top / tall, right / wide, bottom / tall
