"""Numbers and money as the reader's language writes them."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_currency, format_decimal, get_currency_precision

from crm_core.locales import locale_of


def number(value: int | Decimal, language: str) -> str:
    """1,234.5 in English, 1.234,5 in Dutch."""
    return str(format_decimal(value, locale=locale_of(language)))


def money(minor_units: int, currency: str, language: str) -> str:
    """An amount in the smallest unit of its currency: €1,234.50 in English, € 1.234,50 in Dutch."""
    amount = Decimal(minor_units).scaleb(-get_currency_precision(currency))
    return str(format_currency(amount, currency, locale=locale_of(language)))


def file_size(size: int, language: str) -> str:
    """A number of bytes as people say it: 340 kB, 1.2 MB in English, 1,2 MB in Dutch."""
    amount, unit = Decimal(size), "B"
    for larger in ("kB", "MB", "GB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, larger
    shown = round(amount, 1) if amount < 10 and unit != "B" else round(amount)
    return f"{number(shown, language)} {unit}"
