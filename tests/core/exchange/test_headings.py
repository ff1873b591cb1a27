from __future__ import annotations

import pytest

from crm_core.exchange.headings import Column, recognise
from crm_core.exchange.names import PersonName, split_name
from crm_core.exchange.vocabulary import Meaning
from crm_core.refusals import Refused

M = Meaning


def column(heading: str, *beside: str) -> Column:
    return recognise([heading, *beside, "Name", "Email"]).columns[0]


def meanings(headings: str) -> list[Meaning]:
    return [column.meaning for column in recognise(headings.split(",")).columns]


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("First Name", M.FIRST_NAME),
        ("FIRST_NAME", M.FIRST_NAME),
        ("first-name ", M.FIRST_NAME),
        ("property_firstname", M.FIRST_NAME),
        ("Vórname", M.FIRST_NAME),
        ("Achternaam", M.LAST_NAME),
        ("Tussenvoegsel", M.LAST_NAME_PREFIX),
        ("Nachname", M.LAST_NAME),
        ("Organization Name", M.COMPANY),
        ("Bedrijf", M.COMPANY),
        ("Firma", M.COMPANY),
        ("PROPERTY_EMAIL", M.EMAIL),
        ("E-Mail-Adresse", M.EMAIL),
        ("E-mailadres", M.EMAIL),
        ("E-mail 2 Address", M.EMAIL),
        ("E-mail 1 - Value", M.EMAIL),
        ("E-mail 1 - Label", M.LABEL),
        ("Primary Email", M.EMAIL),
        ("Email (work)", M.EMAIL),
        ("Telefoon", M.PHONE),
        ("Mobile Phone Number", M.PHONE),
        ("Company Main Phone", M.PHONE),
        ("Straße", M.STREET),
        ("Straat", M.STREET),
        ("Huisnummer", M.HOUSE_NUMBER),
        ("Business Street", M.STREET),
        ("Work Address 2", M.STREET_MORE),
        ("Address 1 - Postal Code", M.POSTCODE),
        ("PLZ", M.POSTCODE),
        ("Plaats", M.CITY),
        ("Home State", M.REGION),
        ("Other Country/Region", M.COUNTRY),
        ("Land", M.COUNTRY),
        ("Account", M.ACCOUNT_NAME),
        ("Account name", M.ACCOUNT_NAME),
        ("Client Name", M.ACCOUNT_NAME),
        ("Klantnaam", M.ACCOUNT_NAME),
        ("Title", M.JOB_TITLE),
        ("Functie", M.JOB_TITLE),
        ("Account number", M.DETAIL),
        ("Email Opt Out", M.DETAIL),
        ("", M.DETAIL),
    ],
)
def test_a_heading_is_recognised_however_it_is_spelled(heading: str, meaning: Meaning) -> None:
    assert column(heading).meaning is meaning


@pytest.mark.parametrize(
    ("heading", "label"),
    [
        ("Business Phone 2", "Work phone 2"),
        ("Mobile Number", "Mobile phone"),
        ("Telefoon werk", "Work phone"),
        ("Home Fax", "Home fax"),
        ("property_hs_lead_status", "Hs lead status"),
        ("ANNUAL_REVENUE", "Annual revenue"),
        ("Spouse", "Spouse"),
        ("", "Column 1"),
    ],
)
def test_a_value_without_a_field_has_a_label_that_reads_well(heading: str, label: str) -> None:
    assert column(heading).label == label


def test_the_parts_of_one_address_belong_together() -> None:
    headings = ["Business Street", "Work City", "Home Street", "Work Zip", "Name"]
    business, city, home, postcode, _name = recognise(headings).columns
    assert business.group == city.group == postcode.group != home.group


def test_an_address_beside_its_street_is_the_whole_address() -> None:
    assert column("Home Address", "Home Street").meaning is M.WHOLE_ADDRESS
    assert column("Home Address", "Work Street").meaning is M.STREET


def test_title_stands_for_doctor_where_the_job_has_its_own_column() -> None:
    assert column("Title", "Job Title").meaning is M.DETAIL


def test_name_beside_vorname_is_the_last_name() -> None:
    assert meanings("Vorname,Name") == [M.FIRST_NAME, M.LAST_NAME]
    assert meanings("Voornaam,Naam") == [M.FIRST_NAME, M.LAST_NAME]


def test_name_in_a_list_of_companies_is_the_company() -> None:
    assert meanings("name,industry,phone")[0] is M.COMPANY
    assert meanings("name,industry,email")[0] is M.FULL_NAME


@pytest.mark.parametrize(
    ("headings", "source"),
    [
        ("Name,Given Name,E-mail 1 - Type,E-mail 1 - Value", "Google"),
        ("First Name,Organization Name,Labels", "Google"),
        ("First Name,E-mail Address,E-mail 2 Address,Business Street", "Outlook"),
        ("First Name,Primary Email,Secondary Email,", "Thunderbird"),
        ("Voornaam,E-mailadres", "plain"),
    ],
)
def test_the_program_that_wrote_the_file_is_told(headings: str, source: str) -> None:
    """IMP-1."""
    assert recognise(headings.split(",")).source == source


@pytest.mark.parametrize("headings", [[], [""], ["a", "b"], ["Phone", "City", "Job title"]])
def test_a_table_that_can_name_nobody_is_refused(headings: list[str]) -> None:
    with pytest.raises(Refused, match="No column of this file"):
        recognise(headings)


@pytest.mark.parametrize(
    ("full", "parts"),
    [
        ("Jane Doe", ("", "Jane", "", "Doe", "")),
        ("Jane", ("", "Jane", "", "", "")),
        ("Jane Mary Doe", ("", "Jane", "Mary", "Doe", "")),
        ("Doe, Jane", ("", "Jane", "", "Doe", "")),
        ("Doe, Jane Mary", ("", "Jane", "Mary", "Doe", "")),
        ("Jan de Vries", ("", "Jan", "", "de Vries", "")),
        ("Jan Piet van der Berg", ("", "Jan", "Piet", "van der Berg", "")),
        ("Vries, Jan de", ("", "Jan", "", "de Vries", "")),
        ("Van Dijk", ("", "Van", "", "Dijk", "")),
        ("Dr. Jane Doe Jr.", ("Dr.", "Jane", "", "Doe", "Jr.")),
        ("John Doe, CPA", ("", "John", "", "Doe", "CPA")),
        ("Dr.", ("", "Dr.", "", "", "")),
        (",", ("", "", "", "", "")),
        (", Jane", ("", "Jane", "", "", "")),
    ],
)
def test_a_full_name_is_split_as_a_person_would(full: str, parts: tuple[str, ...]) -> None:
    prefix, first, middle, last, suffix = parts
    assert split_name(full) == PersonName(
        prefix=prefix, first=first, middle=middle, last=last, suffix=suffix
    )
