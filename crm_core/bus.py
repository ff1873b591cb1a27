"""From a change to the reactions of the firm's modules: before it is kept, with it, after it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from attrs import evolve

from crm_core import outbox
from crm_core.guarding import Failed, guarded
from crm_core.refusals import Refused
from crm_core.words import _
from crm_core.work import When

if TYPE_CHECKING:
    from crm_core.catalog import Contributed
    from crm_core.context import Context
    from crm_core.events import Event
    from crm_core.work import Happened, Reaction


def tell(ctx: Context, event: Event, happened: Happened) -> None:
    """Lets the modules of the firm react; within the transaction of the change.

    Whoever records a fact in the history (`audit.record`) has told it already. With a `key` in
    `happened` what comes after the change is done once for that key, however often it is told.
    """
    for reaction in ctx.modules.reactions.get(event.name, ()):
        told = evolve(happened, key=f"{reaction.name}:{happened.key or secrets.token_hex(16)}")
        if reaction.value.when is When.BEFORE:
            _ask(ctx, reaction, told)
        elif reaction.value.when is When.AFTER or not _act_within(ctx, reaction, told):
            outbox.put(ctx, reaction.name, told, ctx.now)


def _ask(ctx: Context, reaction: Contributed[Reaction], happened: Happened) -> None:
    """Lets it refuse. One that fails has not agreed: the change is refused, with the reference."""
    refusals: list[Refused] = []

    def call() -> None:
        try:
            reaction.value.act(ctx, happened)
        except Refused as refused:
            refusals.append(refused)

    outcome = guarded(reaction.name, call, firm=ctx.firm.slug)
    if refusals:
        raise refusals[0]
    if isinstance(outcome, Failed):
        raise Refused(
            _(
                "This is not done: {module} could not say whether it may be. "
                "Reference {reference}.",
                module=reaction.value.title,
                reference=outcome.reference,
            )
        )


def _act_within(ctx: Context, reaction: Contributed[Reaction], happened: Happened) -> bool:
    """Lets it write; answers whether that worked. Where it did not, nothing of it stays."""

    def call() -> None:
        with ctx.store.savepoint():
            reaction.value.act(ctx, happened)

    return not isinstance(guarded(reaction.name, call, firm=ctx.firm.slug), Failed)
