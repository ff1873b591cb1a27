"""The outbox: what has to be done after a change, kept in the change's own transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peewee import BigAutoField, CharField, Check, IntegerField, TextField

from crm_core.store.fields import InstantField
from crm_core.store.rows import FirmRow, Row, open_database
from crm_core.store.schema import References

if TYPE_CHECKING:
    import peewee

    from crm_core.store.database import Store


class OutboxRow(FirmRow):
    """One piece of work: whose (`work` is `plugin.name`), with what, and how far it is.

    It is not done before `due`; whoever takes it moves `due` to the end of the lease, and writes a
    mark of its own into `taken_by`. One that has failed too often is parked, with the reference of
    its last failure. `ended` is when it was done or parked. A job has one row in each firm, whose
    key is its name and whose `text` says in which stretch of time it came last.
    """

    READ_BY_THE_WORKER = True

    id = BigAutoField()
    public_id = CharField(32)
    key = CharField(200)
    work = CharField(130)
    text = TextField()
    state = CharField(7, default="waiting")
    created = InstantField()
    due = InstantField()
    attempts = IntegerField(default=0)
    taken_by = CharField(32, default="")
    reference = CharField(12, default="")
    ended = InstantField(null=True)

    class Meta:
        table_name = "outbox"
        indexes = (
            (("firm_id", "id"), True),
            (("firm_id", "public_id"), True),
            (("firm_id", "key"), True),
            (("firm_id", "state", "due", "id"), False),
        )
        constraints = [
            Check("state IN ('waiting', 'parked', 'done')", name="outbox_state"),
            References(("firm_id",), "firm", ("id",)),
        ]

    @classmethod
    def of_every_firm(cls, store: Store, *columns: Any) -> peewee.ModelSelect[Any]:
        """Rows of all firms, to be narrowed with `where`. Within a `worker_transaction`."""
        return super(Row, cls).select(*columns).bind(open_database(store))


OutboxRow.add_index(
    OutboxRow.due, OutboxRow.firm_id, where=(OutboxRow.state == "waiting"), name="outbox_due"
)

OUTBOX_TABLES = (OutboxRow,)
