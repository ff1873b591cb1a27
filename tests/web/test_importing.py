"""Importing contacts: the files of other programs, in batches, once however often it is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core.accounts import AccountType
from crm_core.exchange.importing import BATCH, ImportSummary, import_contacts
from crm_core.exchange.landing import AccountRule
from crm_core.links import linked_contacts
from crm_core.listing.accounts import list_accounts
from crm_core.permissions import MANAGE_ACCOUNTS, MANAGE_CONTACTS
from crm_core.refusals import NotAllowed, Refused
from crm_core.store.tables import AccountRow, ContactDetailRow, ContactRow, LinkRow
from crm_core.testing.builders import a_person, an_employee, as_owner, as_person

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crm_core.catalog import Catalog
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.store.database import Store

    Run = Callable[..., ImportSummary]


@pytest.fixture
def ctx(store: Store, catalog: Catalog, firm: Firm) -> Context:
    """The owner's context, outside a transaction: the import opens its own."""
    with as_owner(store, catalog, firm, write=False) as ctx:
        return ctx


@pytest.fixture
def a_file(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a file and answers its path."""

    def write(text: str) -> Path:
        path = tmp_path / "contacts.csv"
        path.write_text(text, "utf-8")
        return path

    return write


def counts(ctx: Context) -> dict[str, int]:
    """How many rows there are of each kind."""
    rows = {"contacts": ContactRow, "accounts": AccountRow, "links": LinkRow}
    with ctx.store.firm_transaction(ctx.firm.id, write=False):
        return {name: row.of(ctx).count() for name, row in rows.items()}


def accounts_with_contacts(ctx: Context) -> dict[str, list[tuple[str, str]]]:
    """The contacts of each account by name, with what each is for it."""
    with ctx.store.firm_transaction(ctx.firm.id, write=False):
        return {
            account.name: [(c.name, c.description) for c in linked_contacts(ctx, account)]
            for account in list_accounts(ctx).accounts
        }


ADDRESS_BOOKS = {
    "all": ("Outlook", {"First Name Middle Name Last Name": "Job Title"}),
    "email": ("plain", {f"test{number}@domain.tld": "" for number in range(1, 5)}),
    "gmail": ("Google", {"Firstname Middle Lastname": "jobtitle"}),
    "outlook": ("Outlook", {"test1@domain.tld": ""}),
    "tb_plain": ("Thunderbird", {"Firstname Lastname": "title"}),
}
"""For each file: the program that wrote it, and its contacts with their job titles."""


@pytest.mark.parametrize("name", ADDRESS_BOOKS)
def test_the_address_books_of_other_programs_become_contacts_with_accounts(
    ctx: Context, corpora: Path, name: str
) -> None:
    """IMP-1."""
    source, people = ADDRESS_BOOKS[name]
    path = corpora / "contacts" / "csv" / "roundcubemail" / f"Csv2vcard__{name}.csv"
    first = import_contacts(ctx, path)
    assert first.source == source
    assert first.contacts == first.accounts == first.links == len(people)
    assert not first.refused
    assert accounts_with_contacts(ctx) == {who: [(who, job)] for who, job in people.items()}
    before = counts(ctx)
    again = import_contacts(ctx, path)
    assert (again.contacts, again.known, again.accounts) == (0, len(people), 0)
    assert counts(ctx) == before


def many(count: int) -> str:
    lines = [f"Anna,Number {n},anna{n}@x.example" for n in range(count)]
    return "\n".join(["First name,Last name,Email", *lines])


def test_an_import_that_is_killed_has_whole_batches_and_goes_on_without_doubles(
    ctx: Context, a_file: Callable[[str], Path]
) -> None:
    path = a_file(many(BATCH + 100))

    class Killed(BaseException):
        pass

    def kill(share: float) -> None:
        raise Killed

    with pytest.raises(Killed):
        import_contacts(ctx, path, progress=kill)
    assert counts(ctx) == {"contacts": BATCH, "accounts": BATCH, "links": BATCH}
    summary = import_contacts(ctx, path)
    assert (summary.contacts, summary.known) == (100, BATCH)
    assert set(counts(ctx).values()) == {BATCH + 100}


def test_three_thousand_rows_land_and_the_bar_only_grows(
    ctx: Context, a_file: Callable[[str], Path]
) -> None:
    shares: list[float] = []
    summary = import_contacts(ctx, a_file(many(3_000)), progress=shares.append)
    assert (summary.contacts, summary.accounts) == (3_000, 3_000)
    assert set(counts(ctx).values()) == {3_000}
    assert shares == sorted(shares)
    assert len(shares) == 7
    assert shares[-1] == 1.0
    with ctx.store.firm_transaction(ctx.firm.id, write=False):
        numbers = {int(row.number[1:]) for row in AccountRow.of(ctx, AccountRow.number)}
    assert numbers == set(range(1, 3_001))


ROLES = (
    "First name,Email,Job title,Account name\n"
    "Anna,anna@x.example,director,Bakery\n"
    "Bob,bob@x.example,baker,Bakery\n"
    "Anna,anna@x.example,owner,Mill\n"
    "Carl,carl@x.example,none,\n"
)


def test_imp_1_the_column_links_several_contacts_to_an_account_and_one_to_several(
    ctx: Context, a_file: Callable[[str], Path]
) -> None:
    """IMP-1."""
    for summary in (import_contacts(ctx, a_file(ROLES)), import_contacts(ctx, a_file(ROLES))):
        assert summary.rule is AccountRule.COLUMN
        assert accounts_with_contacts(ctx) == {
            "Bakery": [("Anna", "director"), ("Bob", "baker")],
            "Mill": [("Anna", "owner")],
        }
        assert counts(ctx) == {"contacts": 3, "accounts": 2, "links": 3}


def test_each_contact_gets_an_account_although_there_is_a_column(
    ctx: Context, a_file: Callable[[str], Path]
) -> None:
    summary = import_contacts(ctx, a_file(ROLES), AccountRule.EACH)
    assert (summary.contacts, summary.known, summary.accounts) == (3, 1, 3)
    assert accounts_with_contacts(ctx).keys() == {"Anna", "Bob", "Carl"}


def test_without_accounts_the_job_title_is_kept_as_a_detail(
    ctx: Context, a_file: Callable[[str], Path]
) -> None:
    summary = import_contacts(ctx, a_file(ROLES), AccountRule.NONE)
    assert (summary.contacts, summary.accounts, summary.links) == (3, 0, 0)
    with ctx.store.firm_transaction(ctx.firm.id, write=False):
        kept = [(row.label, row.value) for row in ContactDetailRow.of(ctx)]
    assert kept.count(("Job title", "director")) == 1
    assert ("Job title", "baker") in kept


def test_who_joins_no_account_keeps_the_job_title_too(
    ctx: Context, a_file: Callable[[str], Path]
) -> None:
    import_contacts(ctx, a_file(ROLES))
    with ctx.store.firm_transaction(ctx.firm.id, write=False):
        kept = [(row.label, row.value) for row in ContactDetailRow.of(ctx)]
    assert ("Job title", "none") in kept
    assert ("Job title", "director") not in kept


def test_a_column_of_accounts_that_is_not_there_is_refused(
    ctx: Context, a_file: Callable[[str], Path]
) -> None:
    with pytest.raises(Refused, match="no column"):
        import_contacts(ctx, a_file(many(2)), AccountRule.COLUMN)
    assert set(counts(ctx).values()) == {0}


def test_a_contact_without_a_name_takes_its_company_or_its_address(
    ctx: Context, a_file: Callable[[str], Path]
) -> None:
    import_contacts(ctx, a_file("Name,Company,Email\n,Bakery,\n,,anna@x.example\n"))
    assert accounts_with_contacts(ctx).keys() == {"Bakery", "anna@x.example"}
    with ctx.store.firm_transaction(ctx.firm.id, write=False):
        types = {account.name: account.type for account in list_accounts(ctx).accounts}
    assert types == {
        "Bakery": AccountType.BUSINESS,
        "anna@x.example": AccountType.INDIVIDUAL,
    }


def test_contacts_are_matched_by_any_address_whatever_its_capitals(
    ctx: Context, a_file: Callable[[str], Path]
) -> None:
    """IMP-1."""
    import_contacts(ctx, a_file("Name,Email,E-mail 2\nAnna,anna@x.example,a@home.example\n"))
    summary = import_contacts(ctx, a_file("Name,Email\nA. Visser,A@HOME.example\n"))
    assert (summary.contacts, summary.known) == (0, 1)


def test_the_same_contact_twice_in_a_file_lands_once(
    ctx: Context, a_file: Callable[[str], Path]
) -> None:
    text = "Name,Company,Phone,Email\n" + "Anna,Bakery,1,\n" * 2 + "Anna,Bakery,2,\n"
    summary = import_contacts(ctx, a_file(text))
    assert (summary.contacts, summary.known) == (2, 1)


def test_the_rest_lands_where_rows_are_refused_and_each_says_why(
    ctx: Context, a_file: Callable[[str], Path]
) -> None:
    text = "Name,Email\nAnna,anna@x.example\nBob,bob at home\n,\nCarl,carl@x.example\n"
    summary = import_contacts(ctx, a_file(text))
    assert summary.contacts == 2
    (row,) = summary.refused
    assert (row.line, row.column) == (3, "Email")
    assert "bob at home" in str(row.reason)


@pytest.mark.parametrize("right", [None, MANAGE_ACCOUNTS, MANAGE_CONTACTS])
def test_importing_needs_both_rights(
    ctx: Context, catalog: Catalog, a_file: Callable[[str], Path], right: object
) -> None:
    person = a_person(ctx.store)
    with as_owner(ctx.store, catalog, ctx.firm) as owner:
        an_employee(owner, *([right] if right else []), person_id=person)
    with as_person(ctx.store, catalog, ctx.firm, person, write=False) as theirs:
        pass
    with pytest.raises(NotAllowed):
        import_contacts(theirs, a_file(many(1)))
    assert set(counts(ctx).values()) == {0}
