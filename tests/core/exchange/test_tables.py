from __future__ import annotations

import csv
import io
import tracemalloc
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crm_core.exchange.headings import recognise
from crm_core.exchange.records import records
from crm_core.exchange.tables import LONGEST_ROW, Table, read_table
from crm_core.refusals import Refused

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "Name;Plaats\r\nZoë;Coördijk\r\nJosé;Łódź €\r\n"


def table_of(folder: Path, content: bytes | str) -> Table:
    path = folder / "contacts.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_table(path)


def rows_of(table: Table) -> list[tuple[str, ...]]:
    return [line.cells for line in table.lines]


def sentence_about(folder: Path, content: bytes | str) -> str:
    with pytest.raises(Refused) as refusal:
        table_of(folder, content)
    return str(refusal.value.sentence)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
    ],
)
def test_a_file_in_unicode_is_read_whole(tmp_path: Path, written: str, told: str) -> None:
    """IMP-1."""
    table = table_of(tmp_path, TEXT.encode(written))
    assert table.encoding == told
    assert table.headings == ("Name", "Plaats")
    assert rows_of(table) == [("Zoë", "Coördijk"), ("José", "Łódź €")]


def test_a_file_of_a_western_windows_is_read_whole(tmp_path: Path) -> None:
    """IMP-1."""
    table = table_of(tmp_path, "Name;City\nZoë;‘s-Gravenhage €\n".encode("cp1252"))
    assert (table.encoding, table.damaged) == ("cp1252", False)
    assert rows_of(table) == [("Zoë", "‘s-Gravenhage €")]


def test_one_broken_character_does_not_spoil_a_file_in_utf_8(tmp_path: Path) -> None:
    content = TEXT.encode() * 5 + "Ren\u00e9e;Delft".encode().replace(b"\xa9", b"", 1)
    table = table_of(tmp_path, content)
    assert (table.encoding, table.damaged) == ("utf-8", True)
    assert rows_of(table)[0] == ("Zoë", "Coördijk")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_heading_line_tells_the_delimiter(tmp_path: Path, delimiter: str) -> None:
    """IMP-1."""
    table = table_of(tmp_path, delimiter.join(["Name", "Email", "City"]) + "\nJane\n")
    assert (table.delimiter, len(table.headings)) == (delimiter, 3)


def test_a_delimiter_within_quotes_does_not_count(tmp_path: Path) -> None:
    table = table_of(tmp_path, '"Name, first, and last";"Street, no., box"\nJane;Road\n')
    assert table.headings == ("Name, first, and last", "Street, no., box")


@pytest.mark.parametrize("declared", ["sep=;", '"sep=;"', "SEP=;"])
def test_the_line_that_excel_writes_for_itself_is_no_heading(tmp_path: Path, declared: str) -> None:
    table = table_of(tmp_path, f"{declared}\r\nName;City, or town, or place\r\nJane;Delft\r\n")
    assert table.headings == ("Name", "City, or town, or place")
    assert [line.number for line in table.lines] == [3]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_quoted_newline_does_not_shift_the_line_numbers(tmp_path: Path, end: str) -> None:
    rows = ["Name,Notes", f'A,"one{end}two ""2""{end}three"', "", "B,x", f'"C{end}",y', "D"]
    table = table_of(tmp_path, end.join(rows).encode())
    assert [line.number for line in table.lines] == [2, 6, 7, 9]
    assert rows_of(table)[0] == ("A", f'one{end}two "2"{end}three')


def test_a_table_can_be_read_again(tmp_path: Path) -> None:
    table = table_of(tmp_path, TEXT)
    assert rows_of(table) == rows_of(table)


def test_a_table_tells_its_size_for_progress(tmp_path: Path) -> None:
    table = table_of(tmp_path, TEXT)
    assert (table.size, table.last_line) == (len(TEXT.encode()), 3)


def test_blank_lines_before_the_headings_are_skipped(tmp_path: Path) -> None:
    table = table_of(tmp_path, "\n,,\nName,City\nJane,Delft\n")
    assert table.headings == ("Name", "City")
    assert [line.number for line in table.lines] == [4]


def test_a_quotation_mark_that_is_never_closed_is_named_with_its_line(tmp_path: Path) -> None:
    *whole, broken = table_of(tmp_path, 'Name,City\nA,B\nC,"D\nE,F\n').lines
    assert [line.cells for line in whole] == [("A", "B")]
    assert (broken.number, broken.cells) == (3, ())
    assert "line 3 is never closed" in str(broken.fault)


def test_a_row_without_end_is_named_and_not_held(tmp_path: Path) -> None:
    endless = "x" * 100 + "\n"
    content = 'Name,City\nA,B\nC,"' + endless * (5 * LONGEST_ROW // len(endless)) + '"\n'
    first, broken = table_of(tmp_path, content).lines
    assert (first.cells, broken.number) == (("A", "B"), 3)
    assert "line 3 has no end" in str(broken.fault)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b" \r\n\n", "empty"),
        (b"%PDF-1.7\nname", "document or a picture"),
        (b"\x89PNG\r\n\x1a\n", "document or a picture"),
        (b"PK\x03\x04name,email", "workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook"),
        (b"BEGIN:VCARD\nFN:Jane\nEND:VCARD\n", "vCards"),
        (b"Name,City\nJane,De\0lft\n", "Line 2"),
        (b"\x01\x02\x03\x04\x05\x06", "not a text"),
        (b"x" * (LONGEST_ROW + 10), "no end"),
        (b"Name," * 3_000, "too many columns"),
    ],
)
def test_what_is_no_table_is_refused_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    assert words in sentence_about(tmp_path, content)


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.csv", tmp_path / ("n" * 5_000)):
        with pytest.raises(Refused):
            read_table(path)


def test_a_file_that_goes_away_while_it_is_read_is_refused(tmp_path: Path) -> None:
    table = table_of(tmp_path, TEXT)
    (tmp_path / "contacts.csv").unlink()
    with pytest.raises(Refused):
        rows_of(table)


def test_the_limit_of_the_csv_module_is_never_lowered(tmp_path: Path) -> None:
    before = csv.field_size_limit(10 * LONGEST_ROW)
    try:
        rows_of(table_of(tmp_path, TEXT))
        assert csv.field_size_limit() == 10 * LONGEST_ROW
    finally:
        csv.field_size_limit(before)


def test_a_long_file_is_read_in_little_memory(tmp_path: Path) -> None:
    table = table_of(tmp_path, "Name,City\n" + "Jane,Delft\n" * 50_000)
    tracemalloc.start()
    try:
        assert sum(1 for _line in table.lines) == 50_000
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])), min_size=2),
        min_size=1,
    )
)
def test_what_the_csv_module_writes_comes_back(tmp_path: Path, rows: list[list[str]]) -> None:
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows([["Name", "City"], *rows])
    assert rows_of(table_of(tmp_path, stream.getvalue().encode())) == [tuple(r) for r in rows]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from([b"", b"Name,Email,City\n", b"sep=", b"\xff\xfe", b'"Name']), st.binary())
@example(b"sep=", b'"\nName')
@example(b"", b"\x81\x8d,\x8f\n")
@example(b"Name\n", b"\x81\xff\xfe,\x8f\n")
def test_no_bytes_raise_anything_but_a_refusal(tmp_path: Path, start: bytes, rest: bytes) -> None:
    with suppress(Refused):
        table = table_of(tmp_path, start + rest)
        list(records(table, recognise(table.headings)))
