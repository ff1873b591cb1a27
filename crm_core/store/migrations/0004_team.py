"""Invitations, requests for access, and who joins new accounts."""

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


class FirmModel(Model):
    firm_id = BigIntegerField()


class Member(FirmModel):
    joins_new_accounts = BooleanField(default=False, constraints=[SQL("DEFAULT false")])

    class Meta:
        table_name = "member"


class Invitation(FirmModel):
    id = BigAutoField()
    public_id = CharField(32)
    address = TextField()
    address_key = TextField()
    name = TextField()
    role = CharField(10)
    token_hash = CharField(64)
    invited_by = BigIntegerField()
    created = InstantField()
    expires = InstantField()
    ended = InstantField(null=True)

    class Meta:
        table_name = "invitation"
        indexes = (
            (("firm_id", "public_id"), True),
            (("firm_id", "token_hash"), True),
            (("firm_id", "address_key"), False),
        )
        constraints = [
            Check("role IN ('admin', 'employee')", name="invitation_role"),
            References(("firm_id",), "firm", ("id",)),
            References(("firm_id", "invited_by"), "member", ("firm_id", "id")),
        ]


class AccessRequest(FirmModel):
    id = BigAutoField()
    public_id = CharField(32)
    member_id = BigIntegerField()
    account_id = BigIntegerField()
    created = InstantField()
    answered = InstantField(null=True)
    granted = BooleanField(null=True)

    class Meta:
        table_name = "access_request"
        indexes = ((("firm_id", "public_id"), True),)
        constraints = [
            References(("firm_id", "member_id"), "member", ("firm_id", "id"), on_delete="CASCADE"),
            References(
                ("firm_id", "account_id"), "account", ("firm_id", "id"), on_delete="CASCADE"
            ),
        ]


AccessRequest.add_index(
    AccessRequest.index(
        AccessRequest.firm_id,
        AccessRequest.member_id,
        AccessRequest.account_id,
        unique=True,
        where=AccessRequest.answered.is_null(),
        name="access_request_open",
    )
)


def up(migrator, db):
    create_tables(db, [Invitation, AccessRequest])
    add_column(db, Member, "joins_new_accounts")
