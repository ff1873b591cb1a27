"""How a `Context` comes to be: for a person who asks, or for the owner on the command line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from attrs import evolve

from crm_core.clients import client_behind, client_of
from crm_core.context import Context, Origin
from crm_core.refusals import NotFound
from crm_core.team import owner_of, viewer_of

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.action_links import ActionLink
    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store
    from crm_core.team import Viewer


NOWHERE = Origin()
COMMAND_LINE = Origin(browser="command line")
WORKER = Origin(browser="worker")


def context_for_person(
    store: Store,
    catalog: Catalog,
    firm: Firm,
    person_id: int,
    language: str = "",
    origin: Origin = NOWHERE,
) -> Context:
    """The context of a member of the firm; `NotFound` for everyone else.

    Within a firm transaction: membership is asked each time, never kept.
    """
    viewer = viewer_of(store, firm, person_id)
    if viewer is None:
        raise NotFound
    return _context(store, catalog, firm, viewer, language, origin)


def context_for_client(
    store: Store,
    catalog: Catalog,
    firm: Firm,
    person_id: int,
    language: str = "",
    origin: Origin = NOWHERE,
) -> Context:
    """The context of a client of the firm; `NotFound` for whoever can sign in to nothing there.

    Within a firm transaction: access is asked each time, never kept (ACC-8).
    """
    viewer = client_of(store, firm, person_id)
    if viewer is None:
        raise NotFound
    return _context(store, catalog, firm, viewer, language, origin)


def context_by_link(
    store: Store, catalog: Catalog, firm: Firm, link: ActionLink, language: str, origin: Origin
) -> Context:
    """The context of whoever holds a link that acts without signing in, for its page alone."""
    return _context(store, catalog, firm, link.viewer, language, origin)


def context_as_client(ctx: Context, account: Account, email_id: int) -> Context:
    """The context in which an address of the account sees it, for staff who look (POR-6)."""
    return evolve(ctx, viewer=client_behind(ctx, account, email_id))


def context_for_owner(store: Store, catalog: Catalog, firm: Firm) -> Context:
    """The context in which the command line acts: the firm's owner. Within a firm transaction."""
    return _context(store, catalog, firm, owner_of(store, firm), "", COMMAND_LINE)


def context_for_worker(store: Store, catalog: Catalog, firm: Firm) -> Context:
    """The context in which the worker acts: on behalf of the firm's owner, in the firm's language.

    Within a firm transaction.
    """
    return _context(store, catalog, firm, owner_of(store, firm), "", WORKER)


def _context(
    store: Store, catalog: Catalog, firm: Firm, viewer: Viewer, language: str, origin: Origin
) -> Context:
    return Context(
        store=store,
        firm=firm,
        viewer=viewer,
        modules=catalog.of_edition(firm.edition, firm.switched_off),
        catalog=catalog,
        now=datetime.now(UTC),
        language=language or firm.language,
        origin=origin,
    )
