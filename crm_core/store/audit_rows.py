"""The rows of the audit: one chain of entries for each firm, and what of them is personal."""

from __future__ import annotations

from peewee import BigIntegerField, CharField, CompositeKey, TextField

from crm_core.store.fields import InstantField
from crm_core.store.rows import FirmRow
from crm_core.store.schema import References


class AuditHeadRow(FirmRow):
    """The last entry of a firm's chain; its row is locked by whoever writes the next one."""

    number = BigIntegerField()
    hash = CharField(64)

    class Meta:
        table_name = "audit_head"
        primary_key = CompositeKey("firm_id")
        constraints = [References(("firm_id",), "firm", ("id",))]


class AuditEntryRow(FirmRow):
    """One fact. Rows are added and never changed: the database refuses anything else.

    `about` is the public id of the one thing that it is about: by it the thing's own history is
    found. What the entry says, under its hash, names the thing too.
    """

    APPEND_ONLY = True

    number = BigIntegerField()
    at = InstantField()
    event = CharField(100)
    member_id = BigIntegerField(null=True)
    account_id = BigIntegerField(null=True)
    contact_id = BigIntegerField(null=True)
    digest = CharField(64)
    hash = CharField(64)
    about = CharField(32, null=True)

    class Meta:
        table_name = "audit_entry"
        primary_key = CompositeKey("firm_id", "number")
        indexes = (
            (("firm_id", "account_id", "number"), False),
            (("firm_id", "contact_id", "number"), False),
            (("firm_id", "about", "number"), False),
        )
        constraints = [References(("firm_id",), "firm", ("id",))]


class AuditPersonalRow(FirmRow):
    """What an entry says of persons. Erasure removes the row; the chain holds its digest alone."""

    number = BigIntegerField()
    salt = CharField(32)
    text = TextField()

    class Meta:
        table_name = "audit_personal"
        primary_key = CompositeKey("firm_id", "number")
        constraints = [References(("firm_id", "number"), "audit_entry", ("firm_id", "number"))]


AUDIT_TABLES = (AuditHeadRow, AuditEntryRow, AuditPersonalRow)
