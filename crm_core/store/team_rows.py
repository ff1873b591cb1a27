"""The rows of what waits for somebody: invitations to the team, and requests for access."""

from __future__ import annotations

from peewee import BigAutoField, BigIntegerField, BooleanField, CharField, Check, TextField

from crm_core.store.fields import InstantField
from crm_core.store.rows import FirmRow
from crm_core.store.schema import References


class InvitationRow(FirmRow):
    """An address that was asked to join the team. The link's token is kept only as its hash."""

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


class AccessRequestRow(FirmRow):
    """A member's wish to see an account that they may not; at most one at a time for each."""

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


AccessRequestRow.add_index(
    AccessRequestRow.index(
        AccessRequestRow.firm_id,
        AccessRequestRow.member_id,
        AccessRequestRow.account_id,
        unique=True,
        where=AccessRequestRow.answered.is_null(),
        name="access_request_open",
    )
)

TEAM_TABLES = (InvitationRow, AccessRequestRow)
