"""Files that other programs wrote, read as contacts."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

import pytest

from crm_core.exchange.headings import recognise
from crm_core.exchange.records import ContactRecord, RefusedRow, records
from crm_core.exchange.tables import read_table
from crm_core.refusals import Refused

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / os.environ.get("CRM_CORPORA", "../shared/corpora") / "contacts" / "csv"

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the real address books are not on this machine (CRM_CORPORA)"
)

READ = {
    "roundcubemail/Csv2vcard__all.csv": ("Outlook", 1, 0),
    "roundcubemail/Csv2vcard__email.csv": ("plain", 4, 0),
    "roundcubemail/Csv2vcard__gmail.csv": ("Google", 1, 0),
    "roundcubemail/Csv2vcard__outlook.csv": ("Outlook", 1, 0),
    "roundcubemail/Csv2vcard__tb_plain.csv": ("Thunderbird", 1, 0),
    "csv-spectrum/csvs__comma_in_quotes.csv": ("plain", 1, 0),
    "dbt_hubspot_source/company_data_postgres.csv": ("plain", 24, 0),
    # Every address of this file is a hash.
    "dbt_hubspot_source/contact_data.csv": ("plain", 0, 22),
    "dbt_salesforce_source/sf_account_data.csv": ("plain", 10, 0),
    "dbt_salesforce_source/sf_contact_history_data.csv": ("plain", 3, 1),
}


def rows(path: Path) -> tuple[str, list[ContactRecord | RefusedRow]]:
    table = read_table(path)
    recognised = recognise(table.headings)
    return recognised.source, list(records(table, recognised))


@pytest.mark.parametrize("name", READ)
def test_a_real_file_is_read_as_what_it_is(name: str) -> None:
    source, found = rows(FOLDER / name)
    whole = sum(isinstance(row, ContactRecord) for row in found)
    assert (source, whole, len(found) - whole) == READ[name]


def test_every_real_file_is_read_or_refused_in_words() -> None:
    for path in FOLDER.glob("*/*"):
        with suppress(Refused):
            _source, found = rows(path)
            assert all(str(row.reason) for row in found if isinstance(row, RefusedRow))


def cards(path: Path) -> list[list[tuple[str, str]]]:
    """Each vCard of the file as its properties: the name with its types, and the value."""
    text = path.read_text(encoding="utf-8").replace("BEGIN:VCARD\nVERSION:3.0\n", "")
    return [
        [
            (name, value)
            for name, _colon, value in (line.partition(":") for line in card.split("\n"))
        ]
        for card in text.split("\nEND:VCARD\n")
        if card.strip()
    ]


def values(card: list[tuple[str, str]], name: str) -> list[str]:
    return [value for key, value in card if key.split(";")[0] == name and value]


@pytest.mark.parametrize("name", ["all", "email", "gmail", "outlook", "tb_plain"])
def test_nothing_of_an_address_book_is_lost(name: str) -> None:
    folder = FOLDER / "roundcubemail"
    _source, found = rows(folder / f"Csv2vcard__{name}.csv")
    expected = cards(folder / f"Csv2vcard__{name}.vcf")
    assert len(found) == len(expected)
    for record, card in zip(found, expected, strict=True):
        assert isinstance(record, ContactRecord)
        contact = record.contact
        last, first, middle, prefix, suffix = values(card, "N")[0].split(";")
        assert (contact.first_name, contact.middle_name, contact.last_name) == (first, middle, last)
        assert list(contact.emails) == values(card, "EMAIL")
        assert [contact.company] == (values(card, "ORG") or [""])
        assert [record.description] == (values(card, "TITLE") or [""])
        kept = [detail.value for detail in contact.details]
        for number in values(card, "TEL"):
            assert number == contact.phone or number in kept
        home, *others = values(card, "ADR") or [";;;;;;"]
        address = contact.address
        parts = (address.street, address.city, address.region, address.postcode, address.country)
        assert ";".join(parts) == home.removeprefix(";;")
        for other in others:
            words = set(re.split(r"[;, ]+", other)) - {""}
            assert any(words <= set(re.split(r"[, ]+", value)) for value in kept)
        for text in [prefix, suffix, *values(card, "NICKNAME"), *values(card, "NOTE")]:
            assert not text or text in kept
        for text in [*values(card, "URL"), *values(card, "X-SPOUSE")]:
            assert text in kept


def test_the_birthday_of_thunderbird_is_one_date() -> None:
    _source, (record,) = rows(FOLDER / "roundcubemail" / "Csv2vcard__tb_plain.csv")
    assert isinstance(record, ContactRecord)
    details = {detail.label: detail.value for detail in record.contact.details}
    assert details["Birthday"] == "1970-11-15"
