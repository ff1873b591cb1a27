"""The firm's logo: kept in two sizes, named by the firm, changed by who manages it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core.audit import history
from crm_core.firm_logo import logo_of, logo_picture, remove_logo, set_logo
from crm_core.firms import firm_named
from crm_core.images import Pictures
from crm_core.permissions import MANAGE_FIRM
from crm_core.pictures import Size
from crm_core.refusals import NotAllowed, NotFound, Stale
from crm_core.testing.builders import a_firm, a_person, an_employee, as_owner, as_person

if TYPE_CHECKING:
    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store

ONE = Pictures(small=b"one, small", large=b"one, large")
OTHER = Pictures(small=b"other, small", large=b"other, large")


def test_a_logo_is_kept_in_two_sizes_replaced_and_removed(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """1.7, firm settings: logo. The firm itself names it, so no page asks for it."""
    with as_owner(store, catalog, firm) as ctx:
        assert logo_of(ctx) is None
        set_logo(ctx, ONE, 0)
        first = logo_of(ctx)
        assert first is not None
        assert logo_picture(ctx, Size.SMALL) == (first, ONE.small)
        assert logo_picture(ctx, Size.LARGE) == (first, ONE.large)
    assert firm_named(store, firm.slug).logo == first.digest
    with as_owner(store, catalog, firm) as ctx:
        set_logo(ctx, OTHER, 1)
        second = logo_of(ctx)
        assert second is not None
        assert (second.version, logo_picture(ctx, Size.LARGE)[1]) == (2, OTHER.large)
    assert firm_named(store, firm.slug).logo == second.digest != first.digest
    with as_owner(store, catalog, firm) as ctx:
        remove_logo(ctx)
        remove_logo(ctx)
        with pytest.raises(NotFound):
            logo_picture(ctx, Size.SMALL)
    with as_owner(store, catalog, firm, write=False) as ctx:
        told = [(e.event, dict(e.before), dict(e.after)) for e in history(ctx).entries]
    assert firm_named(store, firm.slug).logo == ""
    assert told[:3] == [
        ("firm.logo_removed", {"logo": second.digest}, {}),
        ("firm.logo_changed", {"logo": first.digest}, {"logo": second.digest}),
        ("firm.logo_changed", {}, {"logo": first.digest}),
    ]
    assert len([event for event, _, _ in told if event.startswith("firm.logo")]) == 3


@pytest.mark.parametrize("version", [0, 2])
def test_a_logo_that_somebody_else_changed_is_not_overwritten(
    store: Store, catalog: Catalog, firm: Firm, version: int
) -> None:
    """ACC-15, of the logo."""
    with as_owner(store, catalog, firm) as ctx:
        set_logo(ctx, ONE, 0)
    with pytest.raises(Stale) as refused, as_owner(store, catalog, firm) as ctx:
        set_logo(ctx, OTHER, version)
    assert refused.value.version == 1
    with as_owner(store, catalog, firm_named(store, firm.slug), write=False) as ctx:
        found = logo_of(ctx)
        assert found is not None
        assert ctx.firm.logo == found.digest
        assert logo_picture(ctx, Size.LARGE)[1] == ONE.large


def test_changing_the_logo_needs_the_right_and_seeing_it_does_not(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """1.7, PER-1."""
    plain, managing = a_person(store), a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        an_employee(ctx, person_id=plain)
        an_employee(ctx, MANAGE_FIRM, person_id=managing)
        set_logo(ctx, ONE, 0)
    with as_person(store, catalog, firm, plain) as ctx:
        assert logo_picture(ctx, Size.SMALL)[1] == ONE.small
        with pytest.raises(NotAllowed):
            set_logo(ctx, OTHER, 1)
        with pytest.raises(NotAllowed):
            remove_logo(ctx)
    with as_person(store, catalog, firm, managing) as ctx:
        set_logo(ctx, OTHER, 1)
        remove_logo(ctx)


def test_another_firm_reaches_no_logo_and_changes_only_its_own(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    other = a_firm(store)
    with as_owner(store, catalog, firm) as ctx:
        set_logo(ctx, ONE, 0)
    with as_owner(store, catalog, other) as ctx:
        assert (ctx.firm.logo, logo_of(ctx)) == ("", None)
        with pytest.raises(NotFound):
            logo_picture(ctx, Size.LARGE)
        remove_logo(ctx)
        set_logo(ctx, OTHER, 0)
        remove_logo(ctx)
    with as_owner(store, catalog, firm_named(store, firm.slug), write=False) as ctx:
        assert logo_picture(ctx, Size.LARGE)[1] == ONE.large
        assert ctx.firm.logo
