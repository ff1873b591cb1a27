"""What other plugins say of documents: read for all documents of a page at once, each guarded."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from attrs import evolve

from crm_core import State
from crm_core.guarding import Failed, read_guarded
from plugins.documents.values import Standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core import Context
    from plugins.documents.values import Document

HOOK = "documents_states"
"""What plugins answer to say something (`api.py`)."""


def with_standings(ctx: Context, documents: Sequence[Document]) -> Sequence[Document]:
    """The same documents, with what they stand at (DOC-4)."""
    contributed = ctx.modules.answers(HOOK)
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
