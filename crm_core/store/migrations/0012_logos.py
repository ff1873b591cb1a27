"""The logos of firms."""

from peewee import SQL, BigIntegerField, BlobField, CharField, CompositeKey, IntegerField, Model

from crm_core.store.fields import InstantField
from crm_core.store.schema import References, add_column, create_tables


class Firm(Model):
    logo = CharField(16, default="", constraints=[SQL("DEFAULT ''")])

    class Meta:
        table_name = "firm"


class FirmLogo(Model):
    firm_id = BigIntegerField()
    digest = CharField(16)
    created = InstantField()
    version = IntegerField(default=1)
    small = BlobField()
    large = BlobField()

    class Meta:
        table_name = "firm_logo"
        primary_key = CompositeKey("firm_id")
        constraints = [References(("firm_id",), "firm", ("id",))]


def up(migrator, db):
    create_tables(db, [FirmLogo])
    add_column(db, Firm, "logo")
