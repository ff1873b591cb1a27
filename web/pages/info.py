"""The Info tab: the account's details, and its contacts in alphabetical order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.account_roles import team_with_roles
from crm_core.accounts import AccountType
from crm_core.address_settings import settings_of_account
from crm_core.context import Page
from crm_core.contributions import Route, Scope
from crm_core.fields.reading import facts_of_accounts, facts_of_contacts
from crm_core.links import accounts_sharing_contacts, linked_contacts
from crm_core.permissions import SEE_ACCOUNTS
from crm_core.portal_access import access_of_account
from crm_core.tags import tags_of_accounts
from web.sections import cards_of_info
from web.templating import ACCOUNT_TYPES
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core.accounts import Account
    from crm_core.context import Context


def info(ctx: Context, account: Account) -> Page:
    """The account's details and its contacts (I1, I3 to I6, C1 to C6)."""
    facts = [
        (_("Name"), account.name),
        (_("Number"), account.number),
        (_("Type"), ACCOUNT_TYPES[account.type]),
    ]
    if account.type is AccountType.BUSINESS:
        facts += [
            (_("Company name"), account.company_name),
            (_("Company address"), ", ".join(account.company_address.lines())),
        ]
    facts.append((_("Team"), ", ".join(_team(ctx, account))))
    contacts = linked_contacts(ctx, account)
    values = {
        "account_facts": facts_of_accounts(ctx, [account.id]).get(account.id, ()),
        "contact_facts": facts_of_contacts(ctx, [contact.id for contact in contacts]),
        "facts": facts,
        "tags": tags_of_accounts(ctx, [account.id])[account.id],
        "contacts": contacts,
        "sharing": accounts_sharing_contacts(ctx, account),
        "settings_of_addresses": settings_of_account(ctx, account),
        "access": access_of_account(ctx, account),
        "sections": cards_of_info(ctx, account),
    }
    return Page("pages/info.html", _("Info"), values)


def _team(ctx: Context, account: Account) -> Sequence[str]:
    """The account's team by name, each with their roles on it."""
    return [
        f"{name} ({', '.join(roles)})" if roles else name
        for name, roles in team_with_roles(ctx, account)
    ]


ROUTES = (Route(name="info", path="info", scope=Scope.ACCOUNT, needs=SEE_ACCOUNTS, view=info),)
