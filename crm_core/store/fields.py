"""The three field types that peewee's own do not keep exact: money, instants and days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import peewee

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class MinorUnitsField(peewee.BigIntegerField):
    """An amount of money in the smallest unit of its currency (cents), which stands beside it.

    Only whole numbers go in: a float or a Decimal is refused, since it would be rounded silently.
    """

    def db_value(self, value: Any) -> int | None:
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        raise TypeError(f"Money is stored in whole minor units, not as {type(value).__name__}.")


class InstantField(peewee.BigIntegerField):
    """A moment, stored as whole microseconds since 1970 in UTC, read as an aware datetime."""

    def db_value(self, value: Any) -> int | None:
        if value is None:
            return None
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise TypeError("An instant is a datetime with a time zone.")
        return (value - EPOCH) // timedelta(microseconds=1)

    def python_value(self, value: Any) -> datetime | None:
        return None if value is None else EPOCH + timedelta(microseconds=value)


class DayField(peewee.DateField):
    """A calendar day without a time, such as a due date in the firm's own zone."""

    def db_value(self, value: Any) -> Any:
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return super().db_value(value)  # type: ignore[no-untyped-call]
        raise TypeError(f"A day is a date without a time, not {type(value).__name__}.")
