"""Work that is parked, as if it had failed too often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import outbox
from crm_core.store.outbox_rows import OutboxRow
from crm_core.store.rows import new_public_id
from crm_core.work import Happened

if TYPE_CHECKING:
    from crm_core.context import Context


def parked_work(ctx: Context) -> str:
    """Parks a piece of work of a module that is not there; answers its public id."""
    key = new_public_id()
    outbox.put(ctx, "gone.work", Happened(event="account.created", key=key), ctx.now)
    values = {"state": "parked", "attempts": 5, "reference": "7F3K-92", "ended": ctx.now}
    OutboxRow.change(ctx, **values).where(OutboxRow.key == key).execute()
    return str(OutboxRow.of(ctx).where(OutboxRow.key == key).get().public_id)
