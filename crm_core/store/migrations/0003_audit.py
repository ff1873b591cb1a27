"""The tables of the audit."""

from peewee import BigIntegerField, CharField, CompositeKey, Model, TextField

from crm_core.store.fields import InstantField
from crm_core.store.schema import References, create_tables


class FirmModel(Model):
    firm_id = BigIntegerField()


class AuditHead(FirmModel):
    number = BigIntegerField()
    hash = CharField(64)

    class Meta:
        table_name = "audit_head"
        primary_key = CompositeKey("firm_id")
        constraints = [References(("firm_id",), "firm", ("id",))]


class AuditEntry(FirmModel):
    APPEND_ONLY = True

    number = BigIntegerField()
    at = InstantField()
    event = CharField(100)
    member_id = BigIntegerField(null=True)
    account_id = BigIntegerField(null=True)
    contact_id = BigIntegerField(null=True)
    digest = CharField(64)
    hash = CharField(64)

    class Meta:
        table_name = "audit_entry"
        primary_key = CompositeKey("firm_id", "number")
        indexes = (
            (("firm_id", "account_id", "number"), False),
            (("firm_id", "contact_id", "number"), False),
        )
        constraints = [References(("firm_id",), "firm", ("id",))]


class AuditPersonal(FirmModel):
    number = BigIntegerField()
    salt = CharField(32)
    text = TextField()

    class Meta:
        table_name = "audit_personal"
        primary_key = CompositeKey("firm_id", "number")
        constraints = [References(("firm_id", "number"), "audit_entry", ("firm_id", "number"))]


def up(migrator, db):
    create_tables(db, [AuditHead, AuditEntry, AuditPersonal])
