"""The rows of signing in: how a person proves who they are, and where they are signed in.

They belong to the deployment: a firm never learns what else a person has.
"""

from peewee import (
    SQL,
    BigAutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    IntegerField,
    TextField,
)

from crm_core.store.fields import InstantField
from crm_core.store.rows import DeploymentRow
from crm_core.store.schema import References


class CredentialRow(DeploymentRow):
    """A person's sign-in address, password (its argon2 hash) and second factor.

    `totp_secret` is encrypted, `totp_counter` is the last time step whose code was taken,
    `recovery_codes` are hashes of those that are left.
    """

    person_id = BigIntegerField(primary_key=True)
    address = TextField()
    address_key = TextField(unique=True)
    password = TextField()
    active = BooleanField(default=True)
    uniquifier = CharField(64, unique=True)
    version = IntegerField(default=1)
    totp_secret = TextField(null=True)
    totp_counter = BigIntegerField(default=0, constraints=[SQL("DEFAULT 0")])
    recovery_codes = TextField(default="", constraints=[SQL("DEFAULT ''")])

    class Meta:
        table_name = "credential"
        constraints = [References(("person_id",), "person", ("id",), on_delete="CASCADE")]


class SessionRow(DeploymentRow):
    """A browser in which a person is signed in. The cookie's token is kept only as its hash.

    `stepped_up` is when the person last proved in it who they are.
    """

    id = BigAutoField()
    token_hash = CharField(64, unique=True)
    person_id = BigIntegerField(index=True)
    created = InstantField()
    seen = InstantField()
    revoked = InstantField(null=True)
    stepped_up = InstantField(null=True)
    address = TextField(default="", constraints=[SQL("DEFAULT ''")])
    browser = TextField(default="", constraints=[SQL("DEFAULT ''")])

    class Meta:
        table_name = "session"
        constraints = [References(("person_id",), "person", ("id",), on_delete="CASCADE")]


class SignInLinkRow(DeploymentRow):
    """A link that was sent by mail and was not used yet. Its token is kept only as its hash."""

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


class AttemptRow(DeploymentRow):
    """An attempt to prove something, from which the brakes are reckoned. It refers to nobody."""

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


class PasskeyRow(DeploymentRow):
    """A key of a person. `credential_id` and `public_key` are base64url without padding.

    `used` is when the challenge was made that it answered last: it answers only newer ones.
    `transports` are those that the browser named, between spaces.
    """

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


SIGNIN_TABLES = (CredentialRow, SessionRow, SignInLinkRow, AttemptRow, PasskeyRow)
