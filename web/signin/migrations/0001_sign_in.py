"""The tables of signing in."""

from peewee import (
    BigAutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    IntegerField,
    Model,
    TextField,
)

from crm_core.store.fields import InstantField
from crm_core.store.schema import References, create_tables


class Credential(Model):
    person_id = BigIntegerField(primary_key=True)
    address = TextField()
    address_key = TextField(unique=True)
    password = TextField()
    active = BooleanField(default=True)
    uniquifier = CharField(64, unique=True)
    version = IntegerField(default=1)

    class Meta:
        table_name = "credential"
        constraints = [References(("person_id",), "person", ("id",), on_delete="CASCADE")]


class Session(Model):
    id = BigAutoField()
    token_hash = CharField(64, unique=True)
    person_id = BigIntegerField(index=True)
    created = InstantField()
    seen = InstantField()
    revoked = InstantField(null=True)

    class Meta:
        table_name = "session"
        constraints = [References(("person_id",), "person", ("id",), on_delete="CASCADE")]


def up(migrator, db):
    create_tables(db, [Credential, Session])
