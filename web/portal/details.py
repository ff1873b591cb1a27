"""A client's own details and the account's photo, as they change them themselves (POR-5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import asdict, frozen

from crm_core.context import Page, Redirect, To
from crm_core.contributions import Route, Scope
from crm_core.forms import Input, ask, version_field
from crm_core.images import PHOTO_TYPE
from crm_core.links import linked_contacts
from crm_core.own_details import OwnDetails, change_own_details, own_contact, own_contacts
from crm_core.permissions import USE_PORTAL
from crm_core.photos import photo_of, picture_of, remove_photo, set_photo
from web.pages.account_photo import NewPhoto, PhotoForm, prepare_photo
from web.pages.pictures import shown_picture
from web.pages.postal_form import postal_address
from web.portal.looking import looked
from web.words import _

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.context import Context, Picture
    from crm_core.forms import Form
    from crm_core.words import Words

_NAME = _("Name")
_ADDRESS = _("Address")


@frozen
class DetailsForm:
    """What clients change of themselves."""

    first_name: str = ask(_("First name"), default="", autocomplete="given-name", group=_NAME)
    middle_name: str = ask(
        _("Middle name"), default="", autocomplete="additional-name", group=_NAME
    )
    last_name: str = ask(_("Last name"), default="", autocomplete="family-name", group=_NAME)
    phone: str = ask(
        _("Phone"), default="", input=Input.PHONE, longest=50, autocomplete="tel", group=_NAME
    )
    street: str = ask(
        _("Street and number"), default="", autocomplete="street-address", group=_ADDRESS
    )
    postcode: str = ask(
        _("Postcode"), default="", longest=20, autocomplete="postal-code", group=_ADDRESS
    )
    city: str = ask(_("City"), default="", autocomplete="address-level2", group=_ADDRESS)
    region: str = ask(_("Region"), default="", autocomplete="address-level1", group=_ADDRESS)
    country: str = ask(_("Country"), default="", autocomplete="country-name", group=_ADDRESS)
    version: int = version_field(_("Version"))


def details(ctx: Context, account: Account) -> Page:
    """Who the client is for the firm; staff who look see the contact of the address."""
    seen = looked()
    contacts = (
        own_contacts(ctx, account)
        if seen is None
        else [
            contact
            for contact in linked_contacts(ctx, account)
            if any(email.id == seen.email_id for email in contact.addresses)
        ]
    )
    return Page("portal/details.html", _("Your details"), {"contacts": contacts})


def ask_for_details(ctx: Context, account: Account, contact: str, form: Form[DetailsForm]) -> Page:
    """The page with the details as they are."""
    found = own_contact(ctx, account, contact)
    filled = form.starting_from(
        first_name=found.first_name,
        middle_name=found.middle_name,
        last_name=found.last_name,
        phone=found.phone,
        **asdict(found.address),
        version=found.version,
    )
    return Page("portal/details_edit.html", _("Your details"), {"form": filled})


def save_details(ctx: Context, account: Account, contact: str, value: DetailsForm) -> Redirect:
    """Saves them; the firm's history says who did."""
    wanted = OwnDetails(
        first_name=value.first_name,
        middle_name=value.middle_name,
        last_name=value.last_name,
        phone=value.phone,
        address=postal_address(value),
        version=value.version,
    )
    change_own_details(ctx, account, own_contact(ctx, account, contact), wanted)
    return _back(account, _("Your details are saved."))


def ask_for_photo(ctx: Context, account: Account, form: Form[PhotoForm]) -> Page:
    """The page on which a photo is chosen and cut."""
    found = photo_of(ctx, account)
    filled = form.starting_from(version=found.version if found else 0)
    return Page("portal/photo.html", _("Photo"), {"form": filled})


def save_photo(ctx: Context, account: Account, value: NewPhoto) -> Redirect:
    """Keeps the photo in the place of the one before."""
    set_photo(ctx, account, value.pictures, value.version)
    return _back(account, _("The photo is saved."))


def take_photo_away(ctx: Context, account: Account) -> Redirect:
    """Removes the photo; the initials stand in its place."""
    remove_photo(ctx, account)
    return _back(account, _("The photo is removed."))


def photo_itself(ctx: Context, account: Account, size: str, photo: str) -> Picture:
    """The photo itself."""
    return shown_picture(lambda of: picture_of(ctx, account, of), PHOTO_TYPE, size, photo)


def _back(account: Account, notice: Words) -> Redirect:
    return Redirect(To("shell.portal_details", {"account": account.public_id}), notice)


ROUTES = (
    Route(
        name="portal_details", path="details", scope=Scope.PORTAL, needs=USE_PORTAL, view=details
    ),
    Route(
        name="portal_details_edit",
        path="details/<contact>/edit",
        scope=Scope.PORTAL,
        needs=USE_PORTAL,
        view=ask_for_details,
        form=DetailsForm,
        submit=save_details,
    ),
    Route(
        name="portal_photo_edit",
        path="photo/edit",
        scope=Scope.PORTAL,
        needs=USE_PORTAL,
        view=ask_for_photo,
        form=PhotoForm,
        prepare=prepare_photo,
        submit=save_photo,
    ),
    Route(
        name="portal_photo_remove",
        path="photo/remove",
        scope=Scope.PORTAL,
        needs=USE_PORTAL,
        submit=take_photo_away,
    ),
    Route(
        name="portal_photo",
        path="photo",
        scope=Scope.PORTAL,
        needs=USE_PORTAL,
        view=photo_itself,
        query=("size", "photo"),
    ),
)
