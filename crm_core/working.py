"""Doing what the outbox holds: taking work, doing it, and what becomes of work that fails.

A worker that is killed loses nothing: what it had taken is due again when its lease ends. The work
and the mark that it is done are one transaction, so what it writes is kept once.
"""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import structlog
from attrs import field, frozen
from peewee import fn

from crm_core import outbox
from crm_core.contexts import context_for_worker
from crm_core.firms import firm_with_id, firms_in_order, list_firms
from crm_core.guarding import Failed, guarded, new_reference
from crm_core.outbox import DONE_IS_KEPT, MOST_ATTEMPTS, PAUSES
from crm_core.refusals import Unavailable
from crm_core.store.database import FirmScope
from crm_core.store.outbox_rows import OutboxRow
from crm_core.work import Job

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from crm_core.catalog import Catalog, Contributed
    from crm_core.firms import Firm
    from crm_core.store.database import Scoped, Store

log = structlog.get_logger("crm")

LEASE = timedelta(minutes=10)
"""After which time work that somebody took and did not end is due again."""

MODULE_IS_OFF = timedelta(minutes=10)
"""After which time work whose module is off is looked at again."""

AT_A_TIME = 20
"""Pieces of work that are taken from one firm before the next one has its turn."""

LONGEST_ROOM = 0.1
"""Seconds that others have between two pieces of work, on a database with one lock for all."""

MOST_FIRMS = 100


@frozen(kw_only=True)
class Taken:
    """A piece of work that this worker has taken, and how often it was tried in vain."""

    id: int
    work: str
    text: str
    attempts: int
    mark: str


@frozen(kw_only=True)
class Worker:
    """Does the work of all firms of a deployment; any number of them work side by side.

    `own` is the work of the core itself, by name, as `delivering` makes it.
    """

    store: Store
    catalog: Catalog
    lease: timedelta = LEASE
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    own: Mapping[str, Contributed[Any]] = field(factory=dict)

    def work(self, going_on: Callable[[], bool] = lambda: True) -> int:
        """Does all that is due, firm by firm in turns, and answers how many pieces were tried.

        Once `going_on` says no, what was taken and not begun is given back. What is due and held by
        somebody else is not waited for.
        """
        tried, before = 0, -1
        while going_on() and tried > before:
            before = tried
            for firm in self._firms_with_work():
                for taken in self._take(firm):
                    if going_on():
                        began = time.monotonic()
                        self._do(firm, taken)
                        tried += 1
                        self.store.leave_room(min(time.monotonic() - began, LONGEST_ROOM))
                    else:
                        self._put_off(firm, taken, due=self.clock(), taken_by="")
        return tried

    def plan(self) -> int:
        """Lets the jobs come whose time it is, in every firm; answers how many came."""
        planned = 0
        for firm in list_firms(self.store):
            modules = self.catalog.of_edition(firm.edition, firm.switched_off)
            own = (one for one in self.own.values() if isinstance(one.value, Job))
            jobs = (*modules.jobs, *own)
            slots = {job.name: slot_of(firm, job.value, self.clock()) for job in jobs}
            with self.store.firm_transaction(firm.id, write=False):
                coming = self._coming(firm, slots)
            if coming:
                with self.store.firm_transaction(firm.id, write=True):
                    planned += self._let_come(firm, slots)
        return planned

    def sweep(self) -> int:
        """Forgets the reactions that were done long ago; answers how many."""
        before, swept = self.clock() - DONE_IS_KEPT, 0
        old = (
            (OutboxRow.state == "done")
            & (OutboxRow.due < before)
            & (OutboxRow.key != OutboxRow.work)
        )
        for firm in list_firms(self.store):
            scope = FirmScope(self.store, firm)
            with self.store.firm_transaction(firm.id, write=True):
                swept += int(OutboxRow.remove(scope).where(old).execute())
        return swept

    def _coming(self, firm: Firm, slots: Mapping[str, str]) -> Mapping[str, bool]:
        """The jobs that have not come yet in their stretch of time, and whether they came before.

        One that is still to be done, or is being done, does not come again.
        """
        if not slots:
            return {}
        scope = FirmScope(self.store, firm)
        rows = OutboxRow.of(scope, OutboxRow.key, OutboxRow.text, OutboxRow.state).where(
            OutboxRow.key.in_(list(slots))
        )
        known = {row.key: row.state == "waiting" or row.text == slots[row.key] for row in rows}
        return {name: name in known for name in slots if not known.get(name)}

    def _let_come(self, firm: Firm, slots: Mapping[str, str]) -> int:
        scope, now = FirmScope(self.store, firm), self.clock()
        coming = self._coming(firm, slots)
        for name, came_before in coming.items():
            if not came_before:
                outbox.put_job(scope, name, slots[name], now)
                continue
            OutboxRow.change(
                scope,
                state="waiting",
                text=slots[name],
                created=now,
                due=now,
                attempts=0,
                reference="",
                ended=None,
            ).where((OutboxRow.key == name) & (OutboxRow.state != "waiting")).execute()
        return len(coming)

    def _firms_with_work(self) -> Sequence[Firm]:
        """The firms in which something is due, that which waits longest first."""
        with self.store.worker_transaction():
            due = _firms_due(self.store, self.clock())
        return firms_in_order(self.store, due)

    def _take(self, firm: Firm) -> Sequence[Taken]:
        """Takes what is due in the firm: until the lease ends nobody else does.

        What somebody took and never ended (a worker was killed) counts as an attempt and is taken
        alone: were it what kills workers, nothing else is taken down with it.
        """
        scope, now, mark = FirmScope(self.store, firm), self.clock(), secrets.token_hex(16)
        with self.store.firm_transaction(firm.id, write=True):
            due = (
                OutboxRow.of(scope)
                .where((OutboxRow.state == "waiting") & (OutboxRow.due <= now))
                .order_by(OutboxRow.due, OutboxRow.id)
                .limit(AT_A_TIME)
            )
            rows = list(self.store.taking(due))
            left = next((row for row in rows if row.taken_by), None)
            if left is not None:
                rows = [left]
                left.attempts += 1
                if left.attempts >= MOST_ATTEMPTS:
                    _park(scope, left, now)
                    return []
            OutboxRow.change(
                scope,
                due=now + self.lease,
                taken_by=mark,
                attempts=OutboxRow.attempts + (left is not None),
            ).where(OutboxRow.id.in_([row.id for row in rows])).execute()
        return [
            Taken(id=row.id, work=row.work, text=row.text, attempts=row.attempts, mark=mark)
            for row in rows
        ]

    def _do(self, firm: Firm, taken: Taken) -> None:
        """Does it; what fails is put off, or parked. What the database cannot do just now is due
        again when the lease ends.
        """
        try:
            outcome = guarded(
                taken.work,
                lambda: self._done(firm, taken, *self._prepared(firm, taken)),
                firm=firm.slug,
            )
        except Unavailable:
            log.warning("work put off: the database cannot be had", work=taken.work, firm=firm.slug)
            return
        if isinstance(outcome, Failed):
            self._failed(firm, taken, outcome.reference)

    def _prepared(self, firm: Firm, taken: Taken) -> tuple[Any, ...]:
        """What takes long and is done before, while others can write: nothing, or what it made."""
        work = self.catalog.of_edition(firm.edition, firm.switched_off).work.get(taken.work)
        if work is None or isinstance(work.value, Job) or work.value.prepare is None:
            return ()
        with self.store.firm_transaction(firm.id, write=False):
            ctx = context_for_worker(self.store, self.catalog, firm_with_id(self.store, firm.id))
            return (work.value.prepare(ctx, outbox.happened_in(taken.text)),)

    def _done(self, firm: Firm, taken: Taken, *prepared: Any) -> None:
        with self.store.firm_transaction(firm.id, write=True):
            ctx = context_for_worker(self.store, self.catalog, firm_with_id(self.store, firm.id))
            held = OutboxRow.of(ctx, OutboxRow.id).where(_mine(taken))
            if self.store.locking(held).first() is None:
                return  # the lease ended and somebody else has it, or nobody wants it any more
            work = self.own.get(taken.work) or ctx.modules.work.get(taken.work)
            if work is None:
                values: dict[str, Any] = {"due": self.clock() + MODULE_IS_OFF}
            else:
                if isinstance(work.value, Job):
                    work.value.act(ctx)
                    values = {}
                else:
                    work.value.act(ctx, outbox.happened_in(taken.text), *prepared)
                    values = {"text": ""}
                values |= {"state": "done", "ended": self.clock()}
            _change(ctx, taken, taken_by="", **values)

    def _failed(self, firm: Firm, taken: Taken, reference: str) -> None:
        attempts, now = taken.attempts + 1, self.clock()
        about = {"attempts": attempts, "reference": reference, "taken_by": ""}
        if attempts < MOST_ATTEMPTS:
            pause = timedelta(minutes=PAUSES[attempts - 1])
            self._put_off(firm, taken, due=now + pause, **about)
        else:
            self._put_off(firm, taken, state="parked", ended=now, **about)
            log.error("work parked", work=taken.work, firm=firm.slug, reference=reference)

    def _put_off(self, firm: Firm, taken: Taken, **values: Any) -> None:
        with self.store.firm_transaction(firm.id, write=True):
            _change(FirmScope(self.store, firm), taken, **values)


def slot_of(firm: Firm, job: Job, now: datetime) -> str:
    """The name of the stretch of time in which a job comes once: it begins at the firm's midnight
    for one that comes every day or less often, or at the hour that it names.
    """
    if job.every < timedelta(days=1):
        return f"{int(now.timestamp() // job.every.total_seconds())}"
    here = now.astimezone(ZoneInfo(firm.zone))
    day = here.date() - timedelta(days=here.hour < job.hour)
    return f"day {day.toordinal() // job.every.days}"


def _change(scope: Scoped, taken: Taken, **values: Any) -> None:
    OutboxRow.change(scope, **values).where(_mine(taken)).execute()


def _mine(taken: Taken) -> Any:
    return (
        (OutboxRow.id == taken.id)
        & (OutboxRow.taken_by == taken.mark)
        & (OutboxRow.state == "waiting")
    )


def _park(scope: Scoped, row: Any, now: datetime) -> None:
    """Parks what no worker has survived."""
    reference = new_reference()
    values = {"state": "parked", "ended": now, "attempts": row.attempts, "reference": reference}
    OutboxRow.change(scope, taken_by="", **values).where(OutboxRow.id == row.id).execute()
    log.error(
        "work parked: workers ended while they did it",
        work=row.work,
        firm=scope.firm.id,
        reference=reference,
    )


def _firms_due(store: Store, now: datetime) -> Sequence[int]:
    """The one read over the outboxes of all firms: keys of firms. Within a worker's transaction."""
    query = OutboxRow.of_every_firm(store, OutboxRow.firm_id).where(
        (OutboxRow.state == "waiting") & (OutboxRow.due <= now)
    )
    query = query.group_by(OutboxRow.firm_id).order_by(fn.MIN(OutboxRow.due)).limit(MOST_FIRMS)
    return [row.firm_id for row in query]
