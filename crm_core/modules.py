"""A firm's modules: what its edition holds, what is switched on, and what follows from a switch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from crm_core import audit, events
from crm_core.permissions import SWITCH_MODULES, demand
from crm_core.refusals import NotFound
from crm_core.store.tables import FirmRecord

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm_core.catalog import Catalog, Installed
    from crm_core.context import Context
    from crm_core.faults import Fault
    from crm_core.words import Words


@frozen(kw_only=True)
class Module:
    """A module of the firm's edition.

    `adds` are the titles of its sections, tabs and rights; `needs` and `needed_by` are names of
    other modules that are switched with it: what it needs when it goes on, what needs it when it
    goes off.
    """

    name: str
    title: Words
    description: Words
    on: bool
    adds: Sequence[Words]
    needs: Sequence[Words]
    needed_by: Sequence[Words]


def module_list(ctx: Context) -> Sequence[Module]:
    """The modules of the firm's edition that are installed; owner and admins may see them."""
    demand(ctx, SWITCH_MODULES)
    return [_module(ctx, plugin) for plugin in _of_edition(ctx)]


def unsound_modules(ctx: Context) -> Mapping[str, Words]:
    """The plugins of the firm's edition that are not sound, by name, with the reason."""
    demand(ctx, SWITCH_MODULES)
    edition = ctx.catalog.editions.get(ctx.firm.edition)
    unsound = ctx.catalog.unsound
    return {name: unsound[name] for name in (edition.plugins if edition else ()) if name in unsound}


def faults_of_modules(ctx: Context) -> Sequence[Fault]:
    """What failed in the firm since this process began, the latest first."""
    demand(ctx, SWITCH_MODULES)
    return ctx.catalog.faults.of_firm(ctx.firm.id)


def module_named(ctx: Context, name: str) -> Module:
    """The module of this name in the firm's edition, or `NotFound`."""
    for module in module_list(ctx):
        if module.name == name:
            return module
    raise NotFound


def switch_module(ctx: Context, name: str) -> Sequence[Module]:
    """Switches a module on or off, with what it needs or what needs it; answers what changed.

    It takes effect with the next request, everywhere. No row is lost: what a module stored stays
    and returns with it.
    """
    wanted = not module_named(ctx, name).on
    row = ctx.store.locking(FirmRecord.of(ctx.store).where(FirmRecord.id == ctx.firm.id)).get()
    off = set(row.switched_off.split())
    follow = _required if wanted else _requiring
    changed = {name, *follow(ctx.catalog, name)} & {plugin.name for plugin in _of_edition(ctx)}
    now_off = off - changed if wanted else off | changed
    if now_off == off:
        return []
    FirmRecord.change(ctx.store, switched_off=" ".join(sorted(now_off))).where(
        FirmRecord.id == ctx.firm.id
    ).execute()
    audit.record(
        ctx,
        events.MODULES_CHANGED,
        before={"switched_off": sorted(off)},
        after={"switched_off": sorted(now_off)},
    )
    switched = now_off ^ off
    return [
        _module(ctx, plugin, on=wanted) for plugin in _of_edition(ctx) if plugin.name in switched
    ]


def change_edition(ctx: Context, edition: str) -> None:
    """Gives the firm another edition: the vendor's to do, on the command line.

    No row is lost: what the new edition does not show stays and returns with the old one.
    """
    FirmRecord.change(ctx.store, edition=edition).where(FirmRecord.id == ctx.firm.id).execute()
    audit.record(
        ctx,
        events.EDITION_CHANGED,
        before={"edition": ctx.firm.edition},
        after={"edition": edition},
    )


def _of_edition(ctx: Context) -> Sequence[Installed]:
    edition = ctx.catalog.editions.get(ctx.firm.edition)
    names = edition.plugins if edition else ()
    return [ctx.catalog.installed[name] for name in names if name in ctx.catalog.installed]


def _module(ctx: Context, plugin: Installed, *, on: bool | None = None) -> Module:
    alone = ctx.catalog.everything.of_plugin(plugin.name)
    title_of = {name: other.manifest.title for name, other in ctx.catalog.installed.items()}
    return Module(
        name=plugin.name,
        title=plugin.manifest.title,
        description=plugin.manifest.description,
        on=plugin.name in ctx.modules.names if on is None else on,
        adds=alone,
        needs=[title_of[name] for name in sorted(_required(ctx.catalog, plugin.name))],
        needed_by=[title_of[name] for name in sorted(_requiring(ctx.catalog, plugin.name))],
    )


def _required(catalog: Catalog, name: str) -> set[str]:
    """All that a plugin needs, and what that needs."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        more = set(catalog.installed[waiting.pop()].manifest.requires) - found
        found |= more
        waiting.extend(more)
    return found


def _requiring(catalog: Catalog, name: str) -> set[str]:
    """All that needs a plugin, directly or not."""
    return {other for other in catalog.installed if name in _required(catalog, other)}
