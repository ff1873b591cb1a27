"""Attempts to sign in that failed."""

from peewee import BigAutoField, BigIntegerField, CharField, Model

from crm_core.store.fields import InstantField
from crm_core.store.schema import References, create_tables


class FailedSignIn(Model):
    id = BigAutoField()
    address_hash = CharField(64)
    person_id = BigIntegerField(null=True)
    at = InstantField(index=True)
    remote = CharField(50)
    browser = CharField(200)
    result = CharField(20)

    class Meta:
        table_name = "failed_sign_in"
        indexes = ((("address_hash", "at"), False), (("person_id", "at"), False))
        constraints = [References(("person_id",), "person", ("id",), on_delete="CASCADE")]


def up(migrator, db):
    create_tables(db, [FailedSignIn])
