"""The invented clients look like life, and belong to nobody."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from crm_core.addresses import address_key, clean_address
from crm_core.demo import names
from crm_core.demo.clients import DemoClient, demo_clients
from crm_core.postal import PostalAddress

if TYPE_CHECKING:
    from crm_core.contacts import NewContact


@pytest.fixture(scope="module")
def clients() -> tuple[DemoClient, ...]:
    return demo_clients()


def people(clients: tuple[DemoClient, ...]) -> set[NewContact]:
    return {each.contact for client in clients for each in client.contacts}


@pytest.mark.parametrize("count", [0, 1, 2, 37, 200])
def test_there_are_as_many_clients_as_asked_for(count: int) -> None:
    assert len(demo_clients(count)) == count


def test_the_first_client_is_the_bakery_of_the_pictures() -> None:
    [bakery] = demo_clients(1, seed=5)

    assert bakery.name == "Bakkerij de Haan B.V."
    assert bakery.trade == "bakery"
    assert bakery.address.lines() == ("Grote Markt 12", "2011 RD Haarlem", "Netherlands")
    described = [
        (each.contact.first_name, each.contact.last_name, each.description, each.contact.emails)
        for each in bakery.contacts
    ]
    assert described == [
        (
            "Anna",
            "de Haan",
            "Director, primary contact",
            ("anna@dehaan.example", "administratie@dehaan.example"),
        ),
        ("Pieter", "de Haan", "Co-owner", ("pieter@dehaan.example",)),
    ]


def test_the_same_seed_gives_the_same_clients(clients: tuple[DemoClient, ...]) -> None:
    assert demo_clients() == clients
    assert demo_clients(seed=1)[1:] != clients[1:]


def test_another_process_gives_the_same_clients(clients: tuple[DemoClient, ...]) -> None:
    program = "from crm_core.demo.clients import demo_clients as d; print(ascii(d(60)))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "77"}
    printed = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    ).stdout

    assert printed.strip() == ascii(demo_clients(60))


def test_every_client_has_a_contact(clients: tuple[DemoClient, ...]) -> None:
    assert all(client.contacts for client in clients)
    assert all(person.first_name and person.last_name for person in people(clients))


def test_nobody_is_twice_on_one_client(clients: tuple[DemoClient, ...]) -> None:
    for client in clients:
        assert len({each.contact for each in client.contacts}) == len(client.contacts)


def test_six_of_ten_clients_are_businesses(clients: tuple[DemoClient, ...]) -> None:
    assert sum(client.business for client in clients) == 120


def test_a_business_has_a_name_and_an_individual_is_called_after_the_contact(
    clients: tuple[DemoClient, ...],
) -> None:
    assert all(bool(client.name) == client.business for client in clients)


@pytest.mark.parametrize("seed", [20260101, 2, 3])
def test_no_two_companies_have_the_same_name(seed: int) -> None:
    companies = [client.name.casefold() for client in demo_clients(2000, seed) if client.business]

    assert len(set(companies)) == len(companies)


def test_the_companies_come_in_all_legal_forms_and_trades(clients: tuple[DemoClient, ...]) -> None:
    companies = [client for client in clients if client.business]

    assert sum(company.name.endswith(" B.V.") for company in companies) > 30
    assert sum(company.name.endswith(" V.O.F.") for company in companies) > 10
    assert sum(company.name.startswith("Stichting ") for company in companies) >= 2
    assert sum(not company.name.endswith(".") for company in companies) > 15
    assert len({company.trade for company in companies}) >= 20


@pytest.mark.parametrize("seed", [20260101, 2, 3])
def test_no_two_persons_share_an_address(seed: int) -> None:
    taken = Counter(
        address_key(address)
        for person in people(demo_clients(2000, seed))
        for address in person.emails
    )

    assert [address for address, persons in taken.items() if persons > 1] == []


def test_no_address_could_reach_anybody(clients: tuple[DemoClient, ...]) -> None:
    addresses = [address for person in people(clients) for address in person.emails]

    assert all(address.endswith(".example") for address in addresses)
    assert [clean_address(address) for address in addresses] == addresses


def test_no_phone_could_ring(clients: tuple[DemoClient, ...]) -> None:
    phones = [person.phone for person in people(clients)]
    phones += [detail.value for person in people(clients) for detail in person.details]

    silent = re.compile(r"\+31 (6 0000|\d\d 000|\d\d\d 00) \d{4}")
    assert [phone for phone in phones if not silent.fullmatch(phone)] == []
    assert len(set(phones)) == len(phones)


def test_every_client_has_a_complete_dutch_address(clients: tuple[DemoClient, ...]) -> None:
    cities = {city.name: city for city in names.CITIES}
    for client in clients:
        city = cities[client.address.city]
        assert re.fullmatch(r"\d{4} [A-Z]{2}", client.address.postcode)
        assert city.first_postcode <= int(client.address.postcode[:4]) <= city.last_postcode
        assert re.fullmatch(r"[A-Z][a-z]+( Markt)? \d+.*", client.address.street)
        assert client.address.country == "Netherlands"


def test_an_individual_lives_at_the_address_of_the_account(
    clients: tuple[DemoClient, ...],
) -> None:
    for client in clients:
        if not client.business:
            assert client.address == client.contacts[0].contact.address != PostalAddress()


def test_some_persons_are_on_several_accounts(clients: tuple[DemoClient, ...]) -> None:
    accounts = Counter(each.contact for client in clients for each in client.contacts)
    private = [client for client in clients if not client.business]
    companies = people(tuple(client for client in clients if client.business))

    assert sum(count > 1 for count in accounts.values()) >= 8
    assert any(client.contacts[0].contact in companies for client in private)


def test_a_person_on_several_accounts_has_one_private_account_at_most() -> None:
    private = Counter(
        client.contacts[0].contact for client in demo_clients(1000) if not client.business
    )

    assert set(private.values()) == {1}


def test_some_contacts_have_no_address_and_a_few_have_two(clients: tuple[DemoClient, ...]) -> None:
    addresses = Counter(len(person.emails) for person in people(clients))

    assert addresses[0] >= 10
    assert 2 <= addresses[2] <= 12
    assert addresses[1] > 200


def test_couples_have_two_contacts_at_one_address(clients: tuple[DemoClient, ...]) -> None:
    couples = [
        [each.contact for each in client.contacts]
        for client in clients
        if not client.business and client.contacts[-1].description == "Partner"
    ]

    assert len(couples) >= 10
    assert all(one.address == other.address for one, other in couples)


def test_names_have_prefixes_and_several_origins(clients: tuple[DemoClient, ...]) -> None:
    surnames = [person.last_name for person in people(clients)]

    assert sum(name.startswith(("de ", "van ")) for name in surnames) > 20
    assert sum(not name.isascii() for name in surnames) > 5
    assert max(len(name) for name in surnames) > 20


def test_clients_are_listed_from_the_longest_known_to_the_newest(
    clients: tuple[DemoClient, ...],
) -> None:
    ages = [client.created_days_ago for client in clients]

    assert ages == sorted(ages, reverse=True)
    assert 0 < ages[-1] < ages[0] < 12 * 366


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Şahin & Zn.", "sahinzn"), ("Kılıç", "kilic"), ("Wójcik-Łukasz", "wojciklukasz")],
)
def test_a_name_becomes_part_of_an_address_in_plain_letters(text: str, plain: str) -> None:
    assert names.as_in_an_address(text) == plain


@pytest.mark.parametrize(
    ("name", "form", "written"),
    [
        ("van der Meer Transport", "B.V.", "Van der Meer Transport B.V."),
        ("Kapsalon Krul", "", "Kapsalon Krul"),
        ("'s Gravendijk Mode", "V.O.F.", "'s Gravendijk Mode V.O.F."),
        ("Muziekschool", "Stichting", "Stichting Muziekschool"),
    ],
)
def test_a_company_name_carries_its_legal_form(name: str, form: str, written: str) -> None:
    assert names.with_legal_form(name, form) == written
