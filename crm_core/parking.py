"""Work that failed: people see it, let what is parked be tried again, or give it up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen
from peewee import Case, fn

from crm_core import audit, core_work, events
from crm_core.firms import list_firms
from crm_core.permissions import MANAGE_FIRM, demand
from crm_core.refusals import NotFound
from crm_core.store.database import FirmScope
from crm_core.store.outbox_rows import OutboxRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from crm_core.context import Context
    from crm_core.store.database import Store
    from crm_core.words import Words


@frozen(kw_only=True)
class Troubled:
    """Work that has failed. `title` is None where its module is gone or off.

    `parked` is when it failed for the last time; until then it is tried again at `due`.
    """

    public_id: str
    title: Words | None
    work: str
    created: datetime
    attempts: int
    reference: str
    due: datetime
    parked: datetime | None


@frozen(kw_only=True)
class Outbox:
    """A firm's outbox: how much waits, since when, what is parked and what is tried again.

    Of both the latest first, as many as were asked for.
    """

    waiting: int
    oldest: datetime | None
    parked: Sequence[Troubled]
    failing: Sequence[Troubled]


def outbox_of(ctx: Context, most: int = 100) -> Outbox:
    """The firm's outbox, for those who manage the firm. Three queries."""
    demand(ctx, MANAGE_FIRM)
    counted = (
        OutboxRow.of(
            ctx, fn.COUNT(OutboxRow.id).alias("waiting"), fn.MIN(OutboxRow.created).alias("oldest")
        )
        .where(OutboxRow.state == "waiting")
        .get()
    )
    failing = (OutboxRow.state == "waiting") & (OutboxRow.reference != "")
    return Outbox(
        waiting=counted.waiting,
        oldest=counted.oldest,
        parked=_troubled(ctx, OutboxRow.state == "parked", OutboxRow.ended, most),
        failing=_troubled(ctx, failing, OutboxRow.due, most),
    )


def parked_of(ctx: Context, public_id: str) -> Troubled:
    """The parked work with this public id; `NotFound` where there is none, or it was retried."""
    demand(ctx, MANAGE_FIRM)
    found = _troubled(ctx, _is_parked(public_id), OutboxRow.id, 1)
    if not found:
        raise NotFound
    return found[0]


def retry(ctx: Context, public_id: str) -> None:
    """Lets the worker try it again, at once and five times more."""
    parked = parked_of(ctx, public_id)
    values: dict[str, Any] = {"state": "waiting", "attempts": 0, "due": ctx.now, "ended": None}
    OutboxRow.change(ctx, reference="", **values).where(_is_parked(public_id)).execute()
    audit.record(ctx, events.WORK_RETRIED, after={"work": parked.work})


def give_up(ctx: Context, public_id: str) -> None:
    """Takes it out of the outbox for good: it is never done. A job comes again at its next time."""
    parked = parked_of(ctx, public_id)
    OutboxRow.change(ctx, state="done", text=_kept_text()).where(_is_parked(public_id)).execute()
    audit.record(ctx, events.WORK_GIVEN_UP, before={"work": parked.work})


@frozen(kw_only=True)
class Backlog:
    """A firm whose outbox wants looking after: what is parked, and since when the oldest waits."""

    firm: str
    parked: int
    oldest: datetime | None


def backlogs(store: Store, before: datetime) -> Sequence[Backlog]:
    """The firms with parked work, or with work due before this moment: for the operator."""
    found = []
    for firm in list_firms(store):
        scope = FirmScope(store, firm)
        with store.firm_transaction(firm.id, write=False):
            parked = OutboxRow.of(scope).where(OutboxRow.state == "parked").count()
            late = (OutboxRow.state == "waiting") & (OutboxRow.due < before)
            oldest = OutboxRow.of(scope, OutboxRow.due).where(late).order_by(OutboxRow.due).first()
        if parked or oldest:
            found.append(
                Backlog(firm=firm.slug, parked=parked, oldest=oldest.due if oldest else None)
            )
    return found


def _kept_text() -> Any:
    """A job keeps the stretch of time in which it came; of a reaction nothing is kept."""
    return Case(None, [(OutboxRow.key == OutboxRow.work, OutboxRow.text)], "")


def _is_parked(public_id: str) -> Any:
    return (OutboxRow.public_id == public_id) & (OutboxRow.state == "parked")


def _troubled(ctx: Context, where: Any, latest: Any, most: int) -> Sequence[Troubled]:
    rows = OutboxRow.of(ctx).where(where).order_by(latest.desc(), OutboxRow.id.desc()).limit(most)
    return [_read(ctx, row) for row in rows]


def _read(ctx: Context, row: Any) -> Troubled:
    work = ctx.modules.work.get(row.work)
    return Troubled(
        public_id=row.public_id,
        title=work.value.title if work else core_work.TITLES.get(row.work),
        work=row.work,
        created=row.created,
        attempts=row.attempts,
        reference=row.reference,
        due=row.due,
        parked=row.ended,
    )
