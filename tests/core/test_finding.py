"""Finding clients and contacts by what somebody types (R1, ACC-9), on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core import finding
from crm_core.account_changes import archive_account, bring_account_back
from crm_core.accounts import AccountType, NewAccount, account_of, create_account
from crm_core.contacts import NewContact
from crm_core.finding import find_accounts, find_contacts
from crm_core.permissions import VIEW_ALL_ACCOUNTS, VIEW_ALL_CONTACTS
from crm_core.testing.builders import (
    a_contact,
    a_firm,
    a_person,
    an_account,
    an_employee,
    as_owner,
    as_person,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_core.catalog import Catalog
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.store.database import Store

BAKERY = "Bakkerij de Haan"
EMILE = "Émile Öz-Şahin"
ODD = '100% "real" _o\\r AND *NEAR(x)*'
HEBREW = "משרד רואי חשבון כהן"
ARABIC = "شركة المُحاسبة"
EMOJI = "Lunch 🧾🥐 bar"


@pytest.fixture
def ctx(store: Store, catalog: Catalog, firm: Firm) -> Iterator[Context]:
    """The owner of a firm with a handful of accounts; the bakery is A1, Émile is A2."""
    with as_owner(store, catalog, firm) as owner:
        create_account(
            owner,
            NewAccount(
                type=AccountType.BUSINESS,
                name=BAKERY,
                company_name="Hahn Holding GmbH",
                contact=NewContact(
                    first_name="Anna",
                    last_name="Bos",
                    emails=("anna.bos@oven.example", "info@dehaan.example"),
                ),
            ),
        )
        an_account(owner, EMILE, first_name="Joost", last_name="Jol")
        for name in (ODD, HEBREW, ARABIC, EMOJI):
            an_account(owner, name, first_name="Zed", last_name="Zz")
        yield owner


def found(ctx: Context, text: str) -> list[str]:
    return [hit.name for hit in find_accounts(ctx, text, 20)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("bakkerij", BAKERY),
        ("KKERI", BAKERY),
        ("haan", BAKERY),
        ("ha", BAKERY),
        ("haan bakk", BAKERY),
        ("de bak", BAKERY),
        ("d  h", BAKERY),
        ("hahn", BAKERY),
        ("gmbh", BAKERY),
        ("anna bos", BAKERY),
        ("info@", BAKERY),
        ("@dehaan.ex", BAKERY),
        ("ven.exa", BAKERY),
        ("ov", BAKERY),
        ("a1", BAKERY),
        ("A1", BAKERY),
        ("2", EMILE),
        ("emile", EMILE),
        ("ÉMILE", EMILE),
        ("oz-sa", EMILE),
        ("sa", EMILE),
        ("sahin", EMILE),
        ("ŞAHİN", EMILE),
        ("100%", ODD),
        ("%", ""),
        ("0%", ""),
        ("_o", ODD),
        ("_", ODD),
        ("_o\\", ODD),
        ("\\", ""),
        ('"real"', ODD),
        ('"', ODD),
        ("near(", ODD),
        ("*near", ODD),
        ("and", ODD),
        ("AND", ODD),
        ("OR", ""),
        ("bak*", ""),
        ("account_search_index:bak", ""),
        ("{text}: bak", ""),
        ("כהן", HEBREW),
        ("כ", HEBREW),
        ("رואי", ""),
        ("ואי", HEBREW),
        ("المحاسبة", ARABIC),
        ("حاسب", ARABIC),
        ("🧾🥐", EMOJI),
        ("🧾", EMOJI),
        ("xyz", ""),
        ("aan h", BAKERY),
        ("akk", BAKERY),
        ("ak", ""),
        ("k", ""),
    ],
)
def test_what_is_typed_finds_the_name_that_has_it(ctx: Context, text: str, name: str) -> None:
    """R1, ACC-9: three letters anywhere, fewer at the beginning of words; every sign is a sign."""
    assert found(ctx, text) == ([name] if name else [])


def test_one_letter_finds_every_word_that_begins_so(ctx: Context) -> None:
    assert found(ctx, "b") == [BAKERY, EMOJI]
    assert found(ctx, "é") == found(ctx, "E") == [EMILE, BAKERY]
    assert found(ctx, "1") == [BAKERY, ODD]


@pytest.mark.parametrize("text", ["", "   ", "\0", "bak\0", "x" * 10_000, "bakkerij " * 100, "\n"])
def test_what_is_in_nobodys_name_finds_nothing(ctx: Context, text: str) -> None:
    assert found(ctx, text) == []
    assert find_contacts(ctx, text, 20) == ()


def test_names_that_begin_so_come_first_and_then_by_name(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        for name in ("Zorg Jansen", "Jansen C", "Autojansen", "Jansen A", "Jansen B"):
            an_account(ctx, name)
        assert found(ctx, "jansen") == [
            "Jansen A",
            "Jansen B",
            "Jansen C",
            "Autojansen",
            "Zorg Jansen",
        ]
        assert [hit.name for hit in find_accounts(ctx, "jansen", 2)] == [
            "Jansen A",
            "Jansen B",
        ]
        assert [hit.name for hit in find_accounts(ctx, "jansen", 4)][3] in (
            "Autojansen",
            "Zorg Jansen",
        )


def test_an_exact_number_comes_first_among_many_that_hold_it(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """ACC-9: the number finds its account, with the letter or without."""
    with as_owner(store, catalog, firm) as ctx:
        for place in range(130):
            an_account(ctx, f"Client {place:03}")
        for typed in ("A12", "a12", "12"):
            first, *rest = find_accounts(ctx, typed, 5)
            assert first.number == "A12"
            assert len(rest) == 4


def test_it_says_through_what_an_account_was_found(ctx: Context) -> None:
    def through(text: str) -> tuple[str, ...]:
        (hit,) = find_accounts(ctx, text, 20)
        return hit.through

    assert through("bakkerij") == ()
    assert through("a1") == ()
    assert through("hahn") == ("Hahn Holding GmbH",)
    assert through("bos oven") == ("Anna Bos", "anna.bos@oven.example")
    assert through("@dehaan") == ("info@dehaan.example",)


def test_contacts_are_found_by_name_company_and_address(ctx: Context) -> None:
    a_contact(ctx, "Nobody's", "loose@far.example")

    def names(text: str) -> list[str]:
        return [hit.name[:6] for hit in find_contacts(ctx, text, 20)]

    assert names("anna") == names("info@dehaan") == ["Anna B"]
    assert names("bakkerij") == []
    assert names("loose") == ["Nobody"]
    assert find_contacts(ctx, "info@", 20)[0].through == ("info@dehaan.example",)


def test_an_archived_account_is_left_out_until_it_comes_back(ctx: Context) -> None:
    """ACC-13"""
    bakery = account_of(ctx, find_accounts(ctx, "bakk", 20)[0].public_id)
    archive_account(ctx, bakery)
    for text in ("bakk", "akkerij", "b", "a1", "1", "info@"):
        assert BAKERY not in found(ctx, text)
        asked_for = find_accounts(ctx, text, 20, archived=True)
        assert [hit.name for hit in asked_for if hit.archived] == [BAKERY]
    assert not find_accounts(ctx, "emile", 20, archived=True)[0].archived
    bring_account_back(ctx, account_of(ctx, bakery.public_id))
    assert found(ctx, "akkerij") == [BAKERY]
    assert not find_accounts(ctx, "akkerij", 20, archived=True)[0].archived


def test_who_sees_few_accounts_finds_archived_ones_of_theirs_alone(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """ACC-13, R4."""
    person = a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        mine, other = an_account(ctx, "Jansen mine"), an_account(ctx, "Jansen other")
        an_employee(ctx, accounts=(mine,), person_id=person)
        for account in (mine, other):
            archive_account(ctx, account)
    with as_person(store, catalog, firm, person, write=False) as ctx:
        assert not find_accounts(ctx, "jansen", 20)
        assert [hit.name for hit in find_accounts(ctx, "jansen", 20, archived=True)] == [mine.name]


class Team:
    """A firm with two accounts and an unlinked contact, and an employee who sees the first."""

    def __init__(self, store: Store, catalog: Catalog, firm: Firm, *rights: object) -> None:
        self.store, self.catalog, self.firm = store, catalog, firm
        self.person = a_person(store)
        with as_owner(store, catalog, firm) as ctx:
            mine = an_account(ctx, "Jansen mine", first_name="Piet", last_name="Mine")
            an_account(ctx, "Jansen other", first_name="Piet", last_name="Other")
            a_contact(ctx, "Piet")
            an_employee(ctx, *rights, accounts=(mine,), person_id=self.person)  # type: ignore[arg-type]

    def sees(self) -> tuple[list[str], list[str]]:
        with as_person(self.store, self.catalog, self.firm, self.person, write=False) as ctx:
            contacts = [hit.name.split()[1] for hit in find_contacts(ctx, "piet", 20)]
            return found(ctx, "jansen"), contacts


@pytest.mark.parametrize("few", [2_000, 0])
@pytest.mark.parametrize(
    ("rights", "accounts", "contacts"),
    [
        ((), ["Jansen mine"], ["Mine"]),
        ((VIEW_ALL_ACCOUNTS,), ["Jansen mine", "Jansen other"], ["Mine", "Other"]),
        ((VIEW_ALL_CONTACTS,), ["Jansen mine"], ["Mine", "No.", "Other"]),
        (
            (VIEW_ALL_ACCOUNTS, VIEW_ALL_CONTACTS),
            ["Jansen mine", "Jansen other"],
            ["Mine", "No.", "Other"],
        ),
    ],
)
def test_one_finds_what_one_may_see(
    store: Store,
    catalog: Catalog,
    firm: Firm,
    monkeypatch: pytest.MonkeyPatch,
    few: int,
    rights: tuple[object, ...],
    accounts: list[str],
    contacts: list[str],
) -> None:
    """R4, whether one's accounts are few and read, or many and found through the index."""
    monkeypatch.setattr(finding, "FEW", few)
    assert Team(store, catalog, firm, *rights).sees() == (accounts, contacts)


def test_nothing_of_another_firm_is_found(store: Store, catalog: Catalog, firm: Firm) -> None:
    other = a_firm(store)
    with as_owner(store, catalog, other) as ctx:
        for _ in range(30):
            an_account(ctx, "Jansen theirs", first_name="Piet")
    with as_owner(store, catalog, firm) as ctx:
        an_account(ctx, "Jansen ours", first_name="Piet", last_name="Ours")
        assert found(ctx, "jansen") == found(ctx, "j") == ["Jansen ours"]
        assert found(ctx, "theirs") == []
        assert [hit.name for hit in find_contacts(ctx, "piet", 20)] == ["Piet Ours"]


def test_a_firm_between_two_others_finds_its_own(store: Store, catalog: Catalog) -> None:
    firms = [a_firm(store) for _ in range(3)]
    for place, each in enumerate(firms):
        with as_owner(store, catalog, each) as ctx:
            an_account(ctx, f"Jansen {place}")
    for place, each in enumerate(firms):
        with as_owner(store, catalog, each, write=False) as ctx:
            assert found(ctx, "jansen") == found(ctx, "ja") == [f"Jansen {place}"]
