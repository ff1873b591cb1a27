"""Moments as people read them, in the viewer's zone and language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from crm_core.testing.builders import as_owner
from web.dates import exact, machine, relative

if TYPE_CHECKING:
    from crm_core.catalog import Catalog
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.store.database import Store

TUESDAY = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
"""10:30 in Amsterdam, where the firm is."""


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """Dates are no business of the database."""
    return str(request.param)


@pytest.fixture
def ctx(store: Store, catalog: Catalog, firm: Firm) -> Context:
    with as_owner(store, catalog, firm, write=False) as ctx:
        return evolve(ctx, now=TUESDAY)


@pytest.mark.parametrize(
    ("hours_ago", "read"),
    [
        (0, "today 10:30"),
        (10, "today 00:30"),
        (11, "yesterday"),
        (34, "yesterday"),
        (35, "Sunday"),
        (24 * 6, "Wednesday"),
        (24 * 7, "17 Nov"),
        (24 * 327, "1 Jan"),
        (24 * 328, "31 Dec 2025"),
        (-1, "today 11:30"),
        (-24, "25 Nov"),
        (-24 * 60, "23 Jan 2027"),
    ],
)
def test_near_days_have_names_and_far_ones_dates(ctx: Context, hours_ago: int, read: str) -> None:
    assert relative(TUESDAY - timedelta(hours=hours_ago), ctx) == read


def test_midnight_is_the_firms(ctx: Context) -> None:
    tokyo = evolve(ctx, firm=evolve(ctx.firm, zone="Asia/Tokyo"))
    moment = TUESDAY - timedelta(hours=19)
    assert relative(moment, ctx) == "yesterday"
    assert relative(moment, tokyo) == "yesterday"
    assert relative(TUESDAY - timedelta(hours=18), tokyo) == "today 00:30"


def test_the_clock_may_go_back(ctx: Context) -> None:
    autumn = evolve(ctx, now=datetime(2026, 10, 25, 12, 0, tzinfo=UTC))
    assert relative(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), autumn) == "today 02:30"
    assert relative(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), autumn) == "today 02:30"


def test_the_exact_time_names_the_zone(ctx: Context) -> None:
    assert exact(TUESDAY, ctx) == "Tuesday 24 November 2026 10:30 (Europe/Amsterdam)"


def test_days_and_months_are_in_the_viewers_language(ctx: Context) -> None:
    dutch = evolve(ctx, language="nl")
    assert exact(TUESDAY, dutch).startswith("dinsdag 24 november 2026 10:30")
    assert relative(TUESDAY - timedelta(days=3), dutch) == "zaterdag"


def test_machines_get_iso_without_fractions() -> None:
    assert machine(TUESDAY.replace(microsecond=123456)) == "2026-11-24T09:30:00+00:00"
