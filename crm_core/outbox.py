"""The outbox: what has to be done after a change, written with the change and done by a worker."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cattrs.preconf.json import make_converter

from crm_core.store.outbox_rows import OutboxRow
from crm_core.store.rows import new_public_id
from crm_core.work import Happened

if TYPE_CHECKING:
    from datetime import datetime

    from crm_core.store.database import Scoped

MOST_ATTEMPTS = 5
"""How often a piece of work is tried before it is parked for people to look at."""

PAUSES = (1, 5, 30, 120)
"""Minutes between an attempt that failed and the next one."""

DONE_IS_KEPT = timedelta(days=30)
"""For how long work that was done keeps its key, so that it is not done again."""

_converter = make_converter()


def put(scope: Scoped, work: str, happened: Happened, now: datetime) -> None:
    """Adds a reaction, within the transaction of the change; one with a known key is not added."""
    _add(scope, work, happened.key, _converter.dumps(happened), now)


def put_job(scope: Scoped, work: str, slot: str, now: datetime) -> None:
    """Lets a job come in this stretch of time; it has one row in each firm, which comes again."""
    _add(scope, work, work, slot, now)


def _add(scope: Scoped, work: str, key: str, text: str, now: datetime) -> None:
    OutboxRow.adding(
        scope,
        public_id=new_public_id(),
        key=key,
        work=work,
        text=text,
        created=now,
        due=now,
    ).on_conflict(conflict_target=[OutboxRow.firm_id, OutboxRow.key], action="IGNORE").execute()


def happened_in(text: str) -> Happened:
    """What a reaction is told of: as it was put into the outbox."""
    return _converter.loads(text, Happened)
