"""How a person's own pages write when and in what: in the zone of their firm, if they have one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from crm_core.firms import firms_of_person
from crm_core.locales import locale_of
from web.dates import machine
from web.languages import language
from web.words import _

if TYPE_CHECKING:
    from datetime import datetime

    from crm_core.store.database import Store
    from crm_core.words import Words

_BROWSERS = (
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrom(e|ium)/|CriOS/", "Chrome"),
    (r"Safari/", "Safari"),
)
_SYSTEMS = (
    (r"Windows", "Windows"),
    (r"iPhone|iPad", "iOS"),
    (r"Android", "Android"),
    (r"Mac OS X|Macintosh", "macOS"),
    (r"CrOS", "ChromeOS"),
    (r"Linux|X11", "Linux"),
)


def moments_for(store: Store, person_id: int) -> dict[str, Any]:
    """What a template needs to write moments: `when` for people, `machine` for machines."""
    firms = firms_of_person(store, person_id)
    zone = firms[0].zone if firms else "UTC"

    def when(moment: datetime) -> str:
        local = moment.astimezone(ZoneInfo(zone))
        return format_datetime(local, "d MMM y HH:mm", locale=locale_of(language()))

    return {"when": when, "machine": machine, "zone": zone}


def browser_name(agent: str) -> Words | str:
    """What people call a browser: "Firefox on Linux"; the agent's own words where we know none."""
    browser = _first(_BROWSERS, agent)
    system = _first(_SYSTEMS, agent)
    if browser and system:
        return _("{browser} on {system}", browser=browser, system=system)
    return browser or agent[:40] or _("Unknown browser")


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for pattern, name in names if re.search(pattern, agent)), "")
