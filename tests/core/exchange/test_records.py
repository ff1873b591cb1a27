from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_core.addresses import clean_address
from crm_core.contacts import Detail, NewContact
from crm_core.exchange.cells import checked_address, long_text, one_line
from crm_core.exchange.headings import recognise
from crm_core.exchange.records import ContactRecord, RefusedRow, records
from crm_core.exchange.tables import read_table
from crm_core.postal import PostalAddress
from crm_core.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Read = Callable[[str | bytes], list[ContactRecord | RefusedRow]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def rows(content: str | bytes) -> list[ContactRecord | RefusedRow]:
        path = tmp_path / "contacts.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        table = read_table(path)
        return list(records(table, recognise(table.headings)))

    return rows


def contact_of(read: Read, content: str | bytes) -> NewContact:
    (record,) = read(content)
    assert isinstance(record, ContactRecord)
    return record.contact


def refusal_of(read: Read, content: str | bytes) -> tuple[int, str, str]:
    (refused,) = read(content)
    assert isinstance(refused, RefusedRow)
    return refused.line, refused.column, str(refused.reason)


def details_of(contact: NewContact) -> dict[str, str]:
    return {detail.label: detail.value for detail in contact.details}


def test_a_row_becomes_a_contact_with_its_account(read: Read) -> None:
    assert read(
        "Account name;Voornaam;Tussenvoegsel;Achternaam;Bedrijf;Functie;E-mailadres;Telefoon;"
        "Straat;Huisnummer;Postcode;Plaats;Land;KvK\n"
        "De Vries BV;Jan;de;Vries;De Vries BV;Directeur;jan@example.com;030 1234567;"
        "Kerkstraat;12;1234 AB;Utrecht;Nederland;12345678\n"
    ) == [
        ContactRecord(
            line=2,
            account_name="De Vries BV",
            description="Directeur",
            contact=NewContact(
                first_name="Jan",
                last_name="de Vries",
                company="De Vries BV",
                phone="030 1234567",
                emails=("jan@example.com",),
                address=PostalAddress(
                    street="Kerkstraat 12", postcode="1234 AB", city="Utrecht", country="Nederland"
                ),
                details=(Detail(label="KvK", value="12345678"),),
            ),
        )
    ]


def test_a_row_with_an_address_alone_has_no_name(read: Read) -> None:
    assert contact_of(read, "Name,Email\n,jane@example.com\n") == NewContact(
        emails=("jane@example.com",)
    )


@pytest.mark.parametrize("name", ["jane@example.com", "Example Ltd"])
def test_an_address_or_a_company_in_the_place_of_a_name_is_no_name(read: Read, name: str) -> None:
    contact = contact_of(read, f"Name,Email,Company\n{name},jane@example.com,Example Ltd\n")
    assert (contact.first_name, contact.last_name, contact.details) == ("", "", ())


def test_the_names_in_their_own_columns_win_and_another_full_name_is_kept(read: Read) -> None:
    headings = "Name,Prefix,First name,Last name,Suffix\n"
    contact = contact_of(read, headings + "Dr. Jane Doe,Dr.,Jane,Doe,\n")
    assert details_of(contact) == {"Prefix": "Dr."}
    contact = contact_of(read, headings + "Janie,,Jane,Doe,\n")
    assert (contact.first_name, details_of(contact)) == ("Jane", {"Name": "Janie"})


def test_a_full_name_alone_is_split_and_its_titles_are_kept(read: Read) -> None:
    contact = contact_of(read, "Name\nDr. Jane van der Doe Jr.\n")
    assert (contact.first_name, contact.last_name) == ("Jane", "van der Doe")
    assert details_of(contact) == {"Prefix": "Dr.", "Suffix": "Jr."}


@pytest.mark.parametrize("separator", [", ", "; ", " ::: ", "\n"])
def test_several_addresses_in_one_cell_are_several_addresses(read: Read, separator: str) -> None:
    contact = contact_of(read, f'Email\n"a@example.com{separator}b@example.com"\n')
    assert contact.emails == ("a@example.com", "b@example.com")


def test_an_address_that_is_there_twice_counts_once(read: Read) -> None:
    contact = contact_of(read, "Email,Email 2\nJane@example.com,jane@EXAMPLE.com\n")
    assert contact.emails == ("Jane@example.com",)


def test_the_primary_address_comes_first(read: Read) -> None:
    contact = contact_of(read, "Work email,Primary email\na@example.com,b@example.com\n")
    assert contact.emails == ("b@example.com", "a@example.com")


def test_the_label_that_a_person_gave_to_an_address_is_kept(read: Read) -> None:
    headings = "E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value\n"
    contact = contact_of(read, headings + "* Work,a@example.com,Boat,b@example.com\n")
    assert contact.details == (Detail(label="Boat", value="b@example.com"),)


def test_the_mobile_number_is_called_first_and_a_fax_never(read: Read) -> None:
    headings = "Name,Fax,Home Phone,Business Phone,Mobile Phone\n"
    contact = contact_of(read, headings + "Jane,1,2,3,4\n")
    assert contact.phone == "4"
    assert details_of(contact) == {"Fax": "1", "Home phone": "2", "Work phone": "3"}
    contact = contact_of(read, headings + "Jane,1,,,\n")
    assert (contact.phone, details_of(contact)) == ("", {"Fax": "1"})


def test_several_numbers_of_google_in_one_cell_are_several_numbers(read: Read) -> None:
    contact = contact_of(read, "Name,Phone 1 - Type,Phone 1 - Value\nJane,Mobile,1 ::: 2\n")
    assert (contact.phone, details_of(contact)) == ("1", {"Mobile phone": "2"})


def test_the_second_address_is_kept_as_a_detail(read: Read) -> None:
    contact = contact_of(
        read, 'Name,Home Street,Home City,Work Street,Work City\nJane,"A 1\nFlat 2",X,B 2,Y\n'
    )
    assert contact.address == PostalAddress(street="A 1, Flat 2", city="X")
    assert details_of(contact) == {"Work address": "B 2, Y"}


def test_several_addresses_of_google_in_one_column_are_told_apart(read: Read) -> None:
    headings = "Name,Address 1 - Type,Address 1 - Street,Address 1 - City\n"
    contact = contact_of(read, headings + "Jane,Home,A 1 ::: B 2,X ::: Y\n")
    assert contact.address == PostalAddress(street="A 1", city="X")
    assert details_of(contact) == {"Home address": "B 2, Y"}


def test_a_written_out_address_is_used_where_it_is_not_in_parts(read: Read) -> None:
    headings = "Name,Address 1 - Formatted,Address 1 - Street,Address 1 - City\n"
    assert contact_of(read, headings + 'Jane,"A 1\nX",,\n').address.street == "A 1, X"
    assert contact_of(read, headings + 'Jane,"A 1\nX",A 1,X\n').details == ()
    more = contact_of(read, headings + 'Jane,"Gate C\nA 1\nX",A 1,X\n')
    assert details_of(more) == {"Address as written": "Gate C\nA 1\nX"}


def test_the_parts_of_a_birthday_become_one_date(read: Read) -> None:
    contact = contact_of(read, "Name,Birth Year,Birth Month,Birth Day\nJane,1970,1,5\n")
    assert details_of(contact) == {"Birthday": "1970-01-05"}


def test_what_outlook_writes_into_empty_columns_is_not_kept(read: Read) -> None:
    headings = "First Name,E-mail 2 Address,Birthday,Gender,Priority\n"
    contact = contact_of(read, headings + "Jane,,0/0/00,Unspecified,Normal\n")
    assert contact.details == ()


def test_a_column_without_a_heading_is_kept(read: Read) -> None:
    assert details_of(contact_of(read, "Name,\nJane,typed\n")) == {"Column 2": "typed"}


def test_a_second_company_is_kept(read: Read) -> None:
    contact = contact_of(read, "Company,Employer\nOne,Two\n")
    assert (contact.company, details_of(contact)) == ("One", {"Employer": "Two"})


def test_a_row_with_fewer_cells_is_whole_and_an_empty_one_is_skipped(read: Read) -> None:
    lines = [(row.line, type(row)) for row in read("Name,City,Email\nJane\n, ,\n\nJohn,X\n")]
    assert lines == [(2, ContactRecord), (5, ContactRecord)]


def test_a_row_with_more_cells_than_headings_is_refused(read: Read) -> None:
    line, column, reason = refusal_of(read, "Name,City\nJane,X,typed\n")
    assert (line, column) == (2, "")
    assert "3 cells" in reason
    assert "2 headings" in reason
    assert contact_of(read, "Name,City\nJane,X,,\n").first_name == "Jane"


def test_a_wrong_address_is_refused_with_its_column(read: Read) -> None:
    assert refusal_of(read, "Name,E-mailadres\nJane,jane at example\n") == (
        2,
        "E-mailadres",
        "jane at example is not an e-mail address.",
    )


def test_a_row_that_names_nobody_is_refused(read: Read) -> None:
    line, column, reason = refusal_of(read, "Name,City\n,Delft\n")
    assert (line, column) == (2, "")
    assert "no name" in reason


@pytest.mark.parametrize("heading", ["First name", "Company", "Job title", "City", "Phone"])
def test_a_name_as_long_as_a_letter_is_refused_with_its_column(read: Read, heading: str) -> None:
    fits = f"Email,{heading}\na@example.com,{'x' * 500}\n"
    assert isinstance(read(fits)[0], ContactRecord)
    assert refusal_of(read, fits.replace("xx", "xxx", 1))[:2] == (2, heading)


def test_an_enormous_cell_refuses_its_row_and_no_other(read: Read) -> None:
    refused, whole = read(f"Name,Notes\nJane,{'x' * 200_000}\nJohn,x\n")
    assert isinstance(refused, RefusedRow)
    assert (refused.line, refused.column) == (2, "Notes")
    assert isinstance(whole, ContactRecord)


def test_an_open_quotation_mark_refuses_the_rest_and_keeps_what_came_before(read: Read) -> None:
    whole, refused = read('Name,City\nJane,X\nJohn,"Y\nJoe,Z\n')
    assert isinstance(whole, ContactRecord)
    assert isinstance(refused, RefusedRow)
    assert refused.line == 3


def test_a_row_with_an_unreadable_character_is_refused(read: Read) -> None:
    good = "é" * 30
    content = f"Name,City\nJane,{good}\n".encode() + b"Ren\xe9,X\n"
    whole, refused = read(content)
    assert isinstance(whole, ContactRecord)
    assert isinstance(refused, RefusedRow)
    assert (refused.line, refused.column) == (3, "Name")


def test_characters_that_do_not_print_are_removed() -> None:
    assert one_line(" Ja\x07ne\u202e \t\n van\u00a0 Dijk\x7f ") == "Jane van Dijk"
    assert long_text("one\x00\r\n\ttwo\x1b\rthree\n") == "one\n\ttwo\nthree"


def test_joiners_that_a_name_is_spelled_with_stay() -> None:
    assert one_line("علی\u200cرضا \U0001f468\u200d\U0001f469") == (
        "علی\u200cرضا \U0001f468\u200d\U0001f469"
    )


def test_notes_keep_their_lines(read: Read) -> None:
    assert details_of(contact_of(read, 'Name,Notes\nJane,"one\r\ntwo"\n')) == {"Notes": "one\ntwo"}


def cleaned(check: Callable[[str], str], text: str) -> str:
    try:
        return check(text)
    except Refused as refusal:
        return f"refused: {refusal.sentence}"


LOCALS = st.text("aZ09._+-", min_size=1, max_size=70) | st.sampled_from(["Info", "INFO", "Sales"])
LABELS = st.text("aZ0-9xn", min_size=1, max_size=66)
TOPS = st.sampled_from(["com", "NL", "test", "LOCAL", "arpa", "localhost", "1", "xn--p1ai", "c"])
ADDRESSES = st.builds("{}@{}.{}".format, LOCALS, st.lists(LABELS, max_size=4).map(".".join), TOPS)


@settings(max_examples=500, deadline=None)
@given(ADDRESSES | st.text("a@.-Z0é ", max_size=20))
def test_the_short_way_to_check_an_address_says_the_same_as_the_long_one(text: str) -> None:
    assert cleaned(checked_address, text) == cleaned(clean_address, text)
