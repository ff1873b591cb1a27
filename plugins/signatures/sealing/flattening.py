"""The fields of a form become part of the page: as they look, and never to be filled in again.

Runs apart, with what pyHanko has read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from plugins.signatures.sealing.contents import Drawing
from plugins.signatures.sealing.places import entry, inherited, items, number, rectangle, value

if TYPE_CHECKING:
    from plugins.signatures.sealing.places import Matrix, Rectangle

HIDDEN = 0b10
NO_VIEW = 0b100000
SEVERAL_LINES = 1 << 12
PASSWORD = 1 << 13
PUSH_BUTTON = 1 << 16
UNMOVED: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@frozen(kw_only=True)
class Typed:
    """A field that only says what stands in it: readers draw it themselves, and so do we.

    Colours are of red, green and blue, from 0 to 1.
    """

    place: Rectangle
    text: str
    size: float = 0.0
    several_lines: bool = False
    side: int = 0
    """0 for left, 1 for the middle, 2 for right."""

    ground: tuple[float, ...] = ()
    border: tuple[float, ...] = ()
    border_width: float = 1.0


def flatten(writer: Any, pages: list[Any]) -> list[tuple[list[Drawing], list[Typed]]]:
    """Takes the form and its fields away, and answers what of them is to be drawn on each page."""
    form = entry(writer.root, "/AcroForm")
    anew = bool(entry(form, "/NeedAppearances"))
    default = entry(form, "/DA")
    found = [_flatten_page(writer, page, anew, default) for page in pages]
    if "/AcroForm" in writer.root:
        del writer.root["/AcroForm"]
        writer.update_root()
    return found


def _flatten_page(
    writer: Any, page: Any, anew: bool, default: Any
) -> tuple[list[Drawing], list[Typed]]:
    from pyhanko.pdf_utils.generic import ArrayObject, pdf_name

    drawings: list[Drawing] = []
    typed: list[Typed] = []
    others: list[Any] = []
    widgets: list[Any] = []
    for raw in items(entry(page, "/Annots")):
        one = value(raw)
        (widgets if entry(one, "/Subtype") == "/Widget" else others).append(raw)
    for widget in map(value, widgets):
        place = rectangle(entry(widget, "/Rect"))
        if place is None or int(number(entry(widget, "/F"), 0)) & (HIDDEN | NO_VIEW):
            continue
        look = _look(widget)
        is_text = inherited(widget, "/FT") in ("/Tx", "/Ch")
        if look is None or (anew and is_text and _written(widget).strip()):
            typed.append(_typed(widget, place, default))
        elif look is not None and (matrix := _fitted(value(look), place)) is not None:
            drawings.append(Drawing(_form(writer, look, widget), matrix))
    if widgets:
        page[pdf_name("/Annots")] = ArrayObject(others)
        writer.update_container(page)
    return drawings, typed


def _look(widget: Any) -> Any:
    """How the field looks as it is filled in, as a reference; None where nothing says it."""
    from pyhanko.pdf_utils.generic import StreamObject

    looks = entry(widget, "/AP")
    name = "/N"
    if isinstance(entry(looks, "/N"), dict) and not isinstance(entry(looks, "/N"), StreamObject):
        looks, name = entry(looks, "/N"), entry(widget, "/AS") or inherited(widget, "/V") or "/Off"
    if not isinstance(name, str) or not isinstance(entry(looks, name), StreamObject):
        return None
    return looks.raw_get(name)


def _typed(widget: Any, place: Rectangle, default: Any) -> Typed:
    """What a reader would draw that has no look of the field, or is told not to use it."""
    colours, style = entry(widget, "/MK"), entry(widget, "/BS")
    flags = int(number(inherited(widget, "/Ff"), 0))
    is_text = inherited(widget, "/FT") == "/Tx"
    text = _written(widget)
    return Typed(
        place=place,
        text="*" * len(text) if is_text and flags & PASSWORD else text,
        size=_size(inherited(widget, "/DA") or default),
        several_lines=(is_text and bool(flags & SEVERAL_LINES)) or "\n" in text,
        side=1 if inherited(widget, "/FT") == "/Btn" else int(number(inherited(widget, "/Q"), 0)),
        ground=_colour(entry(colours, "/BG")),
        border=_colour(entry(colours, "/BC")),
        border_width=min(max(number(entry(style, "/W"), 1.0), 0.0), 10.0),
    )


def _written(widget: Any) -> str:
    """What stands in a field: what was typed or chosen, or a cross."""
    said, kind = inherited(widget, "/V"), inherited(widget, "/FT")
    if kind == "/Btn":
        if int(number(inherited(widget, "/Ff"), 0)) & PUSH_BUTTON:
            return ""
        state = entry(widget, "/AS") or said
        return "" if state in (None, "/Off") else "X"
    lines = [_text(value(one)) for one in items(said)] or [_text(said)]
    if kind == "/Ch":
        lines = [_chosen(widget, line) for line in lines]
    return "\n".join(lines) if kind in ("/Tx", "/Ch") else ""


def _colour(said: Any) -> tuple[float, ...]:
    """Red, green and blue of a colour of so many parts; nothing for none."""
    parts = [min(max(number(value(one), 0.0), 0.0), 1.0) for one in items(said)]
    if len(parts) == 1:
        return (*parts, *parts, *parts)
    if len(parts) == 4:
        *inks, black = parts
        return tuple((1 - ink) * (1 - black) for ink in inks)
    return tuple(parts) if len(parts) == 3 else ()


def _text(said: Any) -> str:
    if isinstance(said, bytes):
        return said.decode("latin-1")
    return said if isinstance(said, str) else ""


def _chosen(widget: Any, chosen: str) -> str:
    """What a choice is called, which can be something else than its value."""
    for option in map(value, items(inherited(widget, "/Opt"))):
        pair = [_text(value(one)) for one in items(option)]
        if len(pair) == 2 and pair[0] == chosen:
            return pair[1]
    return chosen


def _size(appearance: Any) -> float:
    """The size of letters that `/Helv 12 Tf` asks for; 0 where it leaves that to the reader."""
    words = _text(appearance).split()
    try:
        return max(0.0, float(words[words.index("Tf") - 1]))
    except (ValueError, IndexError):
        return 0.0


def _fitted(look: Any, place: Rectangle) -> Matrix | None:
    """What puts a look into its place, as PDF says it."""
    box = rectangle(entry(look, "/BBox"))
    if box is None:
        return None
    said = [number(value(one), 0.0) for one in items(entry(look, "/Matrix"))]
    a, b, c, d, e, f = said if len(said) == 6 else UNMOVED
    corners = [(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    across = [a * x + c * y + e for x, y in corners]
    up = [b * x + d * y + f for x, y in corners]
    width, height = max(across) - min(across), max(up) - min(up)
    if not width or not height:
        return None
    wide, tall = (place[2] - place[0]) / width, (place[3] - place[1]) / height
    return wide, 0.0, 0.0, tall, place[0] - min(across) * wide, place[1] - min(up) * tall


def _form(writer: Any, look: Any, widget: Any) -> Any:
    """The look as something that can be drawn; on a layer that can be hidden it stays there."""
    from pyhanko.pdf_utils.generic import IndirectObject, pdf_name

    form = value(look)
    wanted = {"/Type": "/XObject", "/Subtype": "/Form"}
    missing = {name: said for name, said in wanted.items() if entry(form, name) != said}
    for name, said in missing.items():
        form[pdf_name(name)] = pdf_name(said)
    layered = "/OC" in widget and "/OC" not in form
    if layered:
        form[pdf_name("/OC")] = widget.raw_get("/OC")
    if not isinstance(look, IndirectObject):
        return writer.add_object(form)
    if missing or layered:
        writer.update_container(form)
    return look
