"""Signatures: documents that clients and colleagues sign, sealed once all have."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crm_core import Dataset, FileVerifier, Job, Manifest, Place, Section, Table, hookimpl
from plugins.documents.api import DocumentActions, DocumentStates
from plugins.signatures import cards, ending, priority, rights, store
from plugins.signatures.completing import WHEN_ALL_SIGNED
from plugins.signatures.demo import make_demo_signatures
from plugins.signatures.events import SIGNATURE_EVENTS
from plugins.signatures.keeping_up import REACTIONS
from plugins.signatures.pages import IN_PORTAL, OF_TEAM
from plugins.signatures.rows import TABLES
from plugins.signatures.telling import ANSWERED, DONE, WANTED, WANTED_OF_STAFF
from plugins.signatures.verifier import of_seal
from plugins.signatures.words import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm_core import Event, NotificationType, Permission, Reaction, Route

MANIFEST = Manifest(
    name="signatures",
    title=_("Signatures"),
    description=_("Documents that clients and colleagues sign, sealed once all have signed."),
    requires=("documents",),
    migrations="migrations",
)


@hookimpl
def permissions() -> Iterable[Permission]:
    return (rights.READ, rights.ASK, rights.SIGN, rights.SIGN_IN_PORTAL)


@hookimpl
def models() -> Iterable[Table]:
    return [Table(row=row) for row in TABLES]


@hookimpl
def datasets() -> Iterable[Dataset]:
    tables = tuple(row._meta.table_name for row in TABLES)
    return (Dataset(name="signatures", tables=tables, demo=make_demo_signatures),)


@hookimpl
def events() -> Iterable[Event]:
    return SIGNATURE_EVENTS


@hookimpl
def notification_types() -> Iterable[NotificationType]:
    return (WANTED, DONE, WANTED_OF_STAFF, ANSWERED)


@hookimpl
def reactions() -> Iterable[Reaction]:
    return (*REACTIONS, WHEN_ALL_SIGNED)


@hookimpl
def jobs() -> Iterable[Job]:
    return (
        Job(
            name="expire",
            title=_("End requests to sign whose day is past"),
            every=timedelta(days=1),
            hour=1,
            act=ending.expire_old_ones,
        ),
    )


@hookimpl
def file_verifiers() -> Iterable[FileVerifier]:
    return (FileVerifier(name="seal", title=_("Sealed documents"), verify=of_seal),)


@hookimpl
def documents_states() -> Iterable[DocumentStates]:
    return (DocumentStates(name="signed", load=cards.states, waiting=store.waiting, order=20),)


@hookimpl
def documents_actions() -> Iterable[DocumentActions]:
    return (DocumentActions(name="sign", load=cards.offered, order=20),)


@hookimpl
def sections() -> Iterable[Section]:
    return (
        Section(
            name="latest",
            title=_("Signatures"),
            place=Place.OVERVIEW,
            load=cards.latest,
            needs=rights.READ,
            all_route="all",
            order=80,
        ),
        Section(
            name="priority",
            title=_("Signer priority"),
            place=Place.INFO,
            load=priority.card,
            needs=rights.READ,
            all_route="priority",
            order=80,
        ),
        Section(
            name="to_sign",
            title=_("Documents to sign"),
            place=Place.PORTAL,
            load=cards.to_sign,
            needs=rights.SIGN_IN_PORTAL,
            open_items=cards.how_many_to_sign,
            all_route="portal",
            order=7,
        ),
    )


@hookimpl
def routes() -> Iterable[Route]:
    return (*OF_TEAM, *IN_PORTAL)
