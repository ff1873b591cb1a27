"""Documents: the files of a client, in folders that say what the client may do with them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crm_core import (
    Dataset,
    Job,
    Manifest,
    Place,
    Reaction,
    SearchProvider,
    Section,
    Table,
    When,
    hookimpl,
)
from plugins.documents import (
    actions,
    api,
    archives,
    cards,
    request_store,
    request_views,
    requests,
    rights,
    searching,
    template_use,
)
from plugins.documents.demo import make_demo_documents
from plugins.documents.events import DOCUMENT_EVENTS
from plugins.documents.pages import IN_PORTAL, OF_TEAM
from plugins.documents.previews import AFTER_UPLOAD
from plugins.documents.rows import TABLES
from plugins.documents.telling import SENT, SHARED
from plugins.documents.words import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm_core import Event, NotificationType, Permission, Route

MANIFEST = Manifest(
    name="documents",
    title=_("Documents"),
    description=_("The files of a client, in folders that say what the client may do with them."),
    migrations="migrations",
    hooks=api.HOOKS,
)


@hookimpl
def permissions() -> Iterable[Permission]:
    return (rights.READ, rights.CHANGE, rights.MANAGE, rights.IN_PORTAL)


@hookimpl
def models() -> Iterable[Table]:
    return [Table(row=row) for row in TABLES]


@hookimpl
def datasets() -> Iterable[Dataset]:
    tables = tuple(row._meta.table_name for row in TABLES)
    return (
        Dataset(
            name="documents",
            tables=tables,
            demo=make_demo_documents,
            files=archives.files_of_account,
        ),
    )


@hookimpl
def events() -> Iterable[Event]:
    return DOCUMENT_EVENTS


@hookimpl
def notification_types() -> Iterable[NotificationType]:
    return (SHARED, requests.ASKED, SENT)


@hookimpl
def jobs() -> Iterable[Job]:
    return (
        Job(
            name="purge",
            title=_("Empty the trash of documents"),
            every=timedelta(days=1),
            hour=3,
            act=actions.purge_old_ones,
        ),
    )


@hookimpl
def reactions() -> Iterable[Reaction]:
    begin = Reaction(
        name="begin",
        title=_("Folders of a new client"),
        to=("accounts.account_created",),
        when=When.WITHIN,
        act=template_use.begin_account,
    )
    return (AFTER_UPLOAD, begin)


@hookimpl
def search_providers() -> Iterable[SearchProvider]:
    return (
        SearchProvider(
            name="documents",
            title=_("Documents"),
            needs=rights.READ,
            find=searching.hits,
            order=300,
        ),
    )


@hookimpl
def sections() -> Iterable[Section]:
    return (
        Section(
            name="latest",
            title=_("Documents"),
            place=Place.OVERVIEW,
            load=cards.latest,
            needs=rights.READ,
            all_route="all",
            order=10,
        ),
        Section(
            name="shared",
            title=_("Documents"),
            place=Place.PORTAL,
            load=cards.latest_in_portal,
            needs=rights.IN_PORTAL,
            all_route="portal",
            order=10,
        ),
        Section(
            name="asked",
            title=_("Documents that are asked of you"),
            place=Place.PORTAL,
            load=request_views.asked,
            needs=rights.IN_PORTAL,
            open_items=request_store.how_many_open,
            order=5,
        ),
    )


@hookimpl
def routes() -> Iterable[Route]:
    return (*OF_TEAM, *IN_PORTAL)
