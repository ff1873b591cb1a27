"""The audit: one chain for each firm, which nobody changes unnoticed."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

import peewee
import pytest

from crm_core import audit, events
from crm_core.permissions import READ_HISTORY
from crm_core.refusals import NotAllowed, Refused
from crm_core.store.audit_rows import AuditEntryRow, AuditHeadRow, AuditPersonalRow
from crm_core.store.database import FirmScope
from crm_core.testing.builders import (
    a_firm,
    a_person,
    an_account,
    an_employee,
    as_owner,
    as_person,
)

if TYPE_CHECKING:
    from crm_core.audit import Verdict
    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store


def verdict(store: Store, firm: Firm) -> Verdict:
    with store.firm_transaction(firm.id, write=False):
        return audit.verify(FirmScope(store, firm))


def tell(store: Store, catalog: Catalog, firm: Firm, times: int = 1) -> None:
    for number in range(times):
        with as_owner(store, catalog, firm) as ctx:
            audit.record(ctx, events.FIRM_CHANGED, before={"name": "Old"}, after={"name": number})


def test_per_3_a_fact_says_who_when_from_where_before_and_after(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """PER-3."""
    tell(store, catalog, firm)
    with as_owner(store, catalog, firm, write=False) as ctx:
        (entry,) = audit.history(ctx).entries
    assert (entry.who, entry.browser) == ("Olga Owner", "command line")
    assert (entry.event, entry.before, entry.after) == (
        "firm.firm_changed",
        {"name": "Old"},
        {"name": 0},
    )
    assert (ctx.now - entry.at).total_seconds() < 60


def test_an_action_that_is_undone_leaves_no_fact(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with pytest.raises(Refused), as_owner(store, catalog, firm) as ctx:
        audit.record(ctx, events.FIRM_CHANGED)
        raise Refused(events.FIRM_CHANGED.title)
    assert verdict(store, firm).entries == 0


def test_facts_of_one_action_stand_in_their_order(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        audit.record(ctx, events.ROLE_CHANGED)
        audit.record(ctx, events.RIGHTS_CHANGED)
    with as_owner(store, catalog, firm, write=False) as ctx:
        found = [entry.event for entry in audit.history(ctx).entries]
    assert found == ["team.rights_changed", "team.role_changed"]


def test_each_firm_has_a_chain_of_its_own(store: Store, catalog: Catalog, firm: Firm) -> None:
    other = a_firm(store)
    tell(store, catalog, firm, 3)
    tell(store, catalog, other)
    assert (verdict(store, firm).entries, verdict(store, other).entries) == (3, 1)
    assert verdict(store, firm).head != verdict(store, other).head


def test_eight_writers_at_once_lose_no_fact(store: Store, catalog: Catalog, firm: Firm) -> None:
    def write() -> None:
        tell(store, catalog, firm, 10)
        store.close()

    writers = [Thread(target=write) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert (verdict(store, firm).entries, verdict(store, firm).fault) == (80, None)


@pytest.mark.parametrize("change", ["UPDATE", "DELETE"])
def test_the_database_refuses_to_change_or_remove_a_fact(
    store: Store, catalog: Catalog, firm: Firm, change: str
) -> None:
    tell(store, catalog, firm)
    with pytest.raises(peewee.DatabaseError), as_owner(store, catalog, firm) as ctx:
        if change == "UPDATE":
            AuditEntryRow.change(ctx, event="nothing.happened").execute()
        else:
            AuditEntryRow.remove(ctx).execute()
    assert verdict(store, firm).fault is None


def test_a_changed_personal_part_is_found(store: Store, catalog: Catalog, firm: Firm) -> None:
    tell(store, catalog, firm, 3)
    with as_owner(store, catalog, firm) as ctx:
        AuditPersonalRow.change(ctx, text="{}").where(AuditPersonalRow.number == 2).execute()
    assert verdict(store, firm).fault == 2


def test_a_head_that_does_not_fit_is_found(store: Store, catalog: Catalog, firm: Firm) -> None:
    tell(store, catalog, firm, 3)
    with as_owner(store, catalog, firm) as ctx:
        AuditHeadRow.change(ctx, hash="0" * 64).execute()
    assert verdict(store, firm).fault == 4


def test_erasing_what_is_personal_leaves_the_chain_whole(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    tell(store, catalog, firm, 3)
    with as_owner(store, catalog, firm) as ctx:
        AuditPersonalRow.remove(ctx).where(AuditPersonalRow.number == 2).execute()
    assert (verdict(store, firm).fault, verdict(store, firm).erased) == (None, 1)
    with as_owner(store, catalog, firm, write=False) as ctx:
        erased = [entry for entry in audit.history(ctx).entries if entry.erased]
    assert [(entry.number, entry.who, entry.after) for entry in erased] == [(2, "", {})]


def test_the_history_goes_on_page_by_page(store: Store, catalog: Catalog, firm: Firm) -> None:
    tell(store, catalog, firm, 5)
    with as_owner(store, catalog, firm, write=False) as ctx:
        numbers: list[int] = []
        before = None
        while True:
            page = audit.history(ctx, before=before, size=2)
            numbers += [entry.number for entry in page.entries]
            if page.before is None:
                break
            before = page.before
    assert numbers == [5, 4, 3, 2, 1]


def test_the_history_of_an_account_holds_its_own_facts_alone(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        bakery, _butcher = an_account(ctx, "Bakery"), an_account(ctx, "Butcher")
    with as_owner(store, catalog, firm, write=False) as ctx:
        (entry,) = audit.history(ctx, account_id=bakery.id).entries
    assert entry.after["name"] == "Bakery"


def test_the_firms_history_needs_its_right(store: Store, catalog: Catalog, firm: Firm) -> None:
    plain, reader = a_person(store), a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        an_employee(ctx, person_id=plain)
        an_employee(ctx, READ_HISTORY, person_id=reader)
    with pytest.raises(NotAllowed), as_person(store, catalog, firm, plain, write=False) as ctx:
        audit.history(ctx)
    with as_person(store, catalog, firm, reader, write=False) as ctx:
        assert audit.history(ctx).entries
