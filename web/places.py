"""Where a person who is signed in may go: the firms whose team they are in, and portals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from crm_core.clients import accounts_of_client, firms_of_client
from crm_core.contexts import context_for_client
from crm_core.firms import firms_of_person
from crm_core.refusals import NotFound
from web.portal.open_items import open_items

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm_core.accounts import Account
    from crm_core.firms import Firm
    from web.bootstrap import Deployment


@frozen(kw_only=True)
class Portal:
    """What a person may sign in to as a client of a firm, and how much there is to be done.

    `open_items` are counts by the keys of accounts; where there is nothing to do there is none.
    """

    firm: Firm
    accounts: Sequence[Account]
    open_items: Mapping[int, int]


@frozen(kw_only=True)
class Places:
    """The firms in whose team somebody is, and the portals of which they are a client."""

    firms: Sequence[Firm]
    portals: Sequence[Portal]

    @property
    def none(self) -> bool:
        """Whether there is nowhere to go."""
        return not self.firms and not self.portals


def places_of(deployment: Deployment, person_id: int) -> Places:
    """Where this person may go, by the names of firms (POR-3). Opens its own transactions."""
    portals = [
        found
        for firm in firms_of_client(deployment.store, person_id)
        if (found := portal_of(deployment, firm, person_id)) is not None
    ]
    return Places(firms=firms_of_person(deployment.store, person_id), portals=portals)


def has_a_place(deployment: Deployment, person_id: int, first: str) -> bool:
    """Whether this person may go anywhere at all; the firm with the slug `first` is asked first."""
    firms = firms_of_client(deployment.store, person_id)
    return any(
        portal_of(deployment, firm, person_id) is not None
        for firm in sorted(firms, key=lambda firm: firm.slug != first)
    ) or bool(firms_of_person(deployment.store, person_id))


def portal_of(deployment: Deployment, firm: Firm, person_id: int) -> Portal | None:
    """What this person may sign in to in the firm, or None. Opens its own transaction."""
    with deployment.store.firm_transaction(firm.id, write=False):
        try:
            ctx = context_for_client(deployment.store, deployment.catalog, firm, person_id)
        except NotFound:
            return None
        accounts = accounts_of_client(ctx)
        counts = open_items(ctx, [account.id for account in accounts])
    return Portal(firm=firm, accounts=accounts, open_items=counts)
