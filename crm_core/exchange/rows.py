"""One row of a table on its way to a contact: its cells by meaning, and what is left over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import define, field

from crm_core.contacts import Detail
from crm_core.exchange.cells import long_text, one_line, split_values
from crm_core.exchange.vocabulary import STANDARD_LABELS, Meaning, fold
from crm_core.words import Words, _, _n

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core.exchange.headings import Column

LONGEST_CELL: Final = 100_000
LONGEST_NAME: Final = 500
"""Characters that a cell may have, and those of a cell that is shown on one line."""

_LONG = frozenset(
    {Meaning.DETAIL, Meaning.EMAIL, Meaning.STREET, Meaning.STREET_MORE, Meaning.WHOLE_ADDRESS}
)
_UNBOUNDED = frozenset({Meaning.DETAIL, Meaning.EMAIL, Meaning.WHOLE_ADDRESS, Meaning.GROUPS})
_SAY_ENOUGH = ("relation", "event", "customfield")


class Unfit(Exception):  # noqa: N818 - it never leaves this package
    """The row cannot become a contact: the heading of the column (or nothing), and why."""

    def __init__(self, column: str, reason: Words) -> None:
        super().__init__(str(reason))
        self.column = column
        self.reason = reason


@define
class Row:
    """The filled cells of a row, cleaned, by meaning. What is taken out of it becomes a field of
    the contact; `keep` puts down what has none.
    """

    cells: dict[Meaning, list[tuple[Column, str]]] = field(factory=dict)
    labels: dict[str, str] = field(factory=dict)
    kept: list[tuple[int, Detail]] = field(factory=list)

    def all(self, meaning: Meaning) -> Sequence[tuple[Column, str]]:
        """The filled cells of this meaning, in the order of the file."""
        return self.cells.get(meaning, ())

    def one(self, meaning: Meaning) -> str:
        """The first text of this meaning; other texts are kept as details."""
        cells = self.cells.get(meaning)
        if not cells:
            return ""
        first = cells[0][1]
        for column, text in cells[1:]:
            if text != first:
                self.keep(column, column.label, text)
        return first

    def keep(self, column: Column, label: str, value: str) -> None:
        """Keeps the value as a detail, in the place of its column."""
        self.kept.append((column.index, Detail(label=label, value=value)))

    def details(self) -> tuple[Detail, ...]:
        """All that was kept, in the order of the file."""
        return tuple(detail for _index, detail in sorted(self.kept, key=lambda kept: kept[0]))

    def label_of(self, column: Column) -> str:
        """The label that the row itself gives to the value of the column, or nothing."""
        return self.labels.get(column.group, "") if column.group else ""

    def own_label_of(self, column: Column) -> str:
        """The same, where it is a label that a person made up."""
        label = self.label_of(column).lstrip("* ")
        return "" if fold(label) in STANDARD_LABELS else label

    def detail_label(self, column: Column) -> str:
        """What stands beside the value: "Spouse", "Profile website", "Home PO Box"."""
        label = self.label_of(column).lstrip("* ")
        if not label or column.group.startswith(_SAY_ENOUGH):
            return label or column.label
        return f"{label} {column.label if column.label.isupper() else lowered(column.label)}"

    def words(self, *, but: Meaning) -> set[str]:
        """Every word of the row, without capitals, except those of one meaning."""
        return {
            word
            for meaning, cells in self.cells.items()
            if meaning is not but
            for _column, text in cells
            for word in text.casefold().split()
        }


def lowered(label: str) -> str:
    """The label within a sentence; abbreviations ("PO Box") keep their capitals."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def read_row(columns: Sequence[Column], cells: Sequence[str], *, damaged: bool) -> Row:
    """The row of these cells; raises Unfit where a cell cannot be kept as it should be."""
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        raise Unfit(
            "",
            _n(
                "This row has {cells} cells, but there is {count} heading.",
                "This row has {cells} cells, but there are {count} headings.",
                count=len(columns),
                cells=len(cells),
            ),
        )
    row = Row()
    for column, cell in zip(columns, cells, strict=False):
        text = _text(column, cell, damaged) if cell else ""
        if not text:
            continue
        if column.meaning is Meaning.LABEL:
            row.labels[column.group] = text
        else:
            row.cells.setdefault(column.meaning, []).append((column, text))
    return row


def _text(column: Column, cell: str, damaged: bool) -> str:
    if len(cell) > LONGEST_CELL:
        raise Unfit(column.heading, _too_long(LONGEST_CELL))
    if damaged and "\N{REPLACEMENT CHARACTER}" in cell:
        raise Unfit(
            column.heading,
            _("This cell holds characters that cannot be read. Save the file as UTF-8."),
        )
    text = long_text(cell) if column.meaning in _LONG else one_line(cell)
    if len(text) > LONGEST_NAME and column.meaning not in _UNBOUNDED:
        raise Unfit(column.heading, _too_long(LONGEST_NAME))
    return text


def _too_long(most: int) -> Words:
    return _("This is longer than {most} characters.", most=most)


def keep_details(row: Row) -> None:
    """Keeps the cells that are details already."""
    for column, text in row.all(Meaning.DETAIL):
        value = ", ".join(split_values(text)) if ":::" in text else text
        row.keep(column, row.detail_label(column), value)
    for column, text in row.all(Meaning.GROUPS):
        row.keep(column, column.label, ", ".join(v.lstrip("* ") for v in split_values(text)))
