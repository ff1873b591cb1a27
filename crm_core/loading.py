"""From entry points to plugins: each is loaded by itself, and one that is not sound is left out.

A plugin that does not import, has a bad manifest, answers a hook wrongly, claims another's name or
table, or needs a plugin that is not there becomes a `Failure` with its reason; the others load.
"""

from __future__ import annotations

import importlib
import inspect
from collections import Counter
from functools import partial
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from crm_core.catalog import HOOKS, Catalog, Installed, contributions_of
from crm_core.contributions import Place, Scope
from crm_core.hookspecs import PROJECT
from crm_core.manifest import API, Manifest
from crm_core.words import Words, _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from types import ModuleType

    from crm_core.catalog import Contributed
    from crm_core.manifest import Edition

GROUP = "crm.plugins"
"""The entry-point group through which every plugin comes, ours too."""

PREFIXES = {"permissions": ".", "events": ".", "notification_types": ".", "models": "_"}
"""What stands between the plugin's name and the rest, for what must carry the plugin's name."""


@frozen(kw_only=True)
class Source:
    """Where a plugin is said to be: the name that it was installed under, and its module."""

    name: str
    module: str | ModuleType


@frozen(kw_only=True)
class Failure:
    """A plugin that was left out, and why."""

    plugin: str
    reason: Words
    error: BaseException | None = field(default=None, eq=False, repr=False)

    @property
    def for_firms(self) -> Words:
        """The reason without the text of what was raised: it is the operator's to read."""
        if self.error is None:
            return self.reason
        return _("It raised {error}.", error=type(self.error).__name__)


@frozen(kw_only=True)
class Loaded:
    """The catalog of sound plugins, and the failures of the others."""

    catalog: Catalog
    failures: tuple[Failure, ...]


class _Unsound(Exception):  # noqa: N818
    def __init__(self, reason: Words) -> None:
        super().__init__(str(reason))
        self.reason = reason


def installed_sources() -> tuple[Source, ...]:
    """The plugins that Python's installed packages announce, by name."""
    found = sorted(entry_points(group=GROUP), key=lambda point: point.name)
    return tuple(Source(name=point.name, module=point.value) for point in found)


def load(sources: Iterable[Source], editions: Mapping[str, Edition]) -> Loaded:
    """Loads these plugins; those that are not sound, or need one that is not, are left out."""
    sound: dict[str, Installed] = {}
    tables: dict[str, str] = {}
    failures: list[Failure] = []

    def take(source: Source) -> None:
        plugin = _loaded(source)
        if plugin.name in sound:
            raise _Unsound(_("Another plugin has the name {name}.", name=plugin.name))
        _check_tables(plugin, tables)
        sound[plugin.name] = plugin

    for source in sources:
        failures.extend(_failures(source.name, partial(take, source)))
    failures.extend(_drop_those_that_lack_something(sound))
    failures.extend(_drop_those_that_answer_wrongly(sound))
    failures.extend(_drop_those_that_lack_something(sound))
    left_out = {failure.plugin: failure.for_firms for failure in failures}
    catalog = Catalog(sound.values(), editions, left_out)
    return Loaded(catalog=catalog, failures=tuple(failures))


def _failures(plugin: str, check: Callable[[], None]) -> list[Failure]:
    """Why this plugin is not sound, or nothing."""
    try:
        check()
    except _Unsound as unsound:
        return [Failure(plugin=plugin, reason=unsound.reason)]
    except Exception as error:  # noqa: BLE001 - a stranger's code: it must not stop the host
        reason = _("It raised {error}.", error=f"{type(error).__name__}: {error}")
        return [Failure(plugin=plugin, reason=reason, error=error)]
    return []


def _loaded(source: Source) -> Installed:
    module = (
        importlib.import_module(source.module) if isinstance(source.module, str) else source.module
    )
    manifest = getattr(module, "MANIFEST", None)
    if not isinstance(manifest, Manifest):
        raise _Unsound(_("Its module has no MANIFEST of the type Manifest."))
    if manifest.name != source.name:
        raise _Unsound(
            _(
                "It is installed as {one} but calls itself {other}.",
                one=source.name,
                other=manifest.name,
            )
        )
    if manifest.api != API:
        raise _Unsound(
            _(
                "It speaks version {one} of the contract, the host {other}.",
                one=manifest.api,
                other=API,
            )
        )
    plugin = Installed(manifest, module)
    _check_own_hooks(plugin)
    answers = contributions_of([plugin])
    for hook, of in {**HOOKS, **_hooks_of([plugin])}.items():
        _check_answers(plugin, hook, of, answers[hook])
    _check_view_all(plugin)
    return plugin


def _check_own_hooks(plugin: Installed) -> None:
    for hook in plugin.manifest.hooks:
        if not hook.name.startswith(f"{plugin.name}_"):
            raise _Unsound(
                _(
                    "Its {hook} holds {name}, which does not begin with {prefix}.",
                    hook="hooks",
                    name=hook.name,
                    prefix=f"{plugin.name}_",
                )
            )


def _hooks_of(plugins: Iterable[Installed]) -> dict[str, type[Any]]:
    return {hook.name: hook.of for plugin in plugins for hook in plugin.manifest.hooks}


def _check_hooks_of_others(plugin: Installed, sound: Mapping[str, Installed]) -> None:
    """Refuses answers to hooks that are nobody's, or of a plugin that this one does not require."""
    required = [sound[name] for name in plugin.manifest.requires]
    of_others = _hooks_of(required)
    known = HOOKS.keys() | of_others.keys() | _hooks_of([plugin]).keys()
    for name, value in vars(plugin.module).items():
        if inspect.isfunction(value) and hasattr(value, f"{PROJECT}_impl") and name not in known:
            raise _Unsound(_("It implements a hook {name} that does not exist.", name=name))
    answers = contributions_of([*required, plugin])
    for hook, of in of_others.items():
        own = tuple(one for one in answers[hook] if one.plugin == plugin.name)
        _check_answers(plugin, hook, of, own)


def _check_answers(
    plugin: Installed, hook: str, of: type[Any], answers: Sequence[Contributed[Any]]
) -> None:
    names = [_name_of(hook, contributed.value) for contributed in answers]
    for contributed, name in zip(answers, names, strict=True):
        _check_answer(hook, of, contributed.value, plugin.name, name)
    for name, times in Counter(names).items():
        if times > 1:
            raise _Unsound(_("Its {hook} has {name} twice.", hook=hook, name=name))


_SCOPES = {
    Place.HOME: Scope.FIRM,
    Place.OVERVIEW: Scope.ACCOUNT,
    Place.INFO: Scope.ACCOUNT,
    Place.PORTAL: Scope.PORTAL,
}
_WHOSE = {
    Scope.FIRM: _("the firm"),
    Scope.ACCOUNT: _("a client"),
    Scope.PORTAL: _("the portal"),
}


def _check_view_all(plugin: Installed) -> None:
    answers = contributions_of([plugin])
    routes = {route.value.name: route.value for route in answers["routes"]}
    for section in answers["sections"]:
        if not section.value.all_route:
            continue
        target = routes.get(section.value.all_route)
        scope = _SCOPES[section.value.place]
        if target is None or target.view is None or target.scope is not scope:
            raise _Unsound(
                _(
                    "Its section {name} leads to {route}, which is no page of {what}.",
                    name=section.value.name,
                    route=section.value.all_route,
                    what=_WHOSE[scope],
                )
            )


def _check_tables(plugin: Installed, taken: dict[str, str]) -> None:
    """Refuses a table of another plugin: `notes_extra_x` may be said by notes and notes_extra."""
    names = [_name_of("models", c.value) for c in contributions_of([plugin])["models"]]
    for name in names:
        if name in taken:
            raise _Unsound(_("Its table {name} is that of {other}.", name=name, other=taken[name]))
    taken.update(dict.fromkeys(names, plugin.name))


def _check_answer(hook: str, wanted: type[Any], value: Any, plugin: str, name: str) -> None:
    if not isinstance(value, wanted):
        raise _Unsound(
            _(
                "Its {hook} holds a {found}, not a {wanted}.",
                hook=hook,
                found=type(value).__name__,
                wanted=wanted.__name__,
            )
        )
    if hook in PREFIXES and not name.startswith(plugin + PREFIXES[hook]):
        raise _Unsound(
            _(
                "Its {hook} holds {name}, which does not begin with {prefix}.",
                hook=hook,
                name=name,
                prefix=plugin + PREFIXES[hook],
            )
        )


def _name_of(hook: str, value: Any) -> str:
    if hook == "models":
        return str(value.row._meta.table_name) if hasattr(value, "row") else ""
    return str(getattr(value, "name", ""))


def _drop_those_that_answer_wrongly(sound: dict[str, Installed]) -> list[Failure]:
    failures = []
    for plugin in sound.values():
        failures.extend(_failures(plugin.name, partial(_check_hooks_of_others, plugin, sound)))
    for failure in failures:
        del sound[failure.plugin]
    return failures


def _drop_those_that_lack_something(sound: dict[str, Installed]) -> list[Failure]:
    failures = []
    while lacking := {
        name: missing
        for name, plugin in sound.items()
        if (missing := [other for other in plugin.manifest.requires if other not in sound])
    }:
        for name, missing in lacking.items():
            del sound[name]
            reason = _("It needs {names}, which is not there.", names=", ".join(missing))
            failures.append(Failure(plugin=name, reason=reason))
    return failures
