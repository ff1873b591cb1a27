"""The client's profile: the Overview of sections, and the Info tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.accounts import AccountType
from crm_core.context import Page
from crm_core.contributions import Place
from crm_core.fields.defining import fields_of
from crm_core.fields.reading import facts_of_accounts, facts_of_contacts
from crm_core.fields.values import Owner
from crm_core.links import linked_contacts
from crm_core.team import team_of_account
from web.sections import cards
from web.templating import ACCOUNT_TYPES
from web.words import _

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.context import Context


def overview(ctx: Context, account: Account) -> Page:
    """Every section of the firm's modules that the viewer may see, on one page."""
    return Page(
        "pages/overview.html", _("Overview"), {"sections": cards(ctx, Place.OVERVIEW, account)}
    )


def info(ctx: Context, account: Account) -> Page:
    """The account's details, and its contacts alphabetically (I1, I3, I5, I6, C1, C2, C4)."""
    facts = [
        (_("Name"), account.name),
        (_("Number"), account.number),
        (_("Type"), str(ACCOUNT_TYPES[account.type])),
    ]
    if account.type is AccountType.BUSINESS:
        facts += [
            (_("Company name"), account.company_name),
            (_("Company address"), ", ".join(account.company_address.lines())),
        ]
    facts.append((_("Team"), ", ".join(team_of_account(ctx, account.id).values())))
    contacts = linked_contacts(ctx, account)
    values = {
        "facts": facts,
        "contacts": contacts,
        "account_facts": facts_of_accounts(ctx, [account.id]).get(account.id, ()),
        "contact_facts": facts_of_contacts(ctx, [contact.id for contact in contacts]),
        "own_fields": {owner.value: bool(fields_of(ctx, owner)) for owner in Owner},
    }
    return Page("pages/info.html", _("Info"), values)
