"""The signer priority of an account (C8, SIG-1): in which order its contacts are asked to sign.

Only those rank who have an address with LOGIN. A request begins with this order, and changes it for
itself alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import (
    MANAGE_ACCOUNTS,
    Fragment,
    Item,
    Page,
    Redirect,
    Refused,
    To,
    demand,
    item_list,
    may,
)
from crm_core.accounts import lock_account
from crm_core.address_settings import contacts_with_login
from crm_core.links import linked_contact, linked_contacts
from plugins.signatures import rank_store
from plugins.signatures.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core import Context
    from crm_core.accounts import Account
    from crm_core.links import LinkedContact


def ranked(ctx: Context, account: Account) -> Sequence[LinkedContact]:
    """The account's contacts with LOGIN, the first to sign first; by name where nobody said."""
    able = contacts_with_login(ctx, account)
    ranks = rank_store.ranks_of(ctx, account.id)
    contacts = [one for one in linked_contacts(ctx, account) if one.id in able]
    return sorted(contacts, key=lambda one: ranks.get(one.id, len(ranks) + 1))


def raise_contact(ctx: Context, account: Account, contact: str) -> None:
    """Lets a contact sign before the one who ranked before them."""
    demand(ctx, MANAGE_ACCOUNTS)
    lock_account(ctx, account)
    found = linked_contact(ctx, account, contact)
    order = list(ranked(ctx, account))
    place = next((nth for nth, one in enumerate(order) if one.id == found.id), None)
    if place is None:
        raise Refused(_("Only contacts with an address that has LOGIN have a place."))
    order.insert(max(place - 1, 0), order.pop(place))
    rank_store.set_ranks(ctx, account.id, [one.id for one in order])


def card(ctx: Context, account: Account) -> Fragment:
    """The order on the Info tab."""
    here = {"account": account.public_id}
    items = [Item(what=f"{place}. {one.name}") for place, one in enumerate(ranked(ctx, account), 1)]
    return item_list(
        items,
        empty=_("No contact of this client has an address with LOGIN."),
        start=(To("shell.info", here), _("Show the contacts")),
    )


def order_of_signers(ctx: Context, account: Account) -> Page:
    """The page on which the order is changed."""
    values = {"ranked": ranked(ctx, account), "may_change": may(ctx, MANAGE_ACCOUNTS)}
    return Page("signatures/priority.html", _("Signer priority"), values)


def move_up(ctx: Context, account: Account, contact: str) -> Redirect:
    """Moves a contact one place up."""
    raise_contact(ctx, account, contact)
    to = To("signatures.priority", {"account": account.public_id})
    return Redirect(to, _("The order is changed."))
