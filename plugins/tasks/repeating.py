"""When a task comes again: calendar rules, as RFC 5545 writes them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from dateutil.rrule import rrulestr

from plugins.tasks.words import _

if TYPE_CHECKING:
    from datetime import date


class Repeat(StrEnum):
    """How often a task comes again."""

    NEVER = ""
    DAILY = "daily"
    WEEKDAYS = "weekdays"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    MONTH_END = "month_end"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


REPEATS = {
    Repeat.NEVER: _("Does not repeat"),
    Repeat.DAILY: _("Every day"),
    Repeat.WEEKDAYS: _("Every working day, Monday to Friday"),
    Repeat.WEEKLY: _("Every week"),
    Repeat.FORTNIGHTLY: _("Every two weeks"),
    Repeat.MONTHLY: _("Every month"),
    Repeat.MONTH_END: _("On the last day of every month"),
    Repeat.QUARTERLY: _("Every three months"),
    Repeat.YEARLY: _("Every year"),
}

_RULES = {
    Repeat.DAILY: "FREQ=DAILY",
    Repeat.WEEKDAYS: "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR",
    Repeat.WEEKLY: "FREQ=WEEKLY",
    Repeat.FORTNIGHTLY: "FREQ=WEEKLY;INTERVAL=2",
    Repeat.MONTHLY: "FREQ=MONTHLY",
    Repeat.MONTH_END: "FREQ=MONTHLY;BYMONTHDAY=-1",
    Repeat.QUARTERLY: "FREQ=MONTHLY;INTERVAL=3",
    Repeat.YEARLY: "FREQ=YEARLY",
}
_BY_DAY_OF_MONTH = (Repeat.MONTHLY, Repeat.QUARTERLY, Repeat.YEARLY)
_IN_EVERY_MONTH = 28


def rule_of(repeats: Repeat, first: date) -> str:
    """The rule by RFC 5545, for a task that was first due on this day.

    A day that a month does not have is the month's last one: what is due on January 31 is due on
    the last day of February, where the plain rule would leave February out.
    """
    rule = _RULES[repeats]
    if repeats in _BY_DAY_OF_MONTH and first.day > _IN_EVERY_MONTH:
        days = ",".join(str(day) for day in range(_IN_EVERY_MONTH, first.day + 1))
        months = f";BYMONTH={first.month}" if repeats is Repeat.YEARLY else ""
        return f"{rule}{months};BYMONTHDAY={days};BYSETPOS=-1"
    return rule


def due_after(repeats: Repeat, first: date, due: date) -> date | None:
    """When the task that follows the one of this due date is due; None where calendars end."""
    rule = rrulestr(rule_of(repeats, first), dtstart=datetime.combine(first, time()))
    found = rule.after(datetime.combine(due, time()))
    return found.date() if found else None


def next_of(
    repeats: Repeat, first: date | None, starts: date | None, due: date | None
) -> tuple[date, date] | None:
    """When the next task is made, and when it is due; None where a task does not come again.

    It is made on its own start day, or where the task has none on the day on which the one before
    is due.
    """
    if not repeats or first is None or due is None:
        return None
    following = due_after(repeats, first, due)
    if following is None:
        return None
    ahead = due - starts if starts else following - due
    return following - max(ahead, timedelta()), following
