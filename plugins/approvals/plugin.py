"""Approvals: clients say of a document whether it is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import Dataset, Manifest, Place, Section, Table, hookimpl
from plugins.approvals import cards, rights, store
from plugins.approvals.demo import make_demo_approvals
from plugins.approvals.events import APPROVAL_EVENTS
from plugins.approvals.keeping_up import REACTIONS
from plugins.approvals.pages import IN_PORTAL, OF_TEAM
from plugins.approvals.rows import TABLES
from plugins.approvals.telling import ANSWERED, WANTED
from plugins.approvals.words import _
from plugins.documents.api import DocumentActions, DocumentStates

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm_core import Event, NotificationType, Permission, Reaction, Route

MANIFEST = Manifest(
    name="approvals",
    title=_("Approvals"),
    description=_("Clients say of a document whether it is right, in the portal or from a mail."),
    requires=("documents",),
    migrations="migrations",
)


@hookimpl
def permissions() -> Iterable[Permission]:
    return (rights.READ, rights.ASK, rights.ANSWER)


@hookimpl
def models() -> Iterable[Table]:
    return [Table(row=row) for row in TABLES]


@hookimpl
def datasets() -> Iterable[Dataset]:
    tables = tuple(row._meta.table_name for row in TABLES)
    return (Dataset(name="approvals", tables=tables, demo=make_demo_approvals),)


@hookimpl
def events() -> Iterable[Event]:
    return APPROVAL_EVENTS


@hookimpl
def notification_types() -> Iterable[NotificationType]:
    return (WANTED, ANSWERED)


@hookimpl
def reactions() -> Iterable[Reaction]:
    return REACTIONS


@hookimpl
def documents_states() -> Iterable[DocumentStates]:
    return (DocumentStates(name="said", load=cards.states, waiting=store.waiting, order=10),)


@hookimpl
def documents_actions() -> Iterable[DocumentActions]:
    return (DocumentActions(name="ask", load=cards.offered, order=10),)


@hookimpl
def sections() -> Iterable[Section]:
    return (
        Section(
            name="waiting",
            title=_("Approvals"),
            place=Place.OVERVIEW,
            load=cards.waiting_for_clients,
            needs=rights.READ,
            all_route="all",
            order=70,
        ),
        Section(
            name="to_answer",
            title=_("Documents to approve"),
            place=Place.PORTAL,
            load=cards.to_answer,
            needs=rights.ANSWER,
            open_items=cards.how_many_to_answer,
            all_route="portal",
            order=6,
        ),
    )


@hookimpl
def routes() -> Iterable[Route]:
    return (*OF_TEAM, *IN_PORTAL)
