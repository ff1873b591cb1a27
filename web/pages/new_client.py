"""Adding a client: an account and its first contact, in one form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core.accounts import AccountType, NewAccount, create_account
from crm_core.contacts import NewContact
from crm_core.context import Page, Redirect, To
from crm_core.contributions import Route, Scope
from crm_core.fields.asking import entered_in, with_fields
from crm_core.fields.values import Owner
from crm_core.forms import Choice, Input, ask
from crm_core.permissions import MANAGE_ACCOUNTS
from crm_core.refusals import Refused
from web.pages.postal_form import postal_address
from web.templating import ACCOUNT_TYPES
from web.words import _

if TYPE_CHECKING:
    from crm_core.context import Context
    from crm_core.forms import Form

_COMPANY = _("The company, if it is a business")
_CONTACT = _("The first contact")
_OF_ACCOUNT = _("Custom fields of the client")
_OF_CONTACT = _("Custom fields of the contact")


@frozen
class NewClient:
    """What the form asks; the firm's own fields come after it."""

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
    first_name: str = ask(_("First name"), default="", group=_CONTACT)
    middle_name: str = ask(_("Middle name"), default="", group=_CONTACT)
    last_name: str = ask(_("Last name"), default="", group=_CONTACT)
    email: str = ask(
        _("E-mail address"), default="", input=Input.EMAIL, longest=254, group=_CONTACT
    )
    phone: str = ask(_("Phone"), default="", input=Input.PHONE, longest=50, group=_CONTACT)
    description: str = ask(
        _("What this person is for the account"),
        default="",
        help=_("For instance: director, partner, bookkeeper."),
        group=_CONTACT,
    )


def client_form(ctx: Context) -> type[Any]:
    """The form with the firm's fields of accounts, and those of contacts for the first one."""
    with_those_of_accounts = with_fields(NewClient, ctx, Owner.ACCOUNT, group=_OF_ACCOUNT)
    return with_fields(with_those_of_accounts, ctx, Owner.CONTACT, group=_OF_CONTACT)


def ask_for_client(ctx: Context, form: Form[NewClient]) -> Page:
    """The page with the form."""
    filled = form.starting_from(type=AccountType.INDIVIDUAL)
    return Page("pages/new_client.html", _("New client"), {"form": filled})


def add_client(ctx: Context, value: NewClient) -> Redirect:
    """Stores the account with its first contact, and opens its profile."""
    contact = NewContact(
        first_name=value.first_name,
        middle_name=value.middle_name,
        last_name=value.last_name,
        phone=value.phone,
        emails=(value.email,) if value.email else (),
        fields=entered_in(value, Owner.CONTACT),
    )
    if not contact.name:
        raise Refused(_("The contact needs a name or an e-mail address."), at="first_name")
    if value.type is AccountType.BUSINESS and not value.company_name:
        raise Refused(_("A business needs a company name."), at="company_name")
    account = create_account(
        ctx,
        NewAccount(
            type=value.type,
            name=value.name,
            company_name=value.company_name,
            company_address=postal_address(value),
            contact=contact,
            description=value.description,
            fields=entered_in(value, Owner.ACCOUNT),
        ),
    )
    notice = _(
        "{name} is added, with the number {number}.", name=account.name, number=account.number
    )
    return Redirect(To("shell.overview", {"account": account.public_id}), notice)


ROUTES = (
    Route(
        name="new_client",
        path="clients/new",
        scope=Scope.FIRM,
        needs=MANAGE_ACCOUNTS,
        view=ask_for_client,
        form=client_form,
        submit=add_client,
    ),
)
