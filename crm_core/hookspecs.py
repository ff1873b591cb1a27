"""The hooks: what the host asks a plugin once, and what the plugin answers.

Every hook takes nothing and returns an iterable of frozen values. It is called once for each set
of enabled modules, so an answer must not depend on a firm, a person or the time; the functions
that a value carries act later, with a `Context`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm_core.contributions import (
        Dataset,
        Field,
        FileScanner,
        FileVerifier,
        Route,
        Section,
        Table,
    )
    from crm_core.events import Event
    from crm_core.notification_types import NotificationType
    from crm_core.permissions import Permission
    from crm_core.search_and_lists import ListColumn, ListFilter, SearchProvider
    from crm_core.work import Job, Reaction

PROJECT = "crm"

hookspec = pluggy.HookspecMarker(PROJECT)
"""Marks a hook: the host's here, and those that a plugin has for others in its `api.py`."""

hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a function of a plugin as its answer to the hook of the same name."""


@hookspec
def permissions() -> Iterable[Permission]:
    """The rights that this plugin brings.

    A firm's owner and admins have them all; an employee has those that say `for_everyone` and
    those that were given by hand. Names begin with the plugin's own name and a dot.
    """
    raise NotImplementedError


@hookspec
def models() -> Iterable[Table]:
    """The tables of this plugin, each wrapped in `Table`.

    Table names begin with the plugin's own name and an underscore. Each must equal what the
    plugin's migrations make; a test compares the two.
    """
    raise NotImplementedError


@hookspec
def datasets() -> Iterable[Dataset]:
    """What this plugin knows about a firm's clients: its tables, and how to make life-like ones.

    Every table stands in a dataset, so that nothing is forgotten when a client's data are listed,
    taken out or made up for a demonstration.
    """
    raise NotImplementedError


@hookspec
def events() -> Iterable[Event]:
    """The facts that this plugin adds to a firm's history, each with the title it is told by.

    Names begin with the plugin's own name and a dot; a fact is added with `audit.record`.
    """
    raise NotImplementedError


@hookspec
def sections() -> Iterable[Section]:
    """The cards that this plugin shows: a title, a place, a right, and a function that loads it.

    A section that fails shows so in its own place; the page stands.
    """
    raise NotImplementedError


@hookspec
def routes() -> Iterable[Route]:
    """The pages of this plugin: a path, a right, a view, and where it takes input a form.

    The host has settled firm, module, right and account before a view is called. With a `Tab` the
    page is also a tab of the client's profile, with a `Menu` it stands in the menu at the left.
    """
    raise NotImplementedError


@hookspec
def fields() -> Iterable[Field]:
    """What this plugin adds to the settings of each e-mail address of a client: a switch.

    Settings belong to an address on one account; the same address has others elsewhere.
    """
    raise NotImplementedError


@hookspec
def search_providers() -> Iterable[SearchProvider]:
    """What this plugin adds to the search in the sidebar: a group of hits under a title.

    A provider that fails says so in its own group; the others stand.
    """
    raise NotImplementedError


@hookspec
def list_columns() -> Iterable[ListColumn]:
    """The columns that this plugin adds to the lists of clients and of contacts.

    A column is loaded for one page of the list at once. One that fails says so in its cells; the
    list stands.
    """
    raise NotImplementedError


@hookspec
def list_filters() -> Iterable[ListFilter]:
    """The filters that this plugin adds to the lists of clients and of contacts.

    They combine with all others, and with the lists that somebody keeps. One that fails is left
    out with a sentence; the list stands.
    """
    raise NotImplementedError


@hookspec
def reactions() -> Iterable[Reaction]:
    """What this plugin does when something happens, of its own, of the core's or of other plugins'.

    Before a change is kept it may refuse it; with the change it writes in the same transaction;
    after it the worker acts, with retries. A module that is off does not react.
    """
    raise NotImplementedError


@hookspec
def jobs() -> Iterable[Job]:
    """What this plugin does by the clock, in each firm that has it on. The worker does it.

    Names of jobs and of reactions are unique among both: what waits in the outbox names them.
    """
    raise NotImplementedError


@hookspec
def notification_types() -> Iterable[NotificationType]:
    """What this plugin tells clients or colleagues of, each a type that people can switch off.

    Names begin with the plugin's own name and a dot. They are told with `notify.tell_clients` and
    `notify.tell_staff`, within the transaction of the change.
    """
    raise NotImplementedError


@hookspec
def file_scanners() -> Iterable[FileScanner]:
    """What this plugin looks for in files that come in, from staff and clients, by any form.

    All scanners of the firm's modules look at a file before it is kept; what one of them finds, or
    cannot look at, is refused. A module that is off does not look.
    """
    raise NotImplementedError


@hookspec
def file_verifiers() -> Iterable[FileVerifier]:
    """What this plugin can say of a file that anybody has: whether it is what it was.

    Asked by `crm verify FILE` and by the page `/verify`, which everybody may open. Every installed
    plugin is asked, whatever firms have switched on; one that fails is left out.
    """
    raise NotImplementedError
