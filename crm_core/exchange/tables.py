"""A delimited file as rows of cells, read line by line."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from crm_core.exchange.encodings import recognise_encoding
from crm_core.refusals import Refused
from crm_core.words import Words, _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO

LONGEST_ROW: Final = 1_000_000
"""Characters that one row may have, its quoted line ends included."""

MOST_COLUMNS: Final = 2_000

_DELIMITERS = ",;\t|"

# A text that no file holds in its last line by chance: see _rows.
_END = "\N{OBJECT REPLACEMENT CHARACTER}end of the table\N{OBJECT REPLACEMENT CHARACTER}"


@frozen(kw_only=True)
class Line:
    """A row as it stands in the file.

    `number` is the line of the file on which it begins (1 = first line). `fault` says why the
    row, and all that follows it, cannot be read; such a line has no cells and is the last one.
    """

    number: int
    cells: tuple[str, ...]
    fault: Words | None = None


@frozen(kw_only=True)
class Lines:
    """The rows below the headings; each iteration reads the file anew, holding one row.

    A row without any cell is left out. Raises Refused where the file can no longer be read.
    """

    path: Path
    encoding: str
    delimiter: str
    heading_lines: int

    def __iter__(self) -> Iterator[Line]:
        try:
            with _opened(self.path, self.encoding) as stream:
                for _heading in range(self.heading_lines):
                    stream.readline(LONGEST_ROW)
                yield from _rows(stream, self.delimiter, self.heading_lines)
        except OSError as error:
            raise Refused(_("The file can no longer be read. Choose it again.")) from error


@frozen(kw_only=True)
class Table:
    """A delimited file: its headings, and its lines to iterate over as often as needed.

    `size` is the number of bytes and `last_line` about the number of the last line, for progress.
    In a `damaged` table U+FFFD stands for bytes that are not of the encoding.
    """

    headings: tuple[str, ...]
    encoding: str
    damaged: bool
    delimiter: str
    size: int
    last_line: int
    lines: Lines = field(repr=False)


def read_table(path: Path) -> Table:
    """The table that the file holds; refuses, with the reason, a file that holds none."""
    try:
        if not path.is_file():
            raise Refused(_("There is no such file, or it is a folder."))
        encoding = recognise_encoding(path)
        headings, delimiter, heading_lines = _headings(path, encoding.name)
    except OSError as error:
        raise Refused(_("This file cannot be opened. Close it elsewhere and try again.")) from error
    lines = Lines(
        path=path, encoding=encoding.name, delimiter=delimiter, heading_lines=heading_lines
    )
    return Table(
        headings=headings,
        encoding=encoding.name,
        damaged=encoding.damaged,
        delimiter=delimiter,
        size=encoding.size,
        last_line=max(encoding.lines, heading_lines),
        lines=lines,
    )


def _opened(path: Path, encoding: str) -> TextIO:
    # newline="" leaves the line ends to the csv module and still tells \r, \n and \r\n as one.
    return path.open(encoding=encoding, errors="replace", newline="")


def _headings(path: Path, encoding: str) -> tuple[tuple[str, ...], str, int]:
    """The headings, the delimiter, and how many lines of the file they take."""
    declared, before = "", 0
    with _opened(path, encoding) as stream:
        first = stream.readline(LONGEST_ROW).strip().strip('"').casefold()
        if first.startswith("sep=") and len(first) <= len("sep=;"):
            # strip() took the tab of "sep=" + tab.
            declared, before = first[4:] or "\t", 1
    candidates = declared or _DELIMITERS
    read = [_first_row(path, encoding, delimiter, before) for delimiter in candidates]
    best = max(read, key=_likeliness)
    if best.fault:
        raise Refused(best.fault)
    if len(best.cells) > MOST_COLUMNS:
        raise Refused(_("This table has too many columns ({count}).", count=len(best.cells)))
    headings = tuple("".join(filter(str.isprintable, cell)).strip() for cell in best.cells)
    return headings, candidates[read.index(best)], best.number


def _likeliness(row: Line) -> tuple[bool, bool, int]:
    """The greater, the more it looks like headings. A wrong delimiter leaves quotation marks."""
    marks = any('"' in cell for cell in row.cells)
    return row.fault is None, not marks, sum(bool(cell.strip()) for cell in row.cells)


def _first_row(path: Path, encoding: str, delimiter: str, before: int) -> Line:
    """The first row with a text in it; its number is the line on which it ends."""
    with _opened(path, encoding) as stream:
        feed = _Feed(stream, before)
        for _skipped in range(before):
            stream.readline(LONGEST_ROW)
        for line in _rows_of(feed, delimiter):
            if line.fault or any(cell.strip() for cell in line.cells):
                return Line(number=feed.line, cells=line.cells, fault=line.fault)
    raise Refused(_("This file is empty."))


def _rows(stream: TextIO, delimiter: str, before: int) -> Iterator[Line]:
    return _rows_of(_Feed(stream, before), delimiter)


def _rows_of(feed: _Feed, delimiter: str) -> Iterator[Line]:
    """The rows of the feed. The csv module does not say whether a quotation mark was left open
    at the end of the file; the feed's own last line tells, for it comes back alone or swallowed.
    """
    # The limit belongs to the whole process: it is only ever raised, which takes nothing away
    # from other readers. The feed holds each row to LONGEST_ROW.
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_ROW + 1))
    reader = csv.reader(feed, delimiter=delimiter, skipinitialspace=True)
    while True:
        begin = feed.begin_row()
        try:
            cells = next(reader, None)
        except (_RowTooLong, csv.Error):
            yield Line(number=begin, cells=(), fault=_too_long(begin))
            return
        if cells is None or cells == [_END]:
            return
        if cells and cells[-1].endswith(_END):
            yield Line(number=begin, cells=(), fault=_open_quote(begin))
            return
        if cells:
            yield Line(number=begin, cells=tuple(cells))


class _RowTooLong(Exception):  # noqa: N818 - it never leaves this module
    """One row takes more lines than a row may."""


class _Feed:
    """The lines of a stream, counted; refuses to feed one row without end."""

    def __init__(self, stream: TextIO, before: int) -> None:
        self._stream = stream
        self._ended = False
        self._fed = 0
        self.line = before

    def begin_row(self) -> int:
        """Starts a row and gives the number of its first line."""
        self._fed = 0
        return self.line + 1

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if self._ended:
            raise StopIteration
        text = self._stream.readline(LONGEST_ROW + 1)
        self._fed += len(text)
        if self._fed > LONGEST_ROW:
            raise _RowTooLong
        if not text:
            self._ended = True
            return _END
        self.line += 1
        return text


def _too_long(line: int) -> Words:
    return _(
        "The row that begins on line {line} has no end: it is longer than {most} characters. "
        "Nothing after line {line} was read.",
        line=line,
        most=LONGEST_ROW,
    )


def _open_quote(line: int) -> Words:
    return _(
        "A quotation mark in the row that begins on line {line} is never closed. "
        "Nothing after line {line} was read.",
        line=line,
    )
