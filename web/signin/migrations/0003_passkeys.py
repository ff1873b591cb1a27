"""Passkeys: keys of a person that sign in by themselves, or after the password."""

from peewee import BigAutoField, BigIntegerField, CharField, Model, TextField

from crm_core.store.fields import InstantField
from crm_core.store.schema import References, create_tables


class Passkey(Model):
    id = BigAutoField()
    public_id = CharField(32, unique=True)
    person_id = BigIntegerField(index=True)
    credential_id = TextField(unique=True)
    public_key = TextField()
    sign_count = BigIntegerField(default=0)
    name = TextField()
    transports = TextField(default="")
    created = InstantField()
    used = InstantField(null=True)

    class Meta:
        table_name = "passkey"
        constraints = [References(("person_id",), "person", ("id",), on_delete="CASCADE")]


def up(migrator, db):
    create_tables(db, [Passkey])
