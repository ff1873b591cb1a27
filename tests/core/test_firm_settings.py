"""What a firm settles about itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from crm_core import audit
from crm_core.firm_settings import Accent, FirmChange, change_firm
from crm_core.firms import firm_named
from crm_core.permissions import MANAGE_FIRM
from crm_core.postal import PostalAddress
from crm_core.refusals import NotAllowed, Refused, Stale
from crm_core.testing.builders import a_person, an_employee, as_owner, as_person

if TYPE_CHECKING:
    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store

WANTED = FirmChange(
    name="Van Dijk & Co",
    address=PostalAddress(street="Kade 1", city="Hoorn"),
    zone="America/New_York",
    currency="USD",
    language="nl",
    accent=Accent.BLUE,
    version=1,
)


def test_everything_is_saved_at_once_and_told(store: Store, catalog: Catalog, firm: Firm) -> None:
    """PER-3."""
    with as_owner(store, catalog, firm) as ctx:
        change_firm(ctx, WANTED)
    saved = firm_named(store, firm.slug)
    assert (saved.name, saved.zone, saved.currency) == ("Van Dijk & Co", "America/New_York", "USD")
    assert (saved.language, saved.accent, saved.version) == ("nl", "blue", 2)
    assert saved.address == WANTED.address
    with as_owner(store, catalog, saved) as ctx:
        entry = audit.history(ctx).entries[0]
    assert (entry.before["currency"], entry.after["currency"]) == ("EUR", "USD")
    assert "region" not in entry.after


def test_the_second_of_two_is_told_what_the_first_saved(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """ACC-15."""
    with as_owner(store, catalog, firm) as ctx:
        change_firm(ctx, WANTED)
    now = firm_named(store, firm.slug)
    with pytest.raises(Stale) as stale, as_owner(store, catalog, now) as ctx:
        change_firm(ctx, evolve(WANTED, name="Other"))
    assert stale.value.now["name"] == "Van Dijk & Co"


@pytest.mark.parametrize(
    ("wrong", "at"),
    [
        ({"name": " "}, "name"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"currency": "euro"}, "currency"),
        ({"language": "xx"}, "language"),
    ],
)
def test_what_there_is_not_is_refused(
    store: Store, catalog: Catalog, firm: Firm, wrong: dict[str, str], at: str
) -> None:
    with pytest.raises(Refused) as refused, as_owner(store, catalog, firm) as ctx:
        change_firm(ctx, evolve(WANTED, **wrong))
    assert refused.value.at == at
    assert firm_named(store, firm.slug) == firm


def test_it_needs_the_right(store: Store, catalog: Catalog, firm: Firm) -> None:
    """PER-4."""
    emil, mia = a_person(store), a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        an_employee(ctx, person_id=emil)
        an_employee(ctx, MANAGE_FIRM, person_id=mia)
    with pytest.raises(NotAllowed), as_person(store, catalog, firm, emil) as ctx:
        change_firm(ctx, WANTED)
    with as_person(store, catalog, firm, mia) as ctx:
        change_firm(ctx, WANTED)
