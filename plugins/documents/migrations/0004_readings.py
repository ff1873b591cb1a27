"""What was read of documents: texts, and pictures of pages."""

from peewee import BigIntegerField, CompositeKey, IntegerField, Model, TextField

from crm_core.store import References, create_tables


class Reading(Model):
    firm_id = BigIntegerField()
    document_id = BigIntegerField()
    number = IntegerField()
    text = TextField()
    count = IntegerField()
    reason = TextField(default="")

    class Meta:
        table_name = "documents_reading"
        primary_key = CompositeKey("firm_id", "document_id", "number")
        constraints = [
            References(
                ("firm_id", "document_id", "number"),
                "documents_version",
                ("firm_id", "document_id", "number"),
                on_delete="CASCADE",
            )
        ]


class Page(Model):
    firm_id = BigIntegerField()
    document_id = BigIntegerField()
    number = IntegerField()
    page = IntegerField()
    width = IntegerField()
    height = IntegerField()
    file_id = BigIntegerField()

    class Meta:
        table_name = "documents_page"
        primary_key = CompositeKey("firm_id", "document_id", "number", "page")
        indexes = ((("firm_id", "file_id"), True),)
        constraints = [
            References(
                ("firm_id", "document_id", "number"),
                "documents_version",
                ("firm_id", "document_id", "number"),
                on_delete="CASCADE",
            ),
            References(("firm_id", "file_id"), "stored_file", ("firm_id", "id")),
        ]


def up(migrator, db):
    create_tables(db, [Reading, Page])
