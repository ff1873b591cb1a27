"""The photos of accounts."""

from peewee import BigIntegerField, BlobField, CharField, CompositeKey, IntegerField, Model

from crm_core.store.fields import InstantField
from crm_core.store.schema import References, create_tables


class AccountPhoto(Model):
    firm_id = BigIntegerField()
    account_id = BigIntegerField()
    digest = CharField(16)
    created = InstantField()
    version = IntegerField(default=1)
    small = BlobField()
    large = BlobField()

    class Meta:
        table_name = "account_photo"
        primary_key = CompositeKey("firm_id", "account_id")
        constraints = [
            References(("firm_id", "account_id"), "account", ("firm_id", "id"), on_delete="CASCADE")
        ]


def up(migrator, db):
    create_tables(db, [AccountPhoto])
