"""Taking along and deleting what is kept of an account, of every table, whoever brings it."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve

from crm_core import NotAllowed, audit
from crm_core.account_changes import archive_account, delete_account
from crm_core.accounts import account_of
from crm_core.contributions import DemoAccount
from crm_core.files import sweep
from crm_core.links import link_contact
from crm_core.store.tables import CORE_TABLES
from crm_core.taking import NAMED_BY, OF_THE_CORE, Lines, tables_taken, take_account
from crm_core.testing.builders import a_contact, an_account, an_employee, as_owner, as_person
from tests.conftest import PASSWORD
from tests.web.browsing import elements
from web.signin.people import add_person

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from crm_core.accounts import Account
    from crm_core.catalog import Catalog
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.store.database import Store

NOT_TAKEN = {
    "account_search": "the words by which it is found",
    "account_photo": "a picture made smaller of one that is not kept",
    "audit_entry": "goes as history.jsonl",
    "access_request": "what colleagues asked of each other",
    "portal_invitation": "its tokens open the portal; the history tells of it",
    "action_link": "its tokens act without signing in; the history tells of it",
    "notice": "a mail about something that goes along itself",
    "inbox_entry": "of a colleague",
    "reminder": "work to come, for what goes along itself",
    "stored_file": "its bytes go along, with their hashes in contents.json",
}
"""The core's tables with an account of which nothing is taken along, each with the reason."""


class Archive:
    """An archive that was taken, opened."""

    def __init__(self, content: bytes) -> None:
        self.file = zipfile.ZipFile(BytesIO(content))
        self.contents = json.loads(self.file.read("contents.json"))

    def rows(self, table: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.file.read(f"rows/{table}.jsonl").splitlines()]

    def text(self) -> str:
        return "\n".join(self.file.read(name).decode("utf-8", "replace") for name in self.names)

    @property
    def names(self) -> list[str]:
        return self.file.namelist()


def taken(ctx: Context, account: Account) -> Archive:
    return Archive(b"".join(take_account(ctx, account).chunks))


@pytest.fixture
def accounts(store: Store, catalog: Catalog, owned_firm: Firm) -> tuple[Account, Account]:
    """Two accounts, each with all that the demonstrations of our plugins make."""
    with as_owner(store, catalog, owned_firm) as ctx:
        both = (an_account(ctx, "Bakery"), an_account(ctx, "CANARY"))
        for account in both:
            contact = a_contact(ctx, f"Anna {account.name}", f"{account.id}@x.example")
            link_contact(ctx, account, contact)
        for dataset in catalog.everything.datasets:
            if dataset.value.demo is not None:
                told = [DemoAccount(account=one, trade="bakery", first=True) for one in both]
                dataset.value.demo(ctx, told, Random(1))
    return both


def of_account(ctx: Context, row: Any, account: Account) -> bool:
    return bool(row.of(ctx).where(row.account_id == account.id).exists())


def test_what_every_module_keeps_of_an_account_is_taken_along_and_of_no_other(
    store: Store, catalog: Catalog, owned_firm: Firm, accounts: tuple[Account, Account]
) -> None:
    """EXP-2: each row of a table that knows accounts is in exactly one of two archives."""
    with as_owner(store, catalog, owned_firm) as ctx:
        one, other = (taken(ctx, account) for account in accounts)
        assert "CANARY" not in one.text()
        assert "Anna Bakery" in one.text()
        filled = 0
        for row in tables_taken(ctx):
            name = row._meta.table_name
            if row in (*OF_THE_CORE, *NAMED_BY) or name == "member":
                continue
            mine = len(one.rows(name))
            assert mine == one.contents["tables"][name]["rows"]
            without = 0
            if "account_id" in row._meta.fields:
                without = row.of(ctx).where(row.account_id.is_null()).count()
            assert mine + len(other.rows(name)) == row.of(ctx).count() - without, name
            filled += bool(mine)
    assert filled >= 6


def test_every_file_goes_along_with_its_bytes(
    store: Store, catalog: Catalog, owned_firm: Firm, accounts: tuple[Account, Account]
) -> None:
    """EXP-2: whole, under the names of its folders, with its hash."""
    with as_owner(store, catalog, owned_firm) as ctx:
        found = taken(ctx, accounts[0])
    assert found.file.testzip() is None
    told = found.contents["files"]
    assert set(told) == {name for name in found.names if name.startswith("files/")}
    assert len(told) >= 3
    for name, about in told.items():
        assert hashlib.sha256(found.file.read(name)).hexdigest() == about["sha256"]
    assert any(name.startswith("files/documents/From the client/") for name in told)


def test_every_table_of_the_core_that_knows_accounts_is_taken_along_or_says_why_not() -> None:
    """EXP-2"""
    known = {row._meta.table_name for row in OF_THE_CORE}
    with_accounts = {
        row._meta.table_name for row in CORE_TABLES if "account_id" in row._meta.fields
    }
    assert with_accounts - known == set(NOT_TAKEN)


def test_what_a_plugin_may_store_has_a_place_in_a_line() -> None:
    """EXP-2: moments, days, exact numbers and bytes, beside what JSON has of its own."""
    lines, noon = Lines(), datetime(2026, 1, 2, 12, tzinfo=UTC)
    lines.add({"at": noon, "on": noon.date(), "of": Decimal("1.10"), "raw": b"\0\xff"})
    (line,) = b"".join(lines.chunks()).splitlines()
    assert json.loads(line) == {
        "at": "2026-01-02T12:00:00+00:00",
        "on": "2026-01-02",
        "of": "1.10",
        "raw": "AP8=",
    }


def test_no_secret_and_no_key_of_another_firm_goes_along(
    store: Store, catalog: Catalog, owned_firm: Firm
) -> None:
    """EXP-2: columns with tokens and hashes stay."""
    with as_owner(store, catalog, owned_firm) as ctx:
        columns = taken(ctx, an_account(ctx, "Plain")).contents["tables"]
    said = {name for table in columns.values() for name in table["columns"]}
    assert not [name for name in said if "token" in name or "secret" in name or "hash" in name]
    assert "firm_id" not in said


def test_what_is_taken_along_stands_in_the_history(
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
    client: FlaskClient,
    accounts: tuple[Account, Account],
) -> None:
    """EXP-2, PER-3: who, and how much; after a proof of who one is."""
    account = accounts[0]
    path = f"/f/acme/accounts/{account.public_id}/info"
    assert elements(client.get(path).text, "a", href=f"{path}/take")
    page = client.get(f"{path}/take").text
    assert "Take everything of Bakery along" in page
    answer = client.get(f"{path}/taken")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    found = Archive(answer.data)
    assert found.contents["client"] == {"number": account.number, "name": "Bakery"}
    with as_owner(store, catalog, owned_firm) as ctx:
        told = audit.history(ctx, account_id=account.id).entries[0]
    assert told.event == "accounts.account_taken"
    assert told.after == {
        "rows": sum(table["rows"] for table in found.contents["tables"].values()),
        "files": len(found.contents["files"]),
    }


def test_only_who_manages_accounts_takes_them_along(
    store: Store, catalog: Catalog, owned_firm: Firm, accounts: tuple[Account, Account]
) -> None:
    """EXP-2, PER-4"""
    person = add_person(store, "emil@firm.example", PASSWORD)
    with as_owner(store, catalog, owned_firm) as ctx:
        an_employee(ctx, accounts=accounts, person_id=person)
    with as_person(store, catalog, owned_firm, person) as ctx, pytest.raises(NotAllowed):
        take_account(ctx, accounts[0])


def test_nothing_is_left_of_an_account_that_is_deleted(
    store: Store, catalog: Catalog, owned_firm: Firm, accounts: tuple[Account, Account]
) -> None:
    """ACC-13: no row of any module, no file once it is swept; of the other all is there."""
    gone, stays = accounts
    with as_owner(store, catalog, owned_firm) as ctx:
        before = taken(ctx, stays).contents
        archive_account(ctx, gone)
        delete_account(ctx, account_of(ctx, gone.public_id), "Bakery")
        rows = [row for row in tables_taken(ctx) if "account_id" in row._meta.fields]
        assert not [row for row in rows if of_account(ctx, row, gone)]
    with as_owner(store, catalog, owned_firm) as ctx:
        sweep(evolve(ctx, now=ctx.now + timedelta(days=2)))
        after = taken(ctx, stays).contents
        kept = set(store.files.keys(ctx.firm.id, ctx.now + timedelta(days=2)))
    assert after["files"] == before["files"]
    assert {name: table["rows"] for name, table in after["tables"].items()} == {
        name: table["rows"] for name, table in before["tables"].items()
    }
    assert len(kept) == len(set(after["files"]))
