"""The firm's logo: choosing, removing and showing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from crm_core.context import Page, Redirect, To
from crm_core.contributions import Route, Scope
from crm_core.firm_logo import logo_of, logo_picture, remove_logo, set_logo
from crm_core.forms import File, version_field
from crm_core.images import LOGO_TYPE, Pictures, logo_from
from crm_core.permissions import MANAGE_FIRM, SEE_ACCOUNTS
from web.pages.pictures import picture_file, shown_picture
from web.words import _

if TYPE_CHECKING:
    from crm_core.context import Context, Picture
    from crm_core.forms import Form


@frozen
class LogoForm:
    """A file with a logo."""

    file: File = picture_file(_("Logo"))
    version: int = version_field(_("Version"))


@frozen
class NewLogo:
    """The logo as it will be kept, and the version of the one that it replaces."""

    pictures: Pictures
    version: int


def ask_for_logo(ctx: Context, form: Form[LogoForm]) -> Page:
    """The page on which a logo is chosen."""
    found = logo_of(ctx)
    filled = form.starting_from(version=found.version if found else 0)
    return Page("settings/firm_logo.html", _("Logo"), {"form": filled})


def prepare_logo(_ctx: Context, value: LogoForm) -> NewLogo:
    """Makes the logo's two sizes, or refuses the file."""
    return NewLogo(pictures=logo_from(value.file.content), version=value.version)


def save_logo(ctx: Context, value: NewLogo) -> Redirect:
    """Keeps the logo in the place of the one before."""
    set_logo(ctx, value.pictures, value.version)
    return Redirect(To("shell.settings_firm"), _("The logo is saved."))


def take_logo_away(ctx: Context) -> Redirect:
    """Removes the logo; the firm's name stands in its place."""
    remove_logo(ctx)
    return Redirect(To("shell.settings_firm"), _("The logo is removed."))


def logo_itself(ctx: Context, size: str, logo: str) -> Picture:
    """The logo itself, for everybody in the firm."""
    return shown_picture(lambda of: logo_picture(ctx, of), LOGO_TYPE, size, logo)


ROUTES = (
    Route(
        name="settings_firm_logo",
        path="settings/firm/logo",
        scope=Scope.FIRM,
        needs=MANAGE_FIRM,
        view=ask_for_logo,
        form=LogoForm,
        prepare=prepare_logo,
        submit=save_logo,
    ),
    Route(
        name="settings_firm_logo_remove",
        path="settings/firm/logo/remove",
        scope=Scope.FIRM,
        needs=MANAGE_FIRM,
        submit=take_logo_away,
    ),
    Route(
        name="logo",
        path="logo",
        scope=Scope.FIRM,
        needs=SEE_ACCOUNTS,
        view=logo_itself,
        query=("size", "logo"),
    ),
)
