"""Files that come in in parts, until the form is sent that they are for."""

from peewee import BigAutoField, BigIntegerField, CharField, Model, TextField

from crm_core.store.fields import InstantField
from crm_core.store.schema import References, create_tables


class Upload(Model):
    firm_id = BigIntegerField()
    id = BigAutoField()
    public_id = CharField(32)
    person_id = BigIntegerField()
    form = CharField(500)
    field = CharField(100)
    name = CharField(150)
    folders = TextField()
    key = CharField(80)
    size = BigIntegerField()
    received = BigIntegerField()
    created = InstantField()
    kind = CharField(100)
    sha256 = CharField(64)
    blocks = TextField()

    class Meta:
        table_name = "upload"
        indexes = (
            (("firm_id", "public_id"), True),
            (("firm_id", "person_id"), False),
            (("firm_id", "created"), False),
        )
        constraints = [
            References(("firm_id",), "firm", ("id",)),
            References(("person_id",), "person", ("id",), on_delete="CASCADE"),
        ]


def up(migrator, db):
    create_tables(db, [Upload])
