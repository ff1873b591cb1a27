"""Sets of plugins that require each other: which of them can be on, and in which order."""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from crm_core.catalog import Installed


def with_all_required(
    names: Collection[str], installed: Mapping[str, Installed]
) -> Collection[str]:
    """Those of these plugins that are installed, with all that they require among them."""
    found = {name for name in names if name in installed}
    while lacking := {
        name for name in found if not found.issuperset(installed[name].manifest.requires)
    }:
        found -= lacking
    return found


def in_order(names: Collection[str], installed: Mapping[str, Installed]) -> Iterator[Installed]:
    """These plugins by name, but each after those that it requires."""
    sorter = TopologicalSorter({name: installed[name].manifest.requires for name in names})
    sorter.prepare()
    while ready := sorted(sorter.get_ready()):
        yield from (installed[name] for name in ready)
        sorter.done(*ready)
