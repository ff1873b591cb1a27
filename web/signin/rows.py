"""The rows of signing in: how a person proves who they are, and where they are signed in.

They belong to the deployment: a firm never learns what else a person has.
"""

from peewee import BigAutoField, BigIntegerField, BooleanField, CharField, IntegerField, TextField

from crm_core.store.fields import InstantField
from crm_core.store.rows import DeploymentRow
from crm_core.store.schema import References


class CredentialRow(DeploymentRow):
    """A person's sign-in address and password (its argon2 hash)."""

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


class SessionRow(DeploymentRow):
    """A browser in which a person is signed in. The cookie's token is kept only as its hash."""

    id = BigAutoField()
    token_hash = CharField(64, unique=True)
    person_id = BigIntegerField(index=True)
    created = InstantField()
    seen = InstantField()
    revoked = InstantField(null=True)

    class Meta:
        table_name = "session"
        constraints = [References(("person_id",), "person", ("id",), on_delete="CASCADE")]


SIGNIN_TABLES = (CredentialRow, SessionRow)
