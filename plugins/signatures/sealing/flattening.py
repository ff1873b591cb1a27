"""The fields of a form become part of the page: as they look, and never to be filled in again.

Runs apart, with what pypdf has read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from plugins.signatures.sealing.contents import Drawing
from plugins.signatures.sealing.places import DEEPEST, inherited, number, rectangle

if TYPE_CHECKING:
    from pypdf import PageObject, PdfWriter

    from plugins.signatures.sealing.places import Matrix, Rectangle

HIDDEN = 0b10
NO_VIEW = 0b100000
SEVERAL_LINES = 1 << 12
PASSWORD = 1 << 13
UNMOVED: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@frozen
class Typed:
    """A field that only says what stands in it: readers draw it themselves, and so do we."""

    place: Rectangle
    text: str
    size: float
    several_lines: bool
    side: int
    """0 for left, 1 for the middle, 2 for right."""


def flatten(
    writer: PdfWriter, pages: list[PageObject]
) -> list[tuple[list[Drawing], list[Typed]]]:
    """Takes the form and its fields away, and answers what of them is to be drawn on each page."""
    form = writer.root_object.get("/AcroForm")
    form = form.get_object() if form is not None else None
    anew = isinstance(form, dict) and bool(_value(form.get("/NeedAppearances")))
    default = form.get("/DA") if isinstance(form, dict) else None
    found = [_flatten_page(writer, page, anew, default) for page in pages]
    if "/AcroForm" in writer.root_object:
        del writer.root_object["/AcroForm"]
    return found


def _flatten_page(
    writer: PdfWriter, page: PageObject, anew: bool, default: Any
) -> tuple[list[Drawing], list[Typed]]:
    from pypdf.generic import ArrayObject, NameObject

    drawings: list[Drawing] = []
    typed: list[Typed] = []
    said = _value(page.get("/Annots"))
    if not isinstance(said, list):
        return drawings, typed
    others, widgets = [], []
    for raw in list.__iter__(said):
        one = _value(raw)
        is_widget = isinstance(one, dict) and one.get("/Subtype") == "/Widget"
        (widgets if is_widget else others).append(raw)
    if not widgets:
        return drawings, typed
    for widget in map(_value, widgets):
        place = rectangle(widget.get("/Rect"))
        if place is None or int(number(widget.get("/F"), 0)) & (HIDDEN | NO_VIEW):
            continue
        look = _look(widget)
        text = _typed(widget, place, default)
        if text is not None and (anew or look is None):
            typed.append(text)
        elif look is not None and (matrix := _fitted(look, place)) is not None:
            drawings.append(Drawing(_form(writer, look, place, widget), matrix))
    page[NameObject("/Annots")] = ArrayObject(others)
    return drawings, typed


def _look(widget: Any) -> Any:
    """How the field looks as it is filled in."""
    from pypdf.generic import StreamObject

    looks = _value(widget.get("/AP"))
    normal = _value(looks.get("/N")) if isinstance(looks, dict) else None
    if isinstance(normal, dict) and not isinstance(normal, StreamObject):
        state = widget.get("/AS") or inherited(widget, "/V") or "/Off"
        normal = _value(normal.get(state)) if isinstance(state, str) else None
    return normal if isinstance(normal, StreamObject) else None


def _typed(widget: Any, place: Rectangle, default: Any) -> Typed | None:
    kind = _value(inherited(widget, "/FT"))
    if kind not in ("/Tx", "/Ch"):
        return None
    value = _value(inherited(widget, "/V"))
    if isinstance(value, list):
        value = "\n".join(str(_value(one)) for one in value)
    if not isinstance(value, str) or not value:
        return None
    flags = int(number(inherited(widget, "/Ff"), 0))
    if kind == "/Ch":
        flags, value = 0, _chosen(widget, value)
    return Typed(
        place=place,
        text="*" * len(value) if flags & PASSWORD else value,
        size=_size(inherited(widget, "/DA") or default),
        several_lines=bool(flags & SEVERAL_LINES),
        side=int(number(inherited(widget, "/Q"), 0)),
    )


def _chosen(widget: Any, value: str) -> str:
    """What a choice is called, which can be something else than its value."""
    options = _value(inherited(widget, "/Opt"))
    for option in map(_value, list.__iter__(options) if isinstance(options, list) else ()):
        if isinstance(option, list) and len(option) == 2 and str(_value(option[0])) == value:
            return str(_value(option[1]))
    return value


def _size(appearance: Any) -> float:
    """The size of letters that `/Helv 12 Tf` asks for; 0 where it leaves that to the reader."""
    words = str(_value(appearance) or "").split()
    try:
        return max(0.0, float(words[words.index("Tf") - 1]))
    except (ValueError, IndexError):
        return 0.0


def _fitted(look: Any, place: Rectangle) -> Matrix | None:
    """What puts a look into its place, as PDF says it."""
    box = rectangle(look.get("/BBox"))
    if box is None:
        return None
    matrix = [number(one, 0.0) for one in (_value(look.get("/Matrix")) or UNMOVED)][:6]
    if len(matrix) < 6:
        return None
    a, b, c, d, e, f = matrix
    corners = [(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    across = [a * x + c * y + e for x, y in corners]
    up = [b * x + d * y + f for x, y in corners]
    width, height = max(across) - min(across), max(up) - min(up)
    if not width or not height:
        return None
    wide, tall = (place[2] - place[0]) / width, (place[3] - place[1]) / height
    return wide, 0.0, 0.0, tall, place[0] - min(across) * wide, place[1] - min(up) * tall


def _form(writer: PdfWriter, look: Any, place: Rectangle, widget: Any) -> Any:
    """The look as something that can be drawn; on a layer that can be hidden it stays there."""
    from pypdf.generic import NameObject

    look[NameObject("/Type")] = NameObject("/XObject")
    look[NameObject("/Subtype")] = NameObject("/Form")
    if "/OC" in widget and "/OC" not in look:
        look[NameObject("/OC")] = widget.raw_get("/OC")
    known = getattr(look, "indirect_reference", None)
    return known if known is not None else writer._add_object(look)


def _value(said: Any) -> Any:
    for _ in range(DEEPEST):
        if not hasattr(said, "get_object"):
            return said
        found = said.get_object()
        if found is said:
            return said
        said = found
    return None
