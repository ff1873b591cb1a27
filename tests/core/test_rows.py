"""Rows: no query that forgets whose rows it means, and numbers without gaps."""

from __future__ import annotations

from operator import delitem, setitem
from threading import Thread
from typing import TYPE_CHECKING, Any

import peewee
import pytest

from crm_core.contacts import Detail, NewContact, add_contact
from crm_core.firms import create_person
from crm_core.refusals import Refused
from crm_core.store.database import OutsideTransaction
from crm_core.store.rows import Unscoped, next_number
from crm_core.store.tables import AccountRow, ContactDetailRow, ContactRow, FirmRecord, PersonRow
from crm_core.testing.builders import a_firm, an_account, as_owner
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_core.catalog import Catalog
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.store.database import Store

NEW = NewContact(first_name="Anna")
DETAIL = (
    ContactDetailRow.contact_id,
    ContactDetailRow.label,
    ContactDetailRow.value,
    ContactDetailRow.position,
)

WAYS: dict[str, Callable[[Any], object]] = {
    "select": lambda row: row.select(),
    "insert": lambda row: row.insert(version=1),
    "insert_many": lambda row: row.insert_many([{"version": 1}]),
    "insert_from": lambda row: row.insert_from(None, []),
    "update": lambda row: row.update(version=1),
    "delete": lambda row: row.delete(),
    "raw": lambda row: row.raw("SELECT 1"),
    "get": lambda row: row.get(),
    "create": lambda row: row.create(version=1),
    "replace": lambda row: row.replace(version=1),
    "replace_many": lambda row: row.replace_many([{"version": 1}]),
    "get_or_none": lambda row: row.get_or_none(),
    "get_by_id": lambda row: row.get_by_id(1),
    "get_or_create": lambda row: row.get_or_create(version=1),
    "bulk_create": lambda row: row.bulk_create([]),
    "bulk_update": lambda row: row.bulk_update([], ["version"]),
    "set_by_id": lambda row: row.set_by_id(1, {"version": 2}),
    "delete_by_id": lambda row: row.delete_by_id(1),
    "filter": lambda row: row.filter(version=1),
    "[]": lambda row: row[1],
    "[] =": lambda row: setitem(row, 1, {"version": 2}),
    "del": lambda row: delitem(row, 1),
    "in": lambda row: 1 in row,
    "len": len,
    "iter": list,
    "save": lambda row: row(version=1).save(),
    "save a known one": lambda row: row(id=1, version=1).save(),
    "delete_instance": lambda row: row(id=1).delete_instance(),
}
"""How peewee lets one begin a query, every way of it."""

HARMLESS = {
    "add_index",
    "alias",
    "bind",
    "bind_ctx",
    "dependencies",
    "get_id",
    "index",
    "is_dirty",
    "noop",
    "validate_model",
}
UNBOUND = {"create_table", "drop_table", "table_exists", "truncate_table"}
"""What asks the row's own database, which it has not."""


@pytest.mark.parametrize("row", [AccountRow, FirmRecord])
@pytest.mark.parametrize("way", WAYS)
def test_peewees_own_ways_to_start_a_query_are_closed(row: type[peewee.Model], way: str) -> None:
    with pytest.raises(Unscoped, match=row.__name__):
        WAYS[way](row)


def test_there_is_no_way_that_nobody_thought_of() -> None:
    ways = {
        name
        for name, value in vars(peewee.Model).items()
        if not name.startswith("_") and (callable(value) or isinstance(value, classmethod))
    }
    assert ways == {w for w in WAYS if w in ways} | HARMLESS | UNBOUND


@pytest.mark.parametrize("way", sorted(UNBOUND))
def test_a_row_has_no_database_of_its_own(way: str) -> None:
    with pytest.raises(peewee.ImproperlyConfigured):
        getattr(AccountRow, way)()


def test_a_query_that_begins_with_an_alias_leads_nowhere(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm), pytest.raises(peewee.InterfaceError):
        AccountRow.alias().select().execute()


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
        add_contact(ctx, NewContact(first_name="T", details=(Detail(label="a", value="theirs"),)))
    with as_owner(store, catalog, firm) as ctx:
        an_account(ctx, "Ours")
        assert [row.name for row in AccountRow.of(ctx)] == ["Ours"]
        assert AccountRow.change(ctx, company_name="Changed").execute() == 1
        assert ContactRow.change(ctx, phone="1").execute() == 1
        add_contact(ctx, NewContact(first_name="Ours", details=(Detail(label="a", value="b"),)))
        assert ContactDetailRow.remove(ctx).execute() == 1
    with as_owner(store, catalog, other, write=False) as ctx:
        assert [row.company_name for row in AccountRow.of(ctx)] == [""]
        assert [row.value for row in ContactDetailRow.of(ctx)] == ["theirs"]


def test_rows_are_added_to_the_firm_that_asks_whatever_is_said(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    other = a_firm(store)
    with as_owner(store, catalog, firm) as ctx:
        with pytest.raises(TypeError):
            ContactDetailRow.adding(ctx, firm_id=other.id, label="x")
        numbers = [(n, str(n), "v", 0) for n in (add_contact(ctx, NEW) for _ in range(3))]
        ContactDetailRow.insert_all(ctx, DETAIL, numbers)
        assert {row.firm_id for row in ContactDetailRow.of(ctx)} == {firm.id}


def test_the_deployments_rows_are_read_changed_and_removed_in_its_transaction(store: Store) -> None:
    with store.deployment_transaction(write=True):
        keys = [create_person(store) for _ in range(2)]
        assert PersonRow.change(store, language="nl").where(PersonRow.id == keys[0]).execute() == 1
        assert PersonRow.remove(store).where(PersonRow.id == keys[1]).execute() == 1
    with store.deployment_transaction(write=False):
        assert [(row.id, row.language) for row in PersonRow.of(store)] == [(keys[0], "nl")]
    with pytest.raises(peewee.DatabaseError), store.deployment_transaction(write=False):
        create_person(store)
    for outside in (PersonRow.remove, PersonRow.change, PersonRow.of, create_person):
        with pytest.raises(OutsideTransaction):
            outside(store)


def test_a_transaction_that_fails_is_undone_and_leaves_nothing_behind(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with pytest.raises(Refused), as_owner(store, catalog, firm) as ctx:
        an_account(ctx)
        raise Refused(_("undone"))
    assert (store.in_transaction, store.firm_id) == (False, None)
    with as_owner(store, catalog, firm, write=False) as ctx:
        assert AccountRow.of(ctx).count() == 0
    with as_owner(store, catalog, firm) as ctx:
        an_account(ctx)


def test_a_part_that_fails_in_a_savepoint_is_undone_alone(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        an_account(ctx, "Kept")
        with pytest.raises(Refused), store.savepoint():
            an_account(ctx, "Undone")
            raise Refused(_("undone"))
        assert [row.name for row in AccountRow.of(ctx)] == ["Kept"]


def test_what_waits_for_the_end_is_done_in_the_transaction_or_not_at_all(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    done: list[str] = []
    with as_owner(store, catalog, firm):
        store.at_end(lambda: done.append(f"in a transaction: {store.in_transaction}"))
        assert done == []
    assert done == ["in a transaction: True"]
    with pytest.raises(Refused), as_owner(store, catalog, firm):
        store.at_end(lambda: done.append("never"))
        raise Refused(_("undone"))
    with as_owner(store, catalog, firm):
        pass
    assert len(done) == 1


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


def test_the_database_refuses_changes_where_only_reading_was_asked_for(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    def rename(name: str) -> None:
        FirmRecord.change(store, name=name).where(FirmRecord.id == firm.id).execute()

    def name() -> str:
        return str(FirmRecord.of(store, FirmRecord.name).where(FirmRecord.id == firm.id).get().name)

    for number in range(2):
        with as_owner(store, catalog, firm, write=False), pytest.raises(peewee.DatabaseError):
            rename("Refused")
        with as_owner(store, catalog, firm):
            rename(f"Kept {number}")
        with as_owner(store, catalog, firm, write=False):
            assert name() == f"Kept {number}"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_comes_outside_of_a_transaction_may_change_what_the_one_before_it_read(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm, write=False):
        pass
    store.database.execute_sql("CREATE TABLE of_a_migration (id INTEGER)")
    with as_owner(store, catalog, firm, write=False), pytest.raises(peewee.DatabaseError):
        FirmRecord.change(store, name="Refused").execute()
