"""Statements whose text is made once: what they answer, for whom, and that the text is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import peewee
import pytest

from crm_core.accounts import AccountType
from crm_core.store.database import OutsideTransaction, Scoped, Store
from crm_core.store.statements import MOST_VALUES, compiled
from crm_core.store.tables import AccountRow, FirmRecord
from crm_core.testing.builders import a_firm, an_account, as_owner
from crm_core.testing.recording import recorded

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_core.catalog import Catalog
    from crm_core.firms import Firm

HOUR = timedelta(hours=1)
LAST = AccountRow.created.desc()


@pytest.fixture
def made() -> list[str]:
    """A mark for each time that a query was made."""
    return []


@pytest.fixture
def made_after(made: list[str]) -> Callable[..., list[Any]]:
    @compiled
    def query(asked: Scoped, moment: Any, count: Any) -> Any:
        made.append("made")
        found = AccountRow.of(asked, AccountRow, AccountRow.name.alias("called"))
        return found.where(AccountRow.created > moment).order_by(LAST).limit(count)

    return query


@pytest.fixture
def named(made: list[str]) -> Callable[..., list[Any]]:
    @compiled
    def query(asked: Scoped, names: Any) -> Any:
        made.append("made")
        of = AccountRow.of(asked, AccountRow.name)
        return of.where(AccountRow.name.in_(names)).order_by(AccountRow.name)

    return query


def test_a_row_has_what_peewee_would_read(
    store: Store, catalog: Catalog, firm: Firm, made_after: Callable[..., list[Any]]
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx, "Bakery")
        (row,) = made_after(ctx, ctx.now - HOUR, 5)
        by_peewee = AccountRow.of(ctx).get()
    assert (row.id, row.name, row.called) == (account.id, "Bakery", "Bakery")
    assert (row.created, row.archived) == (by_peewee.created, None)
    assert row.created.tzinfo is UTC
    assert row.name_by_hand is by_peewee.name_by_hand
    assert AccountType(row.type) is account.type


def test_it_is_made_once_and_run_with_other_values(
    store: Store,
    catalog: Catalog,
    firm: Firm,
    made: list[str],
    made_after: Callable[..., list[Any]],
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        for name in ("Anna", "Bob", "Carl"):
            an_account(ctx, name)
        with recorded(store) as statements:
            counts = [len(made_after(ctx, ctx.now - HOUR, count)) for count in (1, 2, 3)]
        assert made_after(ctx, ctx.now + HOUR, 3) == []
    assert counts == [1, 2, 3]
    assert len(set(statements)) == 1
    assert made == ["made"]


def test_it_reads_the_rows_of_whoever_asks(
    store: Store, catalog: Catalog, firm: Firm, named: Callable[..., list[Any]]
) -> None:
    other = a_firm(store)
    for whose in (firm, other):
        with as_owner(store, catalog, whose) as ctx:
            an_account(ctx, f"Client of {whose.slug}")
    names = [f"Client of {whose.slug}" for whose in (firm, other)]
    for whose in (firm, other):
        with as_owner(store, catalog, whose, write=False) as ctx:
            assert [row.name for row in named(ctx, names)] == [f"Client of {whose.slug}"]


def test_it_runs_in_a_transaction_of_the_firm_alone(
    store: Store, catalog: Catalog, firm: Firm, named: Callable[..., list[Any]]
) -> None:
    other = a_firm(store)
    with as_owner(store, catalog, firm, write=False) as ctx:
        named(ctx, [])
    with pytest.raises(OutsideTransaction):
        named(ctx, [])
    with as_owner(store, catalog, other, write=False), pytest.raises(OutsideTransaction):
        named(ctx, [])


def test_a_list_is_a_value_of_any_length(
    store: Store, catalog: Catalog, firm: Firm, made: list[str], named: Callable[..., list[Any]]
) -> None:
    names = [f"Client {number:03}" for number in range(MOST_VALUES + 20)]
    with as_owner(store, catalog, firm) as ctx:
        for name in names[:3]:
            an_account(ctx, name)
        for asked in ([], names[:1], names[1:3], names):
            found = [row.name for row in named(ctx, asked)]
            assert found == [name for name in names[:3] if name in asked]
        assert len(made) == 4
        named(ctx, names[2:3])
        assert len(made) == 4, "a text is kept for each length"
        named(ctx, names)
        assert len(made) == 5, "but not for one that is very long"


def test_the_rows_of_the_deployment_are_asked_of_the_store(store: Store, firm: Firm) -> None:
    @compiled
    def slugs(asked: Store, slug: Any) -> Any:
        return FirmRecord.of(asked, FirmRecord.slug).where(FirmRecord.slug == slug)

    with store.deployment_transaction(write=False):
        assert [row.slug for row in slugs(store, firm.slug)] == [firm.slug]
    with pytest.raises(OutsideTransaction):
        slugs(store, firm.slug)


def test_what_a_value_is_stored_as_is_its_columns_business(
    store: Store, catalog: Catalog, firm: Firm, made_after: Callable[..., list[Any]]
) -> None:
    with as_owner(store, catalog, firm, write=False) as ctx, pytest.raises(TypeError):
        made_after(ctx, datetime(2026, 1, 1), 5)  # noqa: DTZ001


def test_an_aggregate_is_read_by_its_name(store: Store, catalog: Catalog, firm: Firm) -> None:
    @compiled
    def counted(asked: Scoped) -> Any:
        last = peewee.fn.MAX(AccountRow.created).converter(AccountRow.created.python_value)
        return AccountRow.of(asked, peewee.fn.COUNT(AccountRow.id).alias("all"), last.alias("last"))

    with as_owner(store, catalog, firm) as ctx:
        an_account(ctx, "Bakery")
        (row,) = counted(ctx)
        assert (row.all, row.last) == (1, AccountRow.of(ctx).get().created)


def test_a_query_that_asks_what_its_values_are_is_refused(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    @compiled
    def asking(asked: Scoped, only: Any) -> Any:
        found = AccountRow.of(asked, AccountRow.id)
        return found.where(AccountRow.id == only) if only else found

    with as_owner(store, catalog, firm) as ctx, pytest.raises(TypeError, match="asks none"):
        asking(ctx, 1)
