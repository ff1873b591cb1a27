"""Rows: no query that forgets whose rows it means, and numbers without gaps."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

import peewee
import pytest

from crm_core.refusals import Refused
from crm_core.store.database import OutsideTransaction
from crm_core.store.rows import Unscoped, next_number
from crm_core.store.tables import AccountRow, ContactRow, FirmRecord
from crm_core.testing.builders import a_firm, an_account, as_owner
from crm_core.words import _

if TYPE_CHECKING:
    from crm_core.catalog import Catalog
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.store.database import Store

CLOSED = ("select", "insert", "insert_many", "update", "delete", "raw", "get", "create", "replace")


@pytest.mark.parametrize("row", [AccountRow, FirmRecord])
@pytest.mark.parametrize("way", [*CLOSED, "get_or_none", "bulk_create", "get_by_id"])
def test_peewees_own_ways_to_start_a_query_are_closed(row: type[peewee.Model], way: str) -> None:
    with pytest.raises(Unscoped, match=row.__name__):
        getattr(row, way)()


def test_a_firms_rows_are_not_reached_outside_its_transaction(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm, write=False) as ctx:
        pass
    with pytest.raises(OutsideTransaction):
        AccountRow.of(ctx)
    other = a_firm(store)
    with pytest.raises(OutsideTransaction), store.firm_transaction(other.id, write=False):
        AccountRow.of(ctx)
    with pytest.raises(OutsideTransaction), store.deployment_transaction(write=False):
        AccountRow.of(ctx)
    with pytest.raises(OutsideTransaction):
        FirmRecord.of(store)


def test_one_business_action_is_one_transaction(store: Store, firm: Firm) -> None:
    with (
        pytest.raises(OutsideTransaction),
        store.firm_transaction(firm.id, write=True),
        store.firm_transaction(firm.id, write=True),
    ):
        pass


def test_reading_changing_and_removing_never_touch_another_firm(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    other = a_firm(store)
    with as_owner(store, catalog, other) as ctx:
        an_account(ctx, "Theirs")
    with as_owner(store, catalog, firm) as ctx:
        an_account(ctx, "Ours")
        assert [row.name for row in AccountRow.of(ctx)] == ["Ours"]
        assert AccountRow.change(ctx, company_name="Changed").execute() == 1
        assert ContactRow.change(ctx, phone="1").execute() == 1
    with as_owner(store, catalog, other, write=False) as ctx:
        assert [row.company_name for row in AccountRow.of(ctx)] == [""]


def test_a_reading_transaction_cannot_write(store: Store, catalog: Catalog, firm: Firm) -> None:
    with pytest.raises(peewee.DatabaseError), as_owner(store, catalog, firm, write=False) as ctx:
        an_account(ctx)
    with as_owner(store, catalog, firm) as ctx:
        an_account(ctx)


def test_numbers_are_unique_and_without_gaps_under_eight_writers(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    taken: list[int] = []

    def take() -> None:
        for attempt in range(6):
            try:
                with as_owner(store, catalog, firm) as ctx:
                    number = next_number(ctx, "invoice")
                    if attempt % 3 == 2:
                        raise Refused(_("undone"))
                taken.append(number)
            except Refused:
                pass
        store.close()

    writers = [Thread(target=take) for _writer in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(taken) == list(range(1, 33))


def test_counters_are_of_a_firm_and_a_name(store: Store, catalog: Catalog, firm: Firm) -> None:
    other = a_firm(store)

    def take(ctx: Context, name: str, count: int = 1) -> int:
        return next_number(ctx, name, count)

    with as_owner(store, catalog, firm) as ctx:
        assert [take(ctx, "a"), take(ctx, "a", 5), take(ctx, "a"), take(ctx, "b")] == [1, 2, 7, 1]
    with as_owner(store, catalog, other) as ctx:
        assert take(ctx, "a") == 1
