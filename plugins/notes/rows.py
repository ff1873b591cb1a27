"""The table of notes."""

from peewee import BigAutoField, BigIntegerField, BooleanField, CharField, IntegerField, TextField

from crm_core.store import FirmRow, InstantField, References


class NoteRow(FirmRow):
    """A note on an account."""

    id = BigAutoField()
    public_id = CharField(32)
    account_id = BigIntegerField()
    author_id = BigIntegerField()
    text = TextField()
    pinned = BooleanField(default=False)
    created = InstantField()
    saved = InstantField()
    version = IntegerField(default=1)

    class Meta:
        table_name = "notes_note"
        indexes = (
            (("firm_id", "id"), True),
            (("firm_id", "public_id"), True),
            (("firm_id", "account_id", "pinned", "saved", "id"), False),
            (("firm_id", "saved", "account_id"), False),
        )
        constraints = [
            References(("firm_id", "account_id"), "account", ("firm_id", "id")),
            References(("firm_id", "author_id"), "member", ("firm_id", "id")),
        ]
