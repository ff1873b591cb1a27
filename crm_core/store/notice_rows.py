"""The rows of what clients and colleagues are told, and of which of it they want."""

from __future__ import annotations

from peewee import (
    BigAutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    Check,
    CompositeKey,
    IntegerField,
    TextField,
)

from crm_core.store.fields import DayField, InstantField
from crm_core.store.rows import FirmRow
from crm_core.store.schema import References


class NoticeRow(FirmRow):
    """Something that the clients of an account are told; `key` says what, so it is told once.

    `what` are words and `target` is a place, both as JSON. With `by_link` its mails lead there
    without signing in, for so many days; with `email_id` it is for that address alone.
    """

    id = BigAutoField()
    key = CharField(200)
    type = CharField(130)
    account_id = BigIntegerField()
    what = TextField()
    target = TextField()
    created = InstantField()
    by_link = IntegerField(null=True)
    email_id = BigIntegerField(null=True)

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


class NoticeWishRow(FirmRow):
    """Whether an address wants to be told things of a type about an account, where somebody said.

    It goes with the link of its contact to the account, and with the address.
    """

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


class InboxRow(FirmRow):
    """Something that a colleague is told: one row for each thing, told again in the same row.

    `told` is when last, `read` when they saw it since then, `mailed` when a daily mail last named
    it.
    """

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


InboxRow.add_index(
    InboxRow.index(
        InboxRow.firm_id,
        InboxRow.member_id,
        InboxRow.id,
        where=InboxRow.read.is_null(),
        name="inbox_unread",
    )
)


class MailWishRow(FirmRow):
    """How a member wants to be mailed about what of a type they are told, where they said."""

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


class ReminderRow(FirmRow):
    """Something that clients are told again: `times` times, every `every_days` days.

    `due` is the day of the next time in the firm's zone; there is none once all are sent. With
    `by_link` and `email_id` it is told as such a notice is.
    """

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
    email_id = BigIntegerField(null=True)
    by_link = IntegerField(null=True)

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


NOTICE_TABLES = (NoticeRow, NoticeWishRow, InboxRow, MailWishRow, ReminderRow)
