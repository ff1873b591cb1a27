"""What other plugins say of documents: read for all documents of a page at once, each guarded."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from attrs import evolve

from crm_core import State
from crm_core.guarding import Failed, read_guarded
from plugins.documents.values import Standing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from crm_core import Context, Step
    from crm_core.accounts import Account
    from plugins.documents.values import Document

STATES, ACTIONS = "documents_states", "documents_actions"
"""What plugins answer to say something, and to offer something (`api.py`)."""


def with_standings(ctx: Context, documents: Sequence[Document]) -> Sequence[Document]:
    """The same documents, with what they stand at (DOC-4)."""
    contributed = ctx.modules.answers(STATES)
    if not documents or not contributed:
        return documents
    keys = [one.id for one in documents]
    said: dict[int, list[Standing]] = {key: [] for key in keys}
    for one in contributed:
        load = partial(one.value.load, ctx, keys)
        found = read_guarded(ctx, one.name, one.value.budget, load)
        if isinstance(found, Failed):
            unknown = Standing(state=State(word=found.sentence, tone="warn"), shut=True)
            given = dict.fromkeys(keys, (unknown,))
        else:
            given = found.value
        for key in keys:
            said[key].extend(given.get(key, ()))
    return [evolve(one, standings=tuple(said[one.id])) for one in documents]


def waiting(ctx: Context, account_id: int, count: int) -> Mapping[int, datetime]:
    """On which documents clients have something to do, and since when; the last first."""
    found: dict[int, datetime] = {}
    for one in ctx.modules.answers(STATES):
        if one.value.waiting is None:
            continue
        load = partial(one.value.waiting, ctx, account_id, count)
        said = read_guarded(ctx, one.name, one.value.budget, load)
        for since, key in () if isinstance(said, Failed) else said.value:
            found[key] = max(since, found.get(key, since))
    return dict(sorted(found.items(), key=lambda one: one[1], reverse=True)[:count])


def offered(ctx: Context, account: Account, document: Document) -> Sequence[Step]:
    """What plugins offer to do with a document, by their order."""
    found: list[Step] = []
    for one in ctx.modules.answers(ACTIONS):
        load = partial(one.value.load, ctx, account, document)
        said = read_guarded(ctx, one.name, one.value.budget, load)
        found += () if isinstance(said, Failed) else said.value
    return found
