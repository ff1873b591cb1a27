"""Requests for documents."""

from peewee import BigAutoField, BigIntegerField, CharField, IntegerField, Model, TextField

from crm_core.store import DayField, InstantField, References, create_tables


class Request(Model):
    firm_id = BigIntegerField()
    id = BigAutoField()
    public_id = CharField(32)
    account_id = BigIntegerField()
    folder_id = BigIntegerField()
    what = TextField()
    until = DayField()
    received = IntegerField(default=0)
    made_by = TextField()
    created = InstantField()
    closed = InstantField(null=True)

    class Meta:
        table_name = "documents_request"
        indexes = (
            (("firm_id", "id"), True),
            (("firm_id", "public_id"), True),
            (("firm_id", "account_id", "closed", "id"), False),
        )
        constraints = [
            References(
                ("firm_id", "account_id"), "account", ("firm_id", "id"), on_delete="CASCADE"
            ),
            References(
                ("firm_id", "account_id", "folder_id"),
                "documents_folder",
                ("firm_id", "account_id", "id"),
                on_delete="CASCADE",
            ),
        ]


def up(migrator, db):
    create_tables(db, [Request])
