"""Clients: who signs in to the portal, who was invited to, and what a firm demands of them."""

from peewee import (
    SQL,
    BigAutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    Check,
    Model,
    TextField,
)

from crm_core.store.fields import InstantField
from crm_core.store.schema import References, add_column, create_tables


class Client(Model):
    READ_BY_ITS_PERSON = True

    firm_id = BigIntegerField()
    id = BigAutoField()
    person_id = BigIntegerField()
    address = TextField()
    address_key = TextField()
    created = InstantField()

    class Meta:
        table_name = "client"
        indexes = (
            (("firm_id", "id"), True),
            (("firm_id", "address_key"), True),
            (("firm_id", "person_id"), False),
            (("person_id",), False),
        )
        constraints = [
            References(("firm_id",), "firm", ("id",)),
            References(("person_id",), "person", ("id",)),
        ]


class PortalInvitation(Model):
    firm_id = BigIntegerField()
    id = BigAutoField()
    public_id = CharField(32)
    account_id = BigIntegerField()
    contact_id = BigIntegerField()
    email_id = BigIntegerField()
    address = TextField()
    address_key = TextField()
    token_hash = CharField(64)
    invited_by = BigIntegerField()
    created = InstantField()
    expires = InstantField()
    ended = InstantField(null=True)
    outcome = CharField(10, default="")

    class Meta:
        table_name = "portal_invitation"
        indexes = (
            (("firm_id", "public_id"), True),
            (("firm_id", "token_hash"), True),
            (("firm_id", "account_id", "id"), False),
            (("firm_id", "contact_id"), False),
            (("firm_id", "address_key"), False),
        )
        constraints = [
            Check(
                "outcome IN ('', 'accepted', 'withdrawn', 'replaced')",
                name="portal_invitation_outcome",
            ),
            References(
                ("firm_id", "account_id"), "account", ("firm_id", "id"), on_delete="CASCADE"
            ),
            References(
                ("firm_id", "contact_id"), "contact", ("firm_id", "id"), on_delete="CASCADE"
            ),
            References(("firm_id", "invited_by"), "member", ("firm_id", "id")),
        ]


class Firm(Model):
    clients_need_second_factor = BooleanField(default=False, constraints=[SQL("DEFAULT false")])

    class Meta:
        table_name = "firm"


def up(migrator, db):
    create_tables(db, [Client, PortalInvitation])
    add_column(db, Firm, "clients_need_second_factor")
