"""Moments as people read them: near ones by name, the exact time on hover."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING

from babel.dates import format_date, format_skeleton, format_time
from markupsafe import Markup, escape

from crm_core.locales import locale_of
from web.catalogues import translated
from web.words import _

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from crm_core.context import Context

DAYS_BY_NAME = 6
"""Up to so many days back a day is called by its name."""


def relative(moment: datetime, ctx: Context) -> str:
    """today 09:12, yesterday, Friday, 18 Nov, 18 Nov 2025: in the viewer's zone and language."""
    return _relative(moment.astimezone(ctx.zone), ctx.today, ctx.language)


def _relative(local: datetime, today: date, language: str) -> str:
    days = (today - local.date()).days
    if days == 0:
        clock = _clock(local.hour, local.minute, language)
        return translated(_("today {time}", time=clock), language)
    if days == 1:
        return translated(_("yesterday"), language)
    if 1 < days <= DAYS_BY_NAME:
        return _written(local.date(), "EEEE", language)
    return _dated(local.date(), today, language)


def relative_day(day: date, ctx: Context) -> str:
    """today, tomorrow, yesterday, Friday, 18 Nov, 18 Nov 2025: a day, near ones by name."""
    ahead = (day - ctx.today).days
    near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    if ahead in near:
        return translated(near[ahead], ctx.language)
    if 1 < ahead <= DAYS_BY_NAME:
        return _written(day, "EEEE", ctx.language)
    return _dated(day, ctx.today, ctx.language)


def exact(moment: datetime, ctx: Context) -> str:
    """The date and time in full, in the viewer's zone, with its name."""
    return _exact(moment.astimezone(ctx.zone), ctx.language, ctx.firm.zone)


def _exact(local: datetime, language: str, zone: str) -> str:
    day = _written(local.date(), "EEEE d MMMM y", language)
    return f"{day} {_clock(local.hour, local.minute, language)} ({zone})"


def long_day(ctx: Context) -> str:
    """The day that it is for the viewer, with its name: Thursday 26 November."""
    return _written(ctx.today, "EEEE d MMMM", ctx.language)


def _dated(day: date, today: date, language: str) -> str:
    return _ordered(day, "MMMd" if day.year == today.year else "yMMMd", language)


# A page says the same few days again and again, and Babel takes a tenth of a millisecond for each.
@lru_cache(4096)
def _written(day: date, pattern: str, language: str) -> str:
    return str(format_date(day, pattern, locale=locale_of(language)))


@lru_cache(4096)
def _ordered(day: date, skeleton: str, language: str) -> str:
    return str(format_skeleton(skeleton, day, locale=locale_of(language)))


@lru_cache(4096)
def _clock(hour: int, minute: int, language: str) -> str:
    return str(format_time(time(hour, minute), "HH:mm", locale=locale_of(language)))


def element(moment: datetime, ctx: Context) -> Markup:
    """The moment as people read it, and on hover in full."""
    return _element(moment, ctx.zone, ctx.today, ctx.language, ctx.firm.zone)


@lru_cache(4096)
def _element(moment: datetime, zone: ZoneInfo, today: date, language: str, named: str) -> Markup:
    local = moment.astimezone(zone)
    title = escape(_exact(local, language, named))
    text = escape(_relative(local, today, language))
    return Markup(f'<time datetime="{machine(moment)}" title="{title}">{text}</time>')  # noqa: S704


def machine(moment: datetime) -> str:
    """The moment as a `time` element's `datetime` attribute wants it."""
    return moment.isoformat(timespec="seconds")
