"""How a language writes dates, numbers and money, and in which country a firm is at home."""

from __future__ import annotations

from babel import Locale
from babel.core import get_global


def locale_of(language: str) -> Locale:
    """How a language writes dates: English the British way, day before month, 24 hours."""
    return Locale.parse("en_GB" if language == "en" else language)


def country_of_zone(zone: str) -> str:
    """The country of a time zone, as two letters, or "" for a zone that lies in none."""
    found = str(get_global("zone_territories").get(zone, ""))
    return found if len(found) == 2 and found.isalpha() and found != "ZZ" else ""
