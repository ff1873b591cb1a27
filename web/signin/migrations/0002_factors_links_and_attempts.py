"""Second factors, what a session list shows, links in mails, and the attempts that brakes count."""

from peewee import (
    SQL,
    BigAutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    Model,
    TextField,
)

from crm_core.store.fields import InstantField
from crm_core.store.schema import References, add_column, create_tables


class Credential(Model):
    totp_secret = TextField(null=True)
    totp_counter = BigIntegerField(default=0, constraints=[SQL("DEFAULT 0")])
    recovery_codes = TextField(default="", constraints=[SQL("DEFAULT ''")])

    class Meta:
        table_name = "credential"


class Session(Model):
    stepped_up = InstantField(null=True)
    address = TextField(default="", constraints=[SQL("DEFAULT ''")])
    browser = TextField(default="", constraints=[SQL("DEFAULT ''")])

    class Meta:
        table_name = "session"


class SigninLink(Model):
    id = BigAutoField()
    token_hash = CharField(64, unique=True)
    purpose = CharField(20)
    person_id = BigIntegerField(index=True)
    address = TextField(default="")
    created = InstantField()
    expires = InstantField(index=True)

    class Meta:
        table_name = "signin_link"
        constraints = [References(("person_id",), "person", ("id",), on_delete="CASCADE")]


class SigninAttempt(Model):
    id = BigAutoField()
    kind = CharField(20)
    address_hash = CharField(64)
    network = CharField(50)
    at = InstantField(index=True)
    succeeded = BooleanField(default=False)

    class Meta:
        table_name = "signin_attempt"
        indexes = (
            (("kind", "address_hash", "at"), False),
            (("kind", "network", "at"), False),
        )


def up(migrator, db):
    for name in ("totp_secret", "totp_counter", "recovery_codes"):
        add_column(db, Credential, name)
    for name in ("stepped_up", "address", "browser"):
        add_column(db, Session, name)
    create_tables(db, [SigninLink, SigninAttempt])
