"""What is installed (`Catalog`), and one set of it that is switched on (`Modules`).

The only place that speaks to pluggy's manager. Every set gets a manager of its own, so a module
that is off is not skipped: it is not there.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import pluggy
from attrs import field, frozen

from crm_core import hookspecs
from crm_core.contributions import (
    Dataset,
    Field,
    FileScanner,
    FileVerifier,
    Place,
    Route,
    Scope,
    Section,
    Table,
)
from crm_core.events import CORE_EVENTS, Event
from crm_core.faults import Faults
from crm_core.guarding import Patience
from crm_core.notification_types import NotificationType, types_by_name
from crm_core.permissions import CORE_PERMISSIONS, Permission
from crm_core.requiring import in_order, with_all_required
from crm_core.search_and_lists import ListColumn, ListFilter, ListOf, SearchProvider
from crm_core.speaking import catalogues_of
from crm_core.work import Job, Reaction, When

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from types import ModuleType

    from crm_core.manifest import Edition, Manifest
    from crm_core.speaking import Catalogues
    from crm_core.words import Words

SETS_KEPT = 64
"""How many sets of modules stay built; the one used longest ago goes first."""

T = TypeVar("T")

HOOKS: Mapping[str, type[Any]] = {
    "permissions": Permission,
    "models": Table,
    "datasets": Dataset,
    "events": Event,
    "sections": Section,
    "routes": Route,
    "fields": Field,
    "search_providers": SearchProvider,
    "list_columns": ListColumn,
    "list_filters": ListFilter,
    "reactions": Reaction,
    "jobs": Job,
    "notification_types": NotificationType,
    "file_scanners": FileScanner,
    "file_verifiers": FileVerifier,
}
"""The hooks, and the type that each one's answers must have."""


@frozen
class Installed:
    """A plugin that was loaded and found sound."""

    manifest: Manifest
    module: ModuleType = field(repr=False)

    @property
    def name(self) -> str:
        """The plugin's name."""
        return self.manifest.name


@frozen
class Contributed(Generic[T]):
    """A contribution and the plugin that it comes from; `name` is unique among its kind."""

    plugin: str
    value: T

    @property
    def name(self) -> str:
        """The contribution's name with the plugin's before it: `notes.all`."""
        return f"{self.plugin}.{getattr(self.value, 'name', '')}"


class Modules:
    """One set of plugins that are switched on together, and what they contribute. Immutable."""

    def __init__(self, installed: Iterable[Installed]) -> None:
        plugins = tuple(installed)
        self.names = frozenset(plugin.name for plugin in plugins)
        answers = contributions_of(plugins, whole=True)
        own = {hook.name for plugin in plugins for hook in plugin.manifest.hooks}
        self._of_own_hooks = {name: _in_order(answers[name]) for name in own}
        self.routes: tuple[Contributed[Route], ...] = answers["routes"]
        self.tables: tuple[Contributed[Table], ...] = answers["models"]
        self.datasets: tuple[Contributed[Dataset], ...] = answers["datasets"]
        self.fields: tuple[Contributed[Field], ...] = answers["fields"]
        self.search_providers: tuple[Contributed[SearchProvider], ...] = answers["search_providers"]
        self.permissions: tuple[Permission, ...] = (
            *CORE_PERMISSIONS,
            *(contributed.value for contributed in answers["permissions"]),
        )
        self.events: tuple[Event, ...] = (
            *CORE_EVENTS,
            *(contributed.value for contributed in answers["events"]),
        )
        self.notification_types: Mapping[str, NotificationType] = types_by_name(
            contributed.value for contributed in answers["notification_types"]
        )
        self.tabs: tuple[Contributed[Route], ...] = tuple(
            sorted(
                (route for route in self.routes if route.value.tab is not None),
                key=lambda route: (route.value.tab.order if route.value.tab else 0, route.name),
            )
        )
        self._menu: tuple[Contributed[Route], ...] = tuple(
            sorted(
                (route for route in self.routes if route.value.menu is not None),
                key=lambda route: (route.value.menu.order if route.value.menu else 0, route.name),
            )
        )
        reactions: tuple[Contributed[Reaction], ...] = answers["reactions"]
        self.reactions: Mapping[str, Sequence[Contributed[Reaction]]] = _by_event(reactions)
        self.jobs: tuple[Contributed[Job], ...] = answers["jobs"]
        self.work: Mapping[str, Contributed[Any]] = {
            one.name: one for one in (*answers["reactions"], *self.jobs)
        }
        """The reactions and jobs, by name."""
        self.file_scanners: tuple[Contributed[FileScanner], ...] = _in_order(
            answers["file_scanners"]
        )
        self.file_verifiers: tuple[Contributed[FileVerifier], ...] = _in_order(
            answers["file_verifiers"]
        )
        self._list_columns = _in_order(answers["list_columns"])
        self._list_filters = _in_order(answers["list_filters"])
        self._sections: tuple[Contributed[Section], ...] = _in_order(answers["sections"])

    def of_plugin(self, name: str) -> tuple[Words, ...]:
        """The titles of what a plugin shows, finds and allows, each once."""
        titles = [tab.value.tab.title for tab in self.tabs if tab.plugin == name and tab.value.tab]
        titles += [section.value.title for section in self._sections if section.plugin == name]
        titles += [found.value.title for found in self.search_providers if found.plugin == name]
        for beside in (*self._list_columns, *self._list_filters):
            titles += [beside.value.title] if beside.plugin == name else []
        titles += [one.value.title for one in self.file_scanners if one.plugin == name]
        titles += [one.value.title for one in self.file_verifiers if one.plugin == name]
        titles += [right.title for right in self.permissions if right.name.startswith(f"{name}.")]
        told = self.notification_types.values()
        titles += [one.title for one in told if one.name.startswith(f"{name}.")]
        return tuple(dict.fromkeys(titles))

    def answers(self, hook: str) -> tuple[Contributed[Any], ...]:
        """What is contributed to a hook of a plugin's own, by its order and then by name."""
        return self._of_own_hooks[hook]

    def menu(self, scope: Scope) -> tuple[Contributed[Route], ...]:
        """The pages in the menu of the firm, or of the portal, by their order and then by name."""
        return tuple(
            route for route in self._of_menus(in_settings=False) if route.value.scope is scope
        )

    def settings_pages(self) -> tuple[Contributed[Route], ...]:
        """The pages among the firm's settings, by their order and then by name."""
        return self._of_menus(in_settings=True)

    def _of_menus(self, *, in_settings: bool) -> tuple[Contributed[Route], ...]:
        menus = ((route, route.value.menu) for route in self._menu)
        return tuple(route for route, menu in menus if menu and menu.in_settings is in_settings)

    def sections(self, place: Place) -> tuple[Contributed[Section], ...]:
        """The sections of a place, by their order and then by name."""
        return tuple(section for section in self._sections if section.value.place is place)

    def list_columns(self, of: ListOf) -> tuple[Contributed[ListColumn], ...]:
        """The columns that a list can show besides its own, by their order and then by name."""
        return tuple(column for column in self._list_columns if column.value.of is of)

    def list_filters(self, of: ListOf) -> tuple[Contributed[ListFilter], ...]:
        """The filters that a list has besides its own, by their order and then by name."""
        return tuple(found for found in self._list_filters if found.value.of is of)


class Catalog:
    """The plugins that are installed, and the editions that name them.

    `unsound` are those that were left out, by name, with the reason.
    """

    def __init__(
        self,
        installed: Iterable[Installed],
        editions: Mapping[str, Edition],
        unsound: Mapping[str, Words] = MappingProxyType({}),
    ) -> None:
        self.installed: Mapping[str, Installed] = {plugin.name: plugin for plugin in installed}
        self.unsound = unsound
        self.faults = Faults()
        self.editions = editions
        self.patience = Patience()
        self._built: OrderedDict[frozenset[str], Modules] = OrderedDict()
        self._lock = threading.Lock()

    @cached_property
    def texts(self) -> Catalogues:
        """The texts of the core and of all that is installed, in other languages."""
        return catalogues_of(self)

    @property
    def everything(self) -> Modules:
        """All installed plugins as one set: what routes are built from."""
        return self.modules(frozenset(self.installed))

    def modules(self, names: frozenset[str]) -> Modules:
        """The modules of this set, less those that are not installed or lack what they require."""
        with self._lock:
            if names in self._built:
                self._built.move_to_end(names)
                return self._built[names]
            built = Modules(in_order(with_all_required(names, self.installed), self.installed))
            self._built[names] = built
            if len(self._built) > SETS_KEPT:
                self._built.popitem(last=False)
            return built

    def of_edition(self, edition: str, switched_off: frozenset[str] = frozenset()) -> Modules:
        """What a firm with this edition has switched on; an edition that is gone has nothing."""
        known = self.editions.get(edition)
        return self.modules(frozenset(known.plugins if known else ()) - switched_off)


def _by_event(
    reactions: Iterable[Contributed[Reaction]],
) -> Mapping[str, Sequence[Contributed[Reaction]]]:
    """The reactions to each event: those that may refuse before those that write."""
    found: dict[str, list[Contributed[Reaction]]] = {}
    for moment in When:
        for reaction in reactions:
            for event in reaction.value.to if reaction.value.when is moment else ():
                found.setdefault(event, []).append(reaction)
    return found


def _in_order(contributed: Iterable[Contributed[Any]]) -> tuple[Contributed[Any], ...]:
    return tuple(sorted(contributed, key=lambda one: (one.value.order, one.name)))


def contributions_of(
    plugins: Collection[Installed], *, whole: bool = False
) -> dict[str, tuple[Contributed[Any], ...]]:
    """What these plugins answer to each hook, with the plugin that each answer comes from.

    The hooks are the host's, and those that one of these plugins has for others. Where they are
    `whole`, with all that they require, an answer to a hook that does not exist raises.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    hooks = list(HOOKS)
    for plugin in plugins:
        own = {hook.name: hook.spec for hook in plugin.manifest.hooks}
        if own:
            manager.add_hookspecs(type("hooks", (), own))
            hooks.extend(own)
        manager.register(plugin.module, name=plugin.name)
    if whole:
        manager.check_pending()
    return {
        hook: tuple(
            Contributed(answer.plugin_name, value)
            for answer in getattr(manager.hook, hook).get_hookimpls()
            for value in answer.function()
        )
        for hook in hooks
    }
