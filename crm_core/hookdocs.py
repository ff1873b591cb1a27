"""Writes `docs/hooks.md` from the hooks and contributions themselves: `make docs`."""

from __future__ import annotations

import inspect
import sys
from typing import TYPE_CHECKING, Any

import attrs

from crm_core import (
    context,
    contributions,
    events,
    file_values,
    hookspecs,
    manifest,
    notification_types,
    permissions,
    search_and_lists,
    work,
)
from crm_core.catalog import HOOKS

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = """\
# Hooks and contributions

Written by `make docs` from `crm_core/hookspecs.py` and the values that the hooks return; a test
compares. A plugin is a module with a `MANIFEST` and functions marked with `@hookimpl`, announced
under the entry-point group `crm.plugins`. `plugins/notes/plugin.py` is a complete one.
"""

VALUES: tuple[type[Any], ...] = (
    manifest.Manifest,
    manifest.Hook,
    permissions.Permission,
    events.Event,
    work.Reaction,
    work.When,
    work.Happened,
    work.Job,
    notification_types.NotificationType,
    notification_types.Audience,
    notification_types.MailWish,
    contributions.Table,
    contributions.Dataset,
    contributions.DemoAccount,
    contributions.Section,
    contributions.Route,
    contributions.Tab,
    contributions.Menu,
    contributions.Field,
    contributions.FieldOf,
    search_and_lists.SearchProvider,
    search_and_lists.Hit,
    search_and_lists.Face,
    search_and_lists.ListColumn,
    search_and_lists.ListFilter,
    search_and_lists.ListOf,
    search_and_lists.Keys,
    contributions.FileScanner,
    contributions.FileVerifier,
    contributions.Verified,
    file_values.ArrivingFile,
    contributions.Scope,
    contributions.Place,
    context.Context,
    context.Page,
    context.Fragment,
    context.Redirect,
    context.Download,
    context.Picture,
    context.Framed,
    context.To,
    context.Item,
    context.Step,
    context.State,
)


def text() -> str:
    """The whole document."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield HEAD
    yield "## The hooks\n"
    for name in HOOKS:
        hook = getattr(hookspecs, name)
        yield f"### `{name}{_signature(hook)}`\n"
        yield f"{inspect.getdoc(hook)}\n"
    yield "## The values\n"
    for value in VALUES:
        yield f"### `{value.__name__}`\n"
        yield f"{inspect.getdoc(value)}\n"
        yield from _fields(value)


def _signature(hook: Any) -> str:
    return str(inspect.signature(hook)).replace("'", "")


def _fields(value: type[Any]) -> Iterator[str]:
    if not attrs.has(value):
        return
    written = inspect.get_annotations(value)
    for parent in value.__mro__[1:-1]:
        written = {**inspect.get_annotations(parent), **written}
    for field in attrs.fields(value):
        # As it is written: cattrs puts the classes themselves into the fields that it has seen.
        kind = written[field.name]
        if field.default is attrs.NOTHING:
            yield f"- `{field.name}: {kind}`"
        elif isinstance(field.default, str | int | float | tuple | None):
            yield f"- `{field.name}: {kind} = {field.default!r}`"
        else:
            yield f"- `{field.name}: {kind}` (may be left out)"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(text())
