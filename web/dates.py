"""Moments as people read them: near ones by name, the exact time on hover."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from babel.dates import format_date, format_datetime, format_skeleton, format_time

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
    locale = locale_of(ctx.language)
    days = (ctx.today - local.date()).days
    if days == 0:
        time = format_time(local, "HH:mm", locale=locale)
        return translated(_("today {time}", time=time), ctx.language)
    if days == 1:
        return translated(_("yesterday"), ctx.language)
    if 1 < days <= DAYS_BY_NAME:
        return format_date(local, "EEEE", locale=locale)
    if local.year == ctx.today.year:
        return format_skeleton("MMMd", local, locale=locale)
    return format_skeleton("yMMMd", local, locale=locale)


def relative_day(day: date, ctx: Context) -> str:
    """today, tomorrow, yesterday, Friday, 18 Nov, 18 Nov 2025: a day, near ones by name."""
    locale = locale_of(ctx.language)
    ahead = (day - ctx.today).days
    near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    if ahead in near:
        return translated(near[ahead], ctx.language)
    if 1 < ahead <= DAYS_BY_NAME:
        return format_date(day, "EEEE", locale=locale)
    return format_skeleton("MMMd" if day.year == ctx.today.year else "yMMMd", day, locale=locale)


def exact(moment: datetime, ctx: Context) -> str:
    """The date and time in full, in the viewer's zone, with its name."""
    local = moment.astimezone(ctx.zone)
    return format_datetime(local, "EEEE d MMMM y HH:mm", locale=locale_of(ctx.language)) + (
        f" ({ctx.firm.zone})"
    )


def machine(moment: datetime) -> str:
    """The moment as a `time` element's `datetime` attribute wants it."""
    return (moment - timedelta(microseconds=moment.microsecond)).isoformat()
