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
    from crm_core.context import Context

DAYS_BY_NAME = 6
"""Up to so many days back a day is called by its name."""


def relative(moment: datetime, ctx: Context) -> str:
    """today 09:12, yesterday, Friday, 18 Nov, 18 Nov 2025: in the viewer's zone and language."""
    local = moment.astimezone(ctx.zone)
    days = (ctx.today - local.date()).days
    if days == 0:
        clock = _clock(local.hour, local.minute, ctx.language)
        return translated(_("today {time}", time=clock), ctx.language)
    if days == 1:
        return translated(_("yesterday"), ctx.language)
    if 1 < days <= DAYS_BY_NAME:
        return _written(local.date(), "EEEE", ctx.language)
    return _dated(local.date(), ctx)


def relative_day(day: date, ctx: Context) -> str:
    """today, tomorrow, yesterday, Friday, 18 Nov, 18 Nov 2025: a day, near ones by name."""
    ahead = (day - ctx.today).days
    near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    if ahead in near:
        return translated(near[ahead], ctx.language)
    if 1 < ahead <= DAYS_BY_NAME:
        return _written(day, "EEEE", ctx.language)
    return _dated(day, ctx)


def exact(moment: datetime, ctx: Context) -> str:
    """The date and time in full, in the viewer's zone, with its name."""
    local = moment.astimezone(ctx.zone)
    day = _written(local.date(), "EEEE d MMMM y", ctx.language)
    return f"{day} {_clock(local.hour, local.minute, ctx.language)} ({ctx.firm.zone})"


def long_day(ctx: Context) -> str:
    """The day that it is for the viewer, with its name: Thursday 26 November."""
    return _written(ctx.today, "EEEE d MMMM", ctx.language)


def _dated(day: date, ctx: Context) -> str:
    of_this_year = day.year == ctx.today.year
    return _ordered(day, "MMMd" if of_this_year else "yMMMd", ctx.language)


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
    local = moment.astimezone(ctx.zone)
    title, text = escape(exact(local, ctx)), escape(relative(local, ctx))
    return Markup(f'<time datetime="{machine(moment)}" title="{title}">{text}</time>')  # noqa: S704


def machine(moment: datetime) -> str:
    """The moment as a `time` element's `datetime` attribute wants it."""
    return moment.isoformat(timespec="seconds")
