"""The rows of mails that a firm sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peewee import SQL, BigAutoField, BooleanField, CharField, Check, IntegerField, TextField

from crm_core.store.fields import InstantField
from crm_core.store.rows import FirmRow, Row, open_database
from crm_core.store.schema import References

if TYPE_CHECKING:
    import peewee

    from crm_core.store.database import Store


class MailRow(FirmRow):
    """A mail, in the words in which it goes out, and how far it is.

    It is not handed over before `due`; whoever takes it moves `due` to the end of a lease and
    writes a mark of its own into `taken_by`. It is `sending` from the moment from which the mail
    server may have it. `reason` is what the server said, or why there is no server. Of one that is
    `secret` the text goes once the server has it. `html` is the same as the text, where it has one;
    `unsubscribe` is the address of the page that stops such mails.
    """

    READ_BY_THE_WORKER = True

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
    html = TextField(default="", constraints=[SQL("DEFAULT ''")])
    unsubscribe = TextField(default="", constraints=[SQL("DEFAULT ''")])

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

    @classmethod
    def of_every_firm(cls, store: Store, *columns: Any) -> peewee.ModelSelect[Any]:
        """Rows of all firms, to be narrowed with `where`. Within a `worker_transaction`."""
        return super(Row, cls).select(*columns).bind(open_database(store))


MailRow.add_index(
    MailRow.due,
    MailRow.firm_id,
    where=MailRow.state.in_(["queued", "sending"]),
    name="mail_due",
)

MAIL_TABLES = (MailRow,)
