"""Each line of a table as a contact, or as a refusal that names the place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import frozen

from crm_core.contacts import NewContact
from crm_core.exchange.names import PersonName, split_name
from crm_core.exchange.reaching import take_address, take_emails, take_phone
from crm_core.exchange.rows import Unfit, keep_details, read_row
from crm_core.exchange.vocabulary import Meaning, fold
from crm_core.words import Words, _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm_core.exchange.headings import Column, Recognised
    from crm_core.exchange.rows import Row
    from crm_core.exchange.tables import Line, Table

_BLANKS: Final = {
    "birthday": "0/0/00",
    "anniversary": "0/0/00",
    "gender": "Unspecified",
    "priority": "Normal",
    "sensitivity": "Normal",
    "private": "False",
}
"""What Outlook writes into a column that nobody filled in."""


@frozen(kw_only=True)
class ContactRecord:
    """A contact that the table holds, on the `line` on which its row begins.

    `description` is what the person is for the account (the job title); `account_name` is empty
    where no column names an account.
    """

    line: int
    contact: NewContact
    description: str
    account_name: str


@frozen(kw_only=True)
class RefusedRow:
    """A row that was not read: its line, the heading of the column (empty: the whole row), why."""

    line: int
    column: str
    reason: Words


def records(table: Table, recognised: Recognised) -> Iterator[ContactRecord | RefusedRow]:
    """The rows of the table one by one, in the order of the file; empty rows are left out.

    Holds one row at a time. Raises Refused where the file can no longer be read.
    """
    outlook = recognised.source == "Outlook"
    for line in table.lines:
        if line.fault:
            yield RefusedRow(line=line.number, column="", reason=line.fault)
            continue
        cells = _without_blanks(recognised.columns, line.cells) if outlook else line.cells
        if not "".join(cells).strip():
            continue
        try:
            yield _record(line, read_row(recognised.columns, cells, damaged=table.damaged))
        except Unfit as unfit:
            yield RefusedRow(line=line.number, column=unfit.column, reason=unfit.reason)


def _without_blanks(columns: Sequence[Column], cells: Sequence[str]) -> list[str]:
    blanks = [_BLANKS.get(fold(column.heading), "") for column in columns]
    blanks += [""] * (len(cells) - len(blanks))
    return ["" if cell == blank else cell for cell, blank in zip(cells, blanks, strict=False)]


def _record(line: Line, row: Row) -> ContactRecord:
    emails = take_emails(row)
    company = row.one(Meaning.COMPANY)
    account = row.one(Meaning.ACCOUNT_NAME)
    name = _take_name(row, {company, *emails})
    if not (name.first or name.middle or name.last or company or emails):
        raise Unfit("", _("This row has no name, no company and no e-mail address."))
    description = row.one(Meaning.JOB_TITLE)
    phone = take_phone(row)
    address = take_address(row)
    _keep_birthday(row)
    keep_details(row)
    contact = NewContact(
        first_name=name.first,
        middle_name=name.middle,
        last_name=name.last,
        company=company,
        phone=phone,
        address=address,
        emails=emails,
        details=row.details(),
    )
    return ContactRecord(
        line=line.number, contact=contact, description=description, account_name=account
    )


def _take_name(row: Row, taken: set[str]) -> PersonName:
    """The name in its columns, or else the full name split; what these leave over is kept."""
    last = " ".join(filter(None, map(row.one, (Meaning.LAST_NAME_PREFIX, Meaning.LAST_NAME))))
    name = PersonName(
        first=row.one(Meaning.FIRST_NAME), middle=row.one(Meaning.MIDDLE_NAME), last=last
    )
    full = row.one(Meaning.FULL_NAME)
    if full and full not in taken and not (name.first or name.middle or name.last):
        name = split_name(full)
        column = row.all(Meaning.FULL_NAME)[0][0]
        for label, text in (("Prefix", name.prefix), ("Suffix", name.suffix)):
            if text:
                row.keep(column, label, text)
    elif full:
        _keep_unless_said(row, row.all(Meaning.FULL_NAME)[0][0], full)
    for column, text in row.all(Meaning.EMAIL_NAME):
        _keep_unless_said(row, column, text)
    return name


def _keep_unless_said(row: Row, column: Column, text: str) -> None:
    """Keeps the text, unless the columns of another meaning hold every word of it."""
    words = {word.strip(",()<>\"'") for word in text.casefold().split()} - {""}
    if not words <= {word.strip(",") for word in row.words(but=column.meaning)}:
        row.keep(column, column.label, text)


def _keep_birthday(row: Row) -> None:
    """Keeps year, month and day of birth, which Thunderbird writes apart, as one date."""
    parts = [
        (cells[0][0], cells[0][1].zfill(2))
        for meaning in (Meaning.BIRTH_YEAR, Meaning.BIRTH_MONTH, Meaning.BIRTH_DAY)
        if (cells := row.all(meaning))
    ]
    if parts:
        row.keep(parts[0][0], "Birthday", "-".join(text for _column, text in parts))
