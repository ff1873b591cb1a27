"""One search over everything that the modules contribute: the hits in groups."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from crm_core.guarding import Failed, read_guarded
from crm_core.permissions import may
from crm_core.search_and_lists import Hit
from crm_core.store.searching import typed_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crm_core.catalog import Contributed
    from crm_core.context import Context
    from crm_core.search_and_lists import SearchProvider
    from crm_core.words import Words

LIMIT = 20
"""Hits that one search shows in all."""


class NoHit(Exception):  # noqa: N818
    """A provider answered something else than hits."""


@frozen(kw_only=True)
class Group:
    """The hits of one provider, or how it failed."""

    name: str
    title: Words
    hits: Sequence[Hit] = ()
    failed: Failed | None = None


def search(
    ctx: Context, providers: Iterable[Contributed[SearchProvider]], text: str
) -> Sequence[Group]:
    """What these providers find, in their order; a group that found nothing is left out.

    A provider that fails, or whose SQL is late, leaves the rest as it is. Text that could be in
    nobody's name finds nothing.
    """
    if not typed_words(text):
        return ()
    groups = [
        _group(ctx, contributed, text)
        for contributed in sorted(providers, key=lambda p: (p.value.order, p.name))
        if may(ctx, contributed.value.needs)
    ]
    return _shared([group for group in groups if group.hits or group.failed])


def _group(ctx: Context, contributed: Contributed[SearchProvider], text: str) -> Group:
    group = Group(name=contributed.name, title=contributed.value.title)
    outcome = read_guarded(
        ctx, contributed.name, contributed.value.budget, lambda: _found(ctx, contributed, text)
    )
    if isinstance(outcome, Failed):
        return evolve(group, failed=outcome)
    return evolve(group, hits=outcome.value)


def _found(ctx: Context, contributed: Contributed[SearchProvider], text: str) -> Sequence[Hit]:
    hits = tuple(islice(contributed.value.find(ctx, text, LIMIT), LIMIT))
    for hit in hits:
        if not isinstance(hit, Hit):
            raise NoHit(f"{contributed.name} answered a {type(hit).__name__}, not a Hit")
    return hits


def _shared(groups: Sequence[Group]) -> Sequence[Group]:
    """The groups, cut to `LIMIT` hits in all: none is crowded out, room to spare goes to others."""
    room = {group.name: 0 for group in groups}
    for _ in range(LIMIT):
        waiting = [g for g in groups if room[g.name] < len(g.hits)]
        if waiting:
            room[min(waiting, key=lambda g: room[g.name]).name] += 1
    return [evolve(group, hits=group.hits[: room[group.name]]) for group in groups]
