"""The pages that fill in the firm's own fields of an account, or of a contact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core.contact_book import contact_of
from crm_core.context import Page, Redirect, To
from crm_core.contributions import Route, Scope
from crm_core.fields.asking import entered_in, typed_values, with_fields
from crm_core.fields.saving import save_account_fields, save_contact_fields, version_of
from crm_core.fields.values import Owner
from crm_core.forms import version_field
from crm_core.permissions import MANAGE_ACCOUNTS, MANAGE_CONTACTS
from web.words import _

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.context import Context
    from crm_core.forms import Form


@frozen(kw_only=True)
class OwnFields:
    """The version of the account or the contact; the firm's fields come after it."""

    version: int = version_field(_("Version"))


def account_form(ctx: Context, account: Account) -> type[Any]:
    """The form with the firm's fields of this account."""
    return with_fields(OwnFields, ctx, Owner.ACCOUNT, account.id)


def ask_for_account(ctx: Context, account: Account, form: Form[Any]) -> Page:
    """The page with the firm's fields of an account (I6)."""
    typed = typed_values(ctx, Owner.ACCOUNT, account.id)
    filled = form.starting_from(version=account.version, **typed)
    return Page("pages/account_fields.html", _("Custom fields"), {"form": filled})


def save_account(ctx: Context, account: Account, value: Any) -> Redirect:
    """Saves the firm's fields of an account."""
    save_account_fields(ctx, account.id, entered_in(value), value.version)
    to = To("shell.info", {"account": account.public_id})
    return Redirect(to, _("The custom fields are saved."))


def contact_form(ctx: Context, contact: str, back: str) -> type[Any]:
    """The form with the firm's fields of this contact."""
    return with_fields(OwnFields, ctx, Owner.CONTACT, contact_of(ctx, contact).id)


def ask_for_contact(ctx: Context, contact: str, back: str, form: Form[Any]) -> Page:
    """The page with the firm's fields of a contact. `back` is the account that one came from."""
    found = contact_of(ctx, contact)
    filled = form.starting_from(
        version=version_of(ctx, Owner.CONTACT, found.id),
        **typed_values(ctx, Owner.CONTACT, found.id),
    )
    values = {"form": filled, "contact": found, "back": back}
    return Page("pages/contact_fields.html", _("Custom fields of {name}", name=found.name), values)


def save_contact(ctx: Context, contact: str, back: str, value: Any) -> Redirect:
    """Saves the firm's fields of a contact."""
    found = contact_of(ctx, contact)
    save_contact_fields(ctx, found.id, entered_in(value), value.version)
    here = To("shell.contact_fields", {"contact": contact})
    to = To("shell.info", {"account": back}) if back else here
    return Redirect(to, _("The custom fields are saved."))


ROUTES = (
    Route(
        name="contact_fields",
        path="contacts/<contact>/fields",
        scope=Scope.FIRM,
        needs=MANAGE_CONTACTS,
        view=ask_for_contact,
        form=contact_form,
        submit=save_contact,
        query=("back",),
    ),
    Route(
        name="info_fields",
        path="info/fields",
        scope=Scope.ACCOUNT,
        needs=MANAGE_ACCOUNTS,
        view=ask_for_account,
        form=account_form,
        submit=save_account,
    ),
)
