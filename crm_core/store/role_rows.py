"""The rows of roles on accounts, and of the lists that a member keeps."""

from __future__ import annotations

from peewee import (
    SQL,
    BigAutoField,
    BigIntegerField,
    CharField,
    CompositeKey,
    IntegerField,
    TextField,
)

from crm_core.store.rows import FirmRow
from crm_core.store.schema import References


class AccountRoleRow(FirmRow):
    """A role that the firm's people may have on an account, such as reviewer."""

    id = BigAutoField()
    public_id = CharField(32)
    name = TextField()
    name_key = TextField()
    version = IntegerField(default=1)

    class Meta:
        table_name = "account_role"
        indexes = (
            (("firm_id", "id"), True),
            (("firm_id", "public_id"), True),
            (("firm_id", "name_key"), True),
        )
        constraints = [References(("firm_id",), "firm", ("id",))]


class RoleHolderRow(FirmRow):
    """Who has a role on an account: somebody who is assigned to it."""

    account_id = BigIntegerField()
    role_id = BigIntegerField()
    member_id = BigIntegerField()

    class Meta:
        table_name = "role_holder"
        primary_key = CompositeKey("firm_id", "account_id", "role_id")
        indexes = ((("firm_id", "account_id", "member_id"), False), (("firm_id", "role_id"), False))
        constraints = [
            References(
                ("firm_id", "account_id", "member_id"),
                "assignment",
                ("firm_id", "account_id", "member_id"),
                on_delete="CASCADE",
            ),
            References(
                ("firm_id", "role_id"), "account_role", ("firm_id", "id"), on_delete="CASCADE"
            ),
        ]


class SavedListRow(FirmRow):
    """Filters, order and columns of a list that a member keeps under a name."""

    id = BigAutoField()
    public_id = CharField(32)
    member_id = BigIntegerField()
    name = TextField()
    query = TextField()
    list_of = CharField(10, constraints=[SQL("DEFAULT 'accounts'")])

    class Meta:
        table_name = "saved_list"
        indexes = ((("firm_id", "public_id"), True), (("firm_id", "member_id", "name"), True))
        constraints = [
            References(("firm_id", "member_id"), "member", ("firm_id", "id"), on_delete="CASCADE")
        ]


ROLE_TABLES = (AccountRoleRow, RoleHolderRow, SavedListRow)
