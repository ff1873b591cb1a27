"""The photo of a client: choosing, cutting, removing and showing it (I2, R3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from crm_core.context import Page, Redirect, To
from crm_core.contributions import Route, Scope
from crm_core.forms import File, Input, ask, version_field
from crm_core.images import PHOTO_TYPE, Crop, Pictures, photo_from
from crm_core.permissions import MANAGE_ACCOUNTS, SEE_ACCOUNTS
from crm_core.photos import photo_of, picture_of, remove_photo, set_photo
from web.pages.pictures import picture_file, shown_picture
from web.words import _

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.context import Context, Picture
    from crm_core.forms import Form
    from crm_core.words import Words


@frozen
class PhotoForm:
    """A photo, and which square of it is shown: `crop` is left empty without JavaScript."""

    file: File = picture_file(_("Photo"))
    crop: str = ask(_("Part to show"), default="", input=Input.HIDDEN)
    version: int = version_field(_("Version"))


@frozen
class NewPhoto:
    """The photo as it will be kept, and the version of the one that it replaces."""

    pictures: Pictures
    version: int


def ask_for_photo(ctx: Context, account: Account, form: Form[PhotoForm]) -> Page:
    """The page on which a photo is chosen and cut."""
    found = photo_of(ctx, account)
    filled = form.starting_from(version=found.version if found else 0)
    return Page("pages/account_photo.html", _("Photo of this client"), {"form": filled})


def prepare_photo(_ctx: Context, account: Account, value: PhotoForm) -> NewPhoto:
    """Makes the photo's two sizes, or refuses the file."""
    pictures = photo_from(value.file.content, Crop.from_text(value.crop))
    return NewPhoto(pictures=pictures, version=value.version)


def save_photo(ctx: Context, account: Account, value: NewPhoto) -> Redirect:
    """Keeps the photo in the place of the one before."""
    set_photo(ctx, account, value.pictures, value.version)
    return _back(account, _("The photo is saved."))


def take_photo_away(ctx: Context, account: Account) -> Redirect:
    """Removes the photo; the initials stand in its place."""
    remove_photo(ctx, account)
    return _back(account, _("The photo is removed."))


def picture(ctx: Context, account: Account, size: str, photo: str) -> Picture:
    """The photo itself."""
    return shown_picture(lambda of: picture_of(ctx, account, of), PHOTO_TYPE, size, photo)


def _back(account: Account, notice: Words) -> Redirect:
    return Redirect(To("shell.info", {"account": account.public_id}), notice)


ROUTES = (
    Route(
        name="info_photo",
        path="info/photo",
        scope=Scope.ACCOUNT,
        needs=MANAGE_ACCOUNTS,
        view=ask_for_photo,
        form=PhotoForm,
        prepare=prepare_photo,
        submit=save_photo,
    ),
    Route(
        name="info_photo_remove",
        path="info/photo/remove",
        scope=Scope.ACCOUNT,
        needs=MANAGE_ACCOUNTS,
        submit=take_photo_away,
    ),
    Route(
        name="photo",
        path="photo",
        scope=Scope.ACCOUNT,
        needs=SEE_ACCOUNTS,
        view=picture,
        query=("size", "photo"),
    ),
)
