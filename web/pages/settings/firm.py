"""The firm's own settings: name, address, zone, currency, language, colour."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from attrs import frozen
from babel import Locale
from babel.numbers import list_currencies

from crm_core.context import Page, Redirect, To
from crm_core.contributions import Route, Scope
from crm_core.firm_settings import Accent, FirmChange, change_firm
from crm_core.forms import Choice, Input, ask, version_field
from crm_core.languages import LANGUAGES
from crm_core.permissions import MANAGE_FIRM
from web.pages.postal_form import postal_address, postal_values
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core.context import Context
    from crm_core.forms import Form

_FIRM = _("The firm")
_HERE = _("Where and how it works")

ACCENTS = {
    Accent.TEAL: _("Teal"),
    Accent.BLUE: _("Blue"),
    Accent.GREEN: _("Green"),
    Accent.PURPLE: _("Purple"),
    Accent.RED: _("Red"),
    Accent.ORANGE: _("Orange"),
    Accent.GREY: _("Grey"),
}


@frozen
class FirmForm:
    """What a firm settles about itself."""

    name: str = ask(_("Name of the firm"), longest=200, group=_FIRM)
    street: str = ask(_("Street and number"), default="", group=_FIRM)
    postcode: str = ask(_("Postcode"), default="", longest=20, group=_FIRM)
    city: str = ask(_("City"), default="", group=_FIRM)
    region: str = ask(_("Region"), default="", group=_FIRM)
    country: str = ask(_("Country"), default="", group=_FIRM)
    reply_to: str = ask(
        _("Answers to mails"),
        default="",
        input=Input.EMAIL,
        help=_("Who answers a mail of the firm writes to this address."),
        group=_FIRM,
    )
    zone: str = ask(
        _("Time zone"),
        input=Input.CHOICE,
        help=_("Times and days are those of this zone, for everybody in the firm."),
        group=_HERE,
    )
    currency: str = ask(_("Currency"), input=Input.CHOICE, group=_HERE)
    language: str = ask(
        _("Language"),
        input=Input.CHOICE,
        choices=tuple(Choice(value=code, label=name) for code, name in LANGUAGES.items()),
        help=_("For whoever has not chosen one; each person may choose their own."),
        group=_HERE,
    )
    accent: Accent = ask(
        _("Colour"),
        default=Accent.TEAL,
        input=Input.CHOICE,
        choices=tuple(Choice(value=accent.value, label=name) for accent, name in ACCENTS.items()),
        group=_HERE,
    )
    version: int = version_field(_("Version"))


def ask_for_settings(ctx: Context, form: Form[FirmForm]) -> Page:
    """The page with the settings as they are."""
    firm = ctx.firm
    filled = form.offering(
        zone=[Choice(value=zone, label=zone) for zone in _zones()],
        currency=_currencies(ctx.language),
    ).starting_from(
        name=firm.name,
        **postal_values(firm.address),
        zone=firm.zone,
        currency=firm.currency,
        language=firm.language,
        accent=firm.accent,
        reply_to=firm.reply_to,
        version=firm.version,
    )
    return Page("settings/firm.html", _("Firm"), {"form": filled})


def save_settings(ctx: Context, value: FirmForm) -> Redirect:
    """Saves the settings."""
    change_firm(
        ctx,
        FirmChange(
            name=value.name,
            address=postal_address(value),
            zone=value.zone,
            currency=value.currency,
            language=value.language,
            accent=value.accent,
            reply_to=value.reply_to,
            version=value.version,
        ),
    )
    return Redirect(To("shell.settings_firm"), _("The firm's settings are saved."))


@cache
def _zones() -> Sequence[str]:
    return sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")


@cache
def _currencies(language: str) -> Sequence[Choice]:
    """The currencies of today by name, in this language."""
    names = Locale.parse(language).currencies
    codes = sorted(list_currencies(), key=lambda code: names.get(code, code))
    return [Choice(value=code, label=f"{names[code]} ({code})") for code in codes if code in names]


ROUTES = (
    Route(
        name="settings_firm",
        path="settings/firm",
        scope=Scope.FIRM,
        needs=MANAGE_FIRM,
        view=ask_for_settings,
        form=FirmForm,
        submit=save_settings,
    ),
)
