"""The clients of the demonstration who can sign in to the portal, and some who were invited."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from crm_core.accounts import visible_accounts
from crm_core.contexts import context_for_owner
from crm_core.portal_access import pending_addresses
from crm_core.portal_invitations import accept_client_invitation, invite_client
from crm_core.store.portal_rows import ClientRow
from web.signin.people import add_person, person_with_address, set_password

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.portal_access import PendingAddress
    from web.bootstrap import Deployment

SIGN_IN, INVITED = 2, 3
"""How many clients of a firm can sign in, and how many were invited and have not."""


def let_clients_in(deployment: Deployment, firm: Firm, password: str) -> Sequence[str]:
    """Lets some clients of the firm sign in with this password; answers their addresses.

    The first is the one with the most accounts. Where it was done before, the password is new.
    """
    store = deployment.store
    with store.firm_transaction(firm.id, write=False):
        ctx = context_for_owner(store, deployment.catalog, firm)
        known = list(ClientRow.of(ctx).order_by(ClientRow.id))
        pending = [] if known else _by_address(ctx)
    for row in known:
        set_password(store, row.person_id, password)
    if known:
        return [row.address for row in known]
    chosen = list(islice(pending, SIGN_IN + INVITED))
    people = {
        one.access.address: _person(deployment, one.access.address, password)
        for one in chosen[:SIGN_IN]
    }
    with store.firm_transaction(firm.id, write=True):
        ctx = context_for_owner(store, deployment.catalog, firm)
        for one in chosen:
            invitation, _token = invite_client(ctx, one.account, one.email_id)
            if one.access.address in people:
                accept_client_invitation(ctx, invitation, people[one.access.address])
    return list(people)


def _by_address(ctx: Context) -> Sequence[PendingAddress]:
    """One for each address that may sign in, those with the most accounts first."""
    found: dict[str, list[PendingAddress]] = {}
    for one in pending_addresses(ctx, visible_accounts(ctx), 1_000):
        found.setdefault(one.access.address, []).append(one)
    return [ones[0] for ones in sorted(found.values(), key=lambda ones: -len(ones))]


def _person(deployment: Deployment, address: str, password: str) -> int:
    known = person_with_address(deployment.store, address)
    return add_person(deployment.store, address, password) if known is None else known
