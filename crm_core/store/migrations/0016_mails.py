"""The mails that a firm sends."""

from peewee import (
    BigAutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    Check,
    IntegerField,
    Model,
    TextField,
)

from crm_core.store.fields import InstantField
from crm_core.store.schema import References, create_tables


class Mail(Model):
    READ_BY_THE_WORKER = True

    firm_id = BigIntegerField()
    id = BigAutoField()
    public_id = CharField(32)
    key = CharField(200)
    address = TextField()
    subject = TextField()
    text = TextField()
    secret = BooleanField()
    state = CharField(7, default="queued")
    created = InstantField()
    due = InstantField()
    attempts = IntegerField(default=0)
    taken_by = CharField(32, default="")
    reason = TextField(default="")
    ended = InstantField(null=True)

    class Meta:
        table_name = "mail"
        indexes = (
            (("firm_id", "id"), True),
            (("firm_id", "public_id"), True),
            (("firm_id", "key"), True),
            (("firm_id", "state", "id"), False),
        )
        constraints = [
            Check(
                "state IN ('queued', 'sending', 'sent', 'failed', 'unsure')",
                name="mail_state",
            ),
            References(("firm_id",), "firm", ("id",)),
        ]


Mail.add_index(
    Mail.due,
    Mail.firm_id,
    where=Mail.state.in_(["queued", "sending"]),
    name="mail_due",
)


def up(migrator, db):
    create_tables(db, [Mail])
