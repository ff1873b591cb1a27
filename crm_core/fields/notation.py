"""How somebody writes numbers, money and phone numbers: by their language, the firm's country."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from crm_core.locales import country_of_zone, locale_of

if TYPE_CHECKING:
    from babel import Locale

    from crm_core.context import Context


@frozen(kw_only=True)
class Notation:
    """A language's way to write numbers, the currency and the country that go without saying."""

    locale: Locale
    currency: str
    country: str


def viewers_notation(ctx: Context) -> Notation:
    """How the viewer types and reads."""
    return _notation(ctx, ctx.language)


def firms_notation(ctx: Context) -> Notation:
    """How the firm's texts are written, whoever looks: in the firm's language."""
    return _notation(ctx, ctx.firm.language)


def _notation(ctx: Context, language: str) -> Notation:
    return Notation(
        locale=locale_of(language),
        currency=ctx.firm.currency,
        country=country_of_zone(ctx.firm.zone),
    )
