"""Notes: what the firm writes down about a client, for itself alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import (
    Dataset,
    ListColumn,
    ListFilter,
    ListOf,
    Manifest,
    Place,
    Route,
    Scope,
    Section,
    Tab,
    Table,
    hookimpl,
)
from plugins.notes import lists, views
from plugins.notes.demo import write_demo_notes
from plugins.notes.events import NOTE_EVENTS
from plugins.notes.forms import DeleteNote, EditedNote, NewNote
from plugins.notes.rights import READ, WRITE
from plugins.notes.rows import NoteRow
from plugins.notes.words import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm_core import Event, Permission

MANIFEST = Manifest(
    name="notes",
    title=_("Notes"),
    description=_("Notes on a client, for the team alone. Pinned ones stand first."),
    migrations="migrations",
)


@hookimpl
def permissions() -> Iterable[Permission]:
    return (READ, WRITE)


@hookimpl
def models() -> Iterable[Table]:
    return (Table(row=NoteRow),)


@hookimpl
def datasets() -> Iterable[Dataset]:
    return (Dataset(name="notes", tables=("notes_note",), demo=write_demo_notes),)


@hookimpl
def events() -> Iterable[Event]:
    return NOTE_EVENTS


@hookimpl
def sections() -> Iterable[Section]:
    return (
        Section(
            name="latest",
            title=_("Notes"),
            place=Place.OVERVIEW,
            load=views.latest,
            needs=READ,
            all_route="all",
            order=110,
        ),
        Section(
            name="of_clients",
            title=_("Latest notes"),
            place=Place.HOME,
            load=views.latest_of_clients,
            needs=READ,
            order=110,
        ),
    )


@hookimpl
def routes() -> Iterable[Route]:
    return (
        Route(
            name="all",
            scope=Scope.ACCOUNT,
            needs=READ,
            view=views.all_notes,
            query=("after",),
            tab=Tab(title=_("Notes"), order=110),
        ),
        Route(
            name="write",
            path="new",
            scope=Scope.ACCOUNT,
            needs=WRITE,
            view=views.new_note,
            form=NewNote,
            submit=views.write,
        ),
        Route(
            name="edit",
            path="<note>/edit",
            scope=Scope.ACCOUNT,
            needs=WRITE,
            view=views.edit_note,
            form=EditedNote,
            submit=views.save,
        ),
        Route(
            name="pin",
            path="<note>/pin",
            scope=Scope.ACCOUNT,
            needs=WRITE,
            submit=views.pin,
        ),
        Route(
            name="unpin",
            path="<note>/unpin",
            scope=Scope.ACCOUNT,
            needs=WRITE,
            submit=views.unpin,
        ),
        Route(
            name="delete",
            path="<note>/delete",
            scope=Scope.ACCOUNT,
            needs=WRITE,
            view=views.confirm_deletion,
            form=DeleteNote,
            submit=views.delete,
        ),
    )


@hookimpl
def list_columns() -> Iterable[ListColumn]:
    return (
        ListColumn(
            name="last",
            title=_("Last note"),
            of=ListOf.ACCOUNTS,
            needs=READ,
            load=lists.last_notes,
        ),
    )


@hookimpl
def list_filters() -> Iterable[ListFilter]:
    return (
        ListFilter(
            name="since",
            title=_("Notes"),
            of=ListOf.ACCOUNTS,
            needs=READ,
            choices=lists.spans,
            find=lists.noted_within,
        ),
    )
