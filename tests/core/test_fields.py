"""The field types that keep money, instants and days exact, on both engines."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from peewee import BigAutoField

from crm_core.store import DayField, InstantField, MinorUnitsField
from crm_core.store.database import Store, open_postgres, open_sqlite
from crm_core.store.rows import DeploymentRow
from crm_core.store.schema import create_tables
from crm_core.testing.postgres import OWNER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Sample(DeploymentRow):
    id = BigAutoField()
    amount = MinorUnitsField(null=True)
    moment = InstantField(null=True)
    day = DayField(null=True)

    class Meta:
        table_name = "sample"


@pytest.fixture
def own_store(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    """A store with the sample's table alone."""
    if engine == "sqlite":
        made = open_sqlite(tmp_path)
    else:
        server = request.getfixturevalue("postgres_server")
        made = open_postgres(server.url(server.new_database(), OWNER))
    create_tables(made.database, [Sample])
    made.close()
    yield made
    made.close()


def kept(store: Store, **values: Any) -> Any:
    """What comes back of what went in."""
    with store.deployment_transaction(write=True):
        key = Sample.insert_into(store, **values)
        row = Sample.of(store).where(Sample.id == key).get()
    (name,) = values
    return getattr(row, name)


@pytest.mark.parametrize("cents", [0, 1, -1, 123_456_789_012_345, -(2**53) - 1, 2**62])
def test_money_comes_back_to_the_cent(own_store: Store, cents: int) -> None:
    assert kept(own_store, amount=cents) == cents


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 24, 9, 5, 53, 478463, tzinfo=UTC),
        datetime(1900, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=-9, minutes=-30))),
    ],
)
def test_an_instant_comes_back_to_the_microsecond_in_utc(
    own_store: Store, moment: datetime
) -> None:
    found = kept(own_store, moment=moment)
    assert (found, found.tzinfo) == (moment, UTC)


@pytest.mark.parametrize("day", [date(2026, 2, 28), date(1900, 1, 1), date(9999, 12, 31)])
def test_a_day_comes_back_as_a_day(own_store: Store, day: date) -> None:
    found = kept(own_store, day=day)
    assert (found, type(found)) == (day, date)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", 1.5),
        ("amount", Decimal("1.50")),
        ("amount", True),
        ("amount", "1"),
        ("moment", datetime(2026, 1, 1)),  # noqa: DTZ001 - without a zone on purpose
        ("moment", 0),
        ("day", datetime(2026, 1, 1, tzinfo=UTC)),
        ("day", "2026-01-01"),
    ],
)
def test_what_would_be_rounded_or_guessed_is_refused(
    own_store: Store, field: str, value: object
) -> None:
    with pytest.raises(TypeError, match=r"^(Money is stored in whole|An instant is|A day is)"):
        kept(own_store, **{field: value})


@pytest.mark.parametrize("field", ["amount", "moment", "day"])
def test_nothing_stays_nothing(own_store: Store, field: str) -> None:
    assert kept(own_store, **{field: None}) is None
