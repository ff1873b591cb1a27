"""Filling a demonstration firm: its clients from `clients`, its history from the plugins."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from crm_core.access import assign
from crm_core.accounts import AccountType, NewAccount, create_account
from crm_core.contacts import add_contact
from crm_core.contributions import DemoAccount
from crm_core.demo.own_words import give_own_words
from crm_core.links import link_contact
from crm_core.team import team_of_firm

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crm_core.accounts import Account
    from crm_core.contacts import NewContact
    from crm_core.context import Context
    from crm_core.demo.clients import DemoClient

SEED = 20260101


def fill_firm(
    ctx: Context,
    clients: Sequence[DemoClient],
    progress: Callable[[float], None] = lambda _: None,
) -> Sequence[DemoAccount]:
    """Stores these clients with their contacts, team and history. Within a firm transaction.

    Ages count back from `ctx.now`; the same clients give the same firm every time.
    """
    random = Random(SEED)  # noqa: S311 - made-up data, the same every time
    team = list(team_of_firm(ctx))
    known: dict[NewContact, int] = {}
    accounts = []
    for place, client in enumerate(clients):
        account = _store(ctx, client, known)
        for member_id in (
            team if place == 0 else random.sample(team, k=random.randint(1, len(team)))
        ):
            assign(ctx, account.id, member_id)
        accounts.append(DemoAccount(account=account, trade=client.trade, first=place == 0))
        progress((place + 1) / len(clients) * 0.8)
    give_own_words(ctx, accounts, random)
    for contributed in ctx.modules.datasets:
        if contributed.value.demo is not None:
            contributed.value.demo(ctx, accounts, random)
    progress(1.0)
    return accounts


def _store(ctx: Context, client: DemoClient, known: dict[NewContact, int]) -> Account:
    linked = [(_contact(ctx, c.contact, known), c.description) for c in client.contacts]
    (first, description), others = linked[0], linked[1:]
    couple = " and ".join(c.contact.first_name for c in client.contacts)
    account = create_account(
        ctx,
        NewAccount(
            type=AccountType.BUSINESS if client.business else AccountType.INDIVIDUAL,
            name=client.name or _household(client, couple),
            company_name=client.name,
            company_address=client.address,
            contact_id=first,
            description=description,
            created=ctx.now - timedelta(days=client.created_days_ago),
        ),
    )
    for contact_id, said in others:
        link_contact(ctx, account, contact_id, said)
    return account


def _household(client: DemoClient, couple: str) -> str:
    last_names = {c.contact.last_name for c in client.contacts}
    if len(client.contacts) > 1 and len(last_names) == 1:
        return f"{couple} {last_names.pop()}"
    return " and ".join(c.contact.name for c in client.contacts)


def _contact(ctx: Context, contact: NewContact, known: dict[NewContact, int]) -> int:
    if contact not in known:
        known[contact] = add_contact(ctx, contact)
    return known[contact]
