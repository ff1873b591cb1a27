"""What clients and colleagues are told, and which of it they want."""

from peewee import (
    SQL,
    BigAutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    Check,
    CompositeKey,
    IntegerField,
    Model,
    TextField,
)

from crm_core.store.fields import DayField, InstantField
from crm_core.store.schema import References, add_column, create_tables


class Firm(Model):
    reply_to = TextField(default="", constraints=[SQL("DEFAULT ''")])

    class Meta:
        table_name = "firm"


class Mail(Model):
    html = TextField(default="", constraints=[SQL("DEFAULT ''")])
    unsubscribe = TextField(default="", constraints=[SQL("DEFAULT ''")])

    class Meta:
        table_name = "mail"


class Notice(Model):
    firm_id = BigIntegerField()
    id = BigAutoField()
    key = CharField(200)
    type = CharField(130)
    account_id = BigIntegerField()
    what = TextField()
    target = TextField()
    created = InstantField()

    class Meta:
        table_name = "notice"
        indexes = (
            (("firm_id", "id"), True),
            (("firm_id", "key"), True),
            (("firm_id", "account_id"), False),
            (("firm_id", "created"), False),
        )
        constraints = [
            References(("firm_id", "account_id"), "account", ("firm_id", "id"), on_delete="CASCADE")
        ]


class NoticeWish(Model):
    firm_id = BigIntegerField()
    account_id = BigIntegerField()
    contact_id = BigIntegerField()
    email_id = BigIntegerField()
    type = CharField(130)
    wanted = BooleanField()

    class Meta:
        table_name = "notice_wish"
        primary_key = CompositeKey("firm_id", "account_id", "email_id", "type")
        indexes = (
            (("firm_id", "email_id"), False),
            (("firm_id", "account_id", "contact_id"), False),
        )
        constraints = [
            References(
                ("firm_id", "account_id", "contact_id"),
                "link",
                ("firm_id", "account_id", "contact_id"),
                on_delete="CASCADE",
            ),
            References(
                ("firm_id", "email_id"), "contact_email", ("firm_id", "id"), on_delete="CASCADE"
            ),
        ]


class Inbox(Model):
    firm_id = BigIntegerField()
    id = BigAutoField()
    public_id = CharField(32)
    member_id = BigIntegerField()
    key = CharField(200)
    type = CharField(130)
    account_id = BigIntegerField(null=True)
    what = TextField()
    target = TextField()
    told = InstantField()
    read = InstantField(null=True)
    mailed = InstantField(null=True)

    class Meta:
        table_name = "inbox_entry"
        indexes = (
            (("firm_id", "id"), True),
            (("firm_id", "public_id"), True),
            (("firm_id", "member_id", "key"), True),
            (("firm_id", "member_id", "told", "id"), False),
            (("firm_id", "account_id"), False),
        )
        constraints = [
            References(("firm_id",), "firm", ("id",)),
            References(("firm_id", "member_id"), "member", ("firm_id", "id"), on_delete="CASCADE"),
            References(
                ("firm_id", "account_id"), "account", ("firm_id", "id"), on_delete="CASCADE"
            ),
        ]


Inbox.add_index(
    Inbox.index(
        Inbox.firm_id,
        Inbox.member_id,
        Inbox.id,
        where=Inbox.read.is_null(),
        name="inbox_unread",
    )
)


class MailWish(Model):
    firm_id = BigIntegerField()
    member_id = BigIntegerField()
    type = CharField(130)
    how = CharField(10)

    class Meta:
        table_name = "mail_wish"
        primary_key = CompositeKey("firm_id", "member_id", "type")
        constraints = [
            Check("how IN ('at once', 'daily', 'never')", name="mail_wish_how"),
            References(("firm_id", "member_id"), "member", ("firm_id", "id"), on_delete="CASCADE"),
        ]


class Reminder(Model):
    firm_id = BigIntegerField()
    id = BigAutoField()
    key = CharField(200)
    type = CharField(130)
    account_id = BigIntegerField()
    what = TextField()
    target = TextField()
    every_days = IntegerField()
    times = IntegerField()
    sent = IntegerField(default=0)
    due = DayField(null=True)

    class Meta:
        table_name = "reminder"
        indexes = (
            (("firm_id", "id"), True),
            (("firm_id", "key"), True),
            (("firm_id", "due", "id"), False),
            (("firm_id", "account_id"), False),
        )
        constraints = [
            References(("firm_id", "account_id"), "account", ("firm_id", "id"), on_delete="CASCADE")
        ]


def up(migrator, db):
    add_column(db, Firm, "reply_to")
    add_column(db, Mail, "html")
    add_column(db, Mail, "unsubscribe")
    create_tables(db, [Notice, NoticeWish, Inbox, MailWish, Reminder])
