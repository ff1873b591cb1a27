"""The rows of tags, and of which accounts carry them."""

from __future__ import annotations

from peewee import BigAutoField, BigIntegerField, CharField, CompositeKey, IntegerField, TextField

from crm_core.store.rows import FirmRow
from crm_core.store.schema import References


class TagRow(FirmRow):
    """A tag of the firm. Its name is unique, however it is spelled (`name_key` is folded)."""

    id = BigAutoField()
    public_id = CharField(32)
    name = TextField()
    name_key = TextField()
    colour = CharField(10)
    version = IntegerField(default=1)

    class Meta:
        table_name = "tag"
        indexes = (
            (("firm_id", "id"), True),
            (("firm_id", "public_id"), True),
            (("firm_id", "name_key"), True),
        )
        constraints = [References(("firm_id",), "firm", ("id",))]


class AccountTagRow(FirmRow):
    """An account that carries a tag."""

    account_id = BigIntegerField()
    tag_id = BigIntegerField()

    class Meta:
        table_name = "account_tag"
        primary_key = CompositeKey("firm_id", "account_id", "tag_id")
        indexes = ((("firm_id", "tag_id", "account_id"), False),)
        constraints = [
            References(
                ("firm_id", "account_id"), "account", ("firm_id", "id"), on_delete="CASCADE"
            ),
            References(("firm_id", "tag_id"), "tag", ("firm_id", "id"), on_delete="CASCADE"),
        ]


TAG_TABLES = (TagRow, AccountTagRow)
