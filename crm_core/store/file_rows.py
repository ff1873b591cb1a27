"""The row of a stored file: where its bytes lie, and what they have to be."""

from __future__ import annotations

from peewee import BigAutoField, BigIntegerField, CharField, TextField

from crm_core.store.fields import InstantField
from crm_core.store.rows import FirmRow
from crm_core.store.schema import References


class FileRow(FirmRow):
    """Bytes that belong to something, of an account or of the firm itself.

    `blocks` are the hashes of their blocks, one a line.
    """

    id = BigAutoField()
    account_id = BigIntegerField(null=True)
    key = CharField(80)
    size = BigIntegerField()
    kind = CharField(100)
    created = InstantField()
    sha256 = CharField(64)
    blocks = TextField()

    class Meta:
        table_name = "stored_file"
        indexes = (
            (("firm_id", "id"), True),
            (("firm_id", "key"), True),
            (("firm_id", "size"), False),
            (("firm_id", "account_id"), False),
        )
        constraints = [
            References(("firm_id",), "firm", ("id",)),
            References(("firm_id", "account_id"), "account", ("firm_id", "id")),
        ]


FILE_TABLES = (FileRow,)
