"""The row of a file that comes in in parts: whose it is, for which form, and how far it is."""

from __future__ import annotations

from peewee import SQL, BigAutoField, BigIntegerField, CharField, TextField

from crm_core.store.fields import InstantField
from crm_core.store.rows import FirmRow
from crm_core.store.schema import References


class UploadRow(FirmRow):
    """Bytes that come in for a form which is yet to be sent.

    `form` is the path that the form is sent to. `received` counts bytes that are on the disk;
    `kind`, `sha256` and `blocks` are known once all are; `scanned` then names the scanners that
    have looked at them, one a line.
    """

    id = BigAutoField()
    public_id = CharField(32)
    person_id = BigIntegerField()
    form = CharField(500)
    field = CharField(100)
    name = CharField(150)
    folders = TextField()
    key = CharField(80)
    size = BigIntegerField()
    received = BigIntegerField(default=0)
    created = InstantField()
    kind = CharField(100, default="")
    sha256 = CharField(64, default="")
    blocks = TextField(default="")
    scanned = TextField(default="", constraints=[SQL("DEFAULT ''")])

    class Meta:
        table_name = "upload"
        indexes = (
            (("firm_id", "public_id"), True),
            (("firm_id", "person_id"), False),
            (("firm_id", "created"), False),
        )
        constraints = [
            References(("firm_id",), "firm", ("id",)),
            References(("person_id",), "person", ("id",), on_delete="CASCADE"),
        ]


UPLOAD_TABLES = (UploadRow,)
