"""What files are stored, and what an entry of the history is about."""

from peewee import BigAutoField, BigIntegerField, CharField, Model, TextField

from crm_core.store.fields import InstantField
from crm_core.store.schema import References, add_column, add_indexes, create_tables


class StoredFile(Model):
    firm_id = BigIntegerField()
    id = BigAutoField()
    account_id = BigIntegerField(null=True)
    key = CharField(80)
    size = BigIntegerField()
    kind = CharField(100)
    created = InstantField()
    sha256 = CharField(64)
    blocks = TextField()

    class Meta:
        table_name = "stored_file"
        indexes = (
            (("firm_id", "id"), True),
            (("firm_id", "key"), True),
            (("firm_id", "size"), False),
            (("firm_id", "account_id"), False),
        )
        constraints = [
            References(("firm_id",), "firm", ("id",)),
            References(("firm_id", "account_id"), "account", ("firm_id", "id")),
        ]


class AuditEntry(Model):
    firm_id = BigIntegerField()
    number = BigIntegerField()
    about = CharField(32, null=True)

    class Meta:
        table_name = "audit_entry"


BY_THING = AuditEntry.index(
    AuditEntry.firm_id, AuditEntry.about, AuditEntry.number, name="audit_entry_firm_id_about_number"
)


def up(migrator, db):
    create_tables(db, [StoredFile])
    add_column(db, AuditEntry, "about")
    add_indexes(db, AuditEntry, [BY_THING])
