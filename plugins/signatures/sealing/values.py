"""What is put on a PDF and where, and why a PDF cannot be signed."""

from __future__ import annotations

from enum import StrEnum

from attrs import field, frozen

SLACK = 1e-6
"""By how much of a page a box may lie outside of it: fractions are rounded."""


class Kind(StrEnum):
    """What somebody fills in."""

    SIGNATURE = "signature"
    INITIALS = "initials"
    DATE = "date"
    TEXT = "text"


@frozen
class Box:
    """A place on a page, counted from 1, in fractions of the page as a reader shows it.

    `x` and `y` are of its top left corner, from the page's top left corner. Raises ValueError
    where it is empty or does not lie on the page.
    """

    page: int
    x: float
    y: float
    width: float
    height: float

    def __attrs_post_init__(self) -> None:
        inside = (
            self.page >= 1
            and self.x >= -SLACK
            and self.y >= -SLACK
            and self.width > 0
            and self.height > 0
            and self.x + self.width <= 1 + SLACK
            and self.y + self.height <= 1 + SLACK
        )
        if not inside:
            raise ValueError(f"{self} lies on no page")


@frozen
class Mark:
    """What stands in a box: a picture, which is a PNG, or else the text."""

    box: Box
    kind: Kind
    text: str
    picture: bytes = field(default=b"", repr=False)


@frozen
class Group:
    """Lines of the audit page that belong together: what each is called, and what it says."""

    title: str
    rows: tuple[tuple[str, str], ...]


@frozen
class AuditPage:
    """What the pages at the end say, in this order."""

    title: str
    lead: str
    groups: tuple[Group, ...]
    last: str


@frozen
class Fit:
    """A PDF that can be signed: width and height of each page as it is shown, in points."""

    pages: tuple[tuple[float, float], ...]


class Why(StrEnum):
    """Why a PDF cannot be signed."""

    ENCRYPTED = "encrypted"
    BROKEN = "broken"
    XFA = "xfa"
    NO_PAGES = "no pages"
    SIGNED = "signed"
    TOO_LARGE = "too large"
    TOO_LONG = "too long"
    TOO_MUCH_MEMORY = "memory"


class Unfit(Exception):  # noqa: N818 - it is an answer, not a fault
    """This PDF cannot be signed, and why."""

    def __init__(self, why: Why) -> None:
        super().__init__(str(why))
        self.why = why


class Misplaced(ValueError):  # noqa: N818 - as its neighbours
    """A mark is for a page that the PDF has not."""


class NoPicture(ValueError):  # noqa: N818 - as its neighbours
    """The picture of a mark is no PNG, or one of too many pixels."""
