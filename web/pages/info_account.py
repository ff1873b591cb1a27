"""Editing an account on its Info tab: details, tags, archive, deletion (I1, I3, I4, ACC-13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core.account_changes import (
    AccountChange,
    archive_account,
    bring_account_back,
    change_account,
    delete_account,
    details_of,
)
from crm_core.accounts import AccountType
from crm_core.context import Redirect, To
from crm_core.contributions import Route, Scope
from crm_core.fields.asking import entered_in, typed_values, with_fields
from crm_core.fields.values import Owner
from crm_core.forms import Choice, Input, ask, version_field
from crm_core.permissions import MANAGE_ACCOUNTS
from crm_core.refusals import Refused
from crm_core.tags import list_tags, set_tags, tags_of_accounts
from web.pages.confirming import Sure, demand_sure
from web.pages.info_form import info_form, to_info
from web.pages.postal_form import postal_address, postal_values
from web.templating import ACCOUNT_TYPES
from web.words import _

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.context import Context, Page
    from crm_core.forms import Form

_COMPANY = _("The company, if it is a business")
_CUSTOM = _("Custom fields")


@frozen
class EditedAccount:
    """An account's details; the firm's own fields come after them."""

    type: AccountType = ask(
        _("Type"),
        input=Input.CHOICE,
        choices=tuple(Choice(value=t.value, label=label) for t, label in ACCOUNT_TYPES.items()),
    )
    name: str = ask(
        _("Account name"),
        default="",
        help=_("Leave it empty to use the company's name, or the contact's."),
    )
    company_name: str = ask(_("Company name"), default="", group=_COMPANY)
    street: str = ask(_("Street and number"), default="", group=_COMPANY)
    postcode: str = ask(_("Postcode"), default="", longest=20, group=_COMPANY)
    city: str = ask(_("City"), default="", group=_COMPANY)
    region: str = ask(_("Region"), default="", group=_COMPANY)
    country: str = ask(_("Country"), default="", group=_COMPANY)
    tags: tuple[str, ...] = ask(_("Tags"), default=(), input=Input.SEVERAL, longest=50_000)
    version: int = version_field(_("Version"))


@frozen
class Deletion:
    """The name, typed to show that one means this client."""

    name: str = ask(_("Name of the client"), longest=500)


def details_form(ctx: Context, account: Account) -> type[Any]:
    """The form of the details with the firm's fields of this account (I6)."""
    return with_fields(EditedAccount, ctx, Owner.ACCOUNT, account.id, _CUSTOM)


def ask_for_details(ctx: Context, account: Account, form: Form[EditedAccount]) -> Page:
    """The page with the account's details as they are."""
    now = details_of(account)
    tags = tags_of_accounts(ctx, [account.id])[account.id]
    filled = form.offering(
        tags=[Choice(value=tag.public_id, label=tag.name) for tag in list_tags(ctx)]
    ).starting_from(
        type=now.type,
        name=now.name,
        company_name=now.company_name,
        **postal_values(now.company_address),
        tags=[tag.public_id for tag in tags],
        version=now.version,
        **typed_values(ctx, Owner.ACCOUNT, account.id),
    )
    return info_form(account, filled, _("Edit account details"), _("Save"))


def save_details(ctx: Context, account: Account, value: EditedAccount) -> Redirect:
    """Saves details, tags and custom fields; nothing that a type does not show is lost (ACC-10)."""
    if value.type is AccountType.BUSINESS and not value.company_name:
        raise Refused(_("A business needs a company name."), at="company_name")
    keys = {tag.public_id: tag.id for tag in list_tags(ctx)}
    change_account(
        ctx,
        account,
        AccountChange(
            type=value.type,
            name=value.name,
            company_name=value.company_name,
            company_address=postal_address(value),
            version=value.version,
            fields=entered_in(value, Owner.ACCOUNT),
        ),
    )
    set_tags(ctx, account, {keys.get(public_id, 0) for public_id in value.tags})
    return Redirect(to_info(account), _("The details are saved."))


def ask_to_archive(ctx: Context, account: Account, form: Form[Sure]) -> Page:
    """The page that says what archiving does."""
    lead = _(
        "{name} leaves the list of clients, pickers and search, and its people no longer reach it "
        "in the portal. It stays readable and editable, and can be brought back.",
        name=account.name,
    )
    title = _("Archive {name}?", name=account.name)
    return info_form(account, form, title, _("Archive"), lead, danger=True)


def archive(ctx: Context, account: Account, value: Sure) -> Redirect:
    """Archives the account."""
    demand_sure(value)
    archive_account(ctx, account)
    return Redirect(to_info(account), _("{name} is archived.", name=account.name))


def bring_back(ctx: Context, account: Account) -> Redirect:
    """Puts an archived account back on the list."""
    bring_account_back(ctx, account)
    return Redirect(
        to_info(account), _("{name} is on the list of clients again.", name=account.name)
    )


def ask_to_delete(ctx: Context, account: Account, form: Form[Deletion]) -> Page:
    """The page that says what deleting does, and asks for the name."""
    lead = _(
        "Everything that is kept of {name} is deleted for good: notes, settings, and what every "
        "module stores. Its contacts stay. Type the name to confirm.",
        name=account.name,
    )
    title = _("Delete {name}?", name=account.name)
    return info_form(account, form, title, _("Delete for good"), lead, danger=True)


def delete(ctx: Context, account: Account, value: Deletion) -> Redirect:
    """Deletes an archived account."""
    delete_account(ctx, account, value.name)
    return Redirect(To("shell.clients"), _("{name} is deleted.", name=account.name))


ROUTES = (
    Route(
        name="info_edit",
        path="info/edit",
        scope=Scope.ACCOUNT,
        needs=MANAGE_ACCOUNTS,
        view=ask_for_details,
        form=details_form,
        submit=save_details,
    ),
    Route(
        name="info_archive",
        path="info/archive",
        scope=Scope.ACCOUNT,
        needs=MANAGE_ACCOUNTS,
        view=ask_to_archive,
        form=Sure,
        submit=archive,
    ),
    Route(
        name="info_bring_back",
        path="info/bring-back",
        scope=Scope.ACCOUNT,
        needs=MANAGE_ACCOUNTS,
        submit=bring_back,
    ),
    Route(
        name="info_delete",
        path="info/delete",
        scope=Scope.ACCOUNT,
        needs=MANAGE_ACCOUNTS,
        view=ask_to_delete,
        form=Deletion,
        submit=delete,
    ),
)
