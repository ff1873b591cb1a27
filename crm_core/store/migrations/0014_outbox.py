"""The outbox: what has to be done after a change."""

from peewee import BigAutoField, BigIntegerField, CharField, Check, IntegerField, Model, TextField

from crm_core.store.fields import InstantField
from crm_core.store.schema import References, create_tables


class Outbox(Model):
    READ_BY_THE_WORKER = True

    firm_id = BigIntegerField()
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


Outbox.add_index(Outbox.due, Outbox.firm_id, where=(Outbox.state == "waiting"), name="outbox_due")


def up(migrator, db):
    create_tables(db, [Outbox])
