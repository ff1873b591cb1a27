"""Files to be looked at, made here."""

from __future__ import annotations

from io import BytesIO

from PIL import Image
from reportlab.lib.pagesizes import A5
from reportlab.pdfgen.canvas import Canvas


def a_pdf(*pages: str, password: str = "") -> bytes:
    """A PDF in which each page says this."""
    made = BytesIO()
    canvas = Canvas(made, pagesize=A5, encrypt=password or None)
    for text in pages:
        canvas.drawString(72, 400, text)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def a_picture(kind: str = "PNG", width: int = 60, height: int = 40, pages: int = 1) -> bytes:
    """A red picture, of several pages where it is a TIFF."""
    made = BytesIO()
    red = Image.new("RGB", (width, height), (200, 20, 20))
    more = {"save_all": True, "append_images": [red] * (pages - 1)} if pages > 1 else {}
    red.save(made, kind, **more)
    return made.getvalue()


def what_there_is() -> dict[str, bytes]:
    """Files of every kind that comes in, sound and broken."""
    return {
        "one.pdf": a_pdf("Hello"),
        "locked.pdf": a_pdf("Secret", password="four words"),
        "cut.pdf": a_pdf("Hello", "again")[:900],
        "empty.pdf": b"",
        "red.png": a_picture(),
        "red.jpg": a_picture("JPEG"),
        "red.tif": a_picture("TIFF", pages=3),
        "cut.png": a_picture()[:60],
        "letter.txt": "Dear Zoë,\n".encode(),
        "old.txt": "Café € 12\n".encode("cp1252"),
        "table.csv": b"Day;What\n1;Rent\n",
        "page.html": b"<!doctype html><script>alert(1)</script>",
        "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
        "phone.heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100),
        "any.bin": bytes(range(256)),
    }
