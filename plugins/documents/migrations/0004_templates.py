"""Folder templates."""

from peewee import (
    BigAutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    IntegerField,
    Model,
    TextField,
)

from crm_core.store import References, create_tables


class Template(Model):
    firm_id = BigIntegerField()
    id = BigAutoField()
    public_id = CharField(32)
    name = TextField()
    name_key = TextField()
    for_new = BooleanField()
    folders = TextField()
    version = IntegerField(default=1)

    class Meta:
        table_name = "documents_template"
        indexes = (
            (("firm_id", "id"), True),
            (("firm_id", "public_id"), True),
            (("firm_id", "name_key"), True),
        )
        constraints = [References(("firm_id",), "firm", ("id",))]


def up(migrator, db):
    create_tables(db, [Template])
