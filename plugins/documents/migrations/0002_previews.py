"""Previews of versions, and what documents are found by, filled from their names."""

from peewee import (
    BigAutoField,
    BigIntegerField,
    CharField,
    CompositeKey,
    IntegerField,
    Model,
    PostgresqlDatabase,
    TextField,
    chunked,
)

from crm_core.store import InstantField, References, add_indexes, create_tables
from crm_core.store.search_schema import row_number
from crm_core.store.searching import search_text


class Document(Model):
    firm_id = BigIntegerField()
    id = BigAutoField()
    name = TextField()
    name_key = TextField()

    class Meta:
        table_name = "documents_document"


BY_NAME = Document.index(
    Document.firm_id,
    Document.name_key,
    Document.id,
    name="documents_document_firm_id_name_key_id",
)


class Preview(Model):
    firm_id = BigIntegerField()
    document_id = BigIntegerField()
    number = IntegerField()
    form = CharField(10)
    reason = CharField(20, default="")
    count = IntegerField(default=0)
    text = TextField(default="")
    made = InstantField()

    class Meta:
        table_name = "documents_preview"
        primary_key = CompositeKey("firm_id", "document_id", "number")
        constraints = [
            References(
                ("firm_id", "document_id", "number"),
                "documents_version",
                ("firm_id", "document_id", "number"),
                on_delete="CASCADE",
            ),
        ]


class Page(Model):
    firm_id = BigIntegerField()
    document_id = BigIntegerField()
    number = IntegerField()
    place = IntegerField()
    file_id = BigIntegerField()
    width = IntegerField()
    height = IntegerField()

    class Meta:
        table_name = "documents_page"
        primary_key = CompositeKey("firm_id", "document_id", "number", "place")
        indexes = ((("firm_id", "file_id"), True),)
        constraints = [
            References(
                ("firm_id", "document_id", "number"),
                "documents_preview",
                ("firm_id", "document_id", "number"),
                on_delete="CASCADE",
            ),
            References(("firm_id", "file_id"), "stored_file", ("firm_id", "id")),
        ]


class NameSearch(Model):
    SEARCHED = True

    firm_id = BigIntegerField()
    id = BigAutoField()
    document_id = BigIntegerField()
    text = TextField()

    class Meta:
        table_name = "documents_name_search"
        indexes = ((("firm_id", "document_id"), True),)
        constraints = [
            References(
                ("firm_id", "document_id"),
                "documents_document",
                ("firm_id", "id"),
                on_delete="CASCADE",
            ),
        ]


class TextSearch(Model):
    SEARCHED = True

    firm_id = BigIntegerField()
    id = BigAutoField()
    document_id = BigIntegerField()
    text = TextField()

    class Meta:
        table_name = "documents_text_search"
        indexes = ((("firm_id", "document_id"), True),)
        constraints = [
            References(
                ("firm_id", "document_id"),
                "documents_document",
                ("firm_id", "id"),
                on_delete="CASCADE",
            ),
        ]


def up(migrator, db):
    create_tables(db, [Preview, Page, NameSearch, TextSearch])
    add_indexes(db, Document, [BY_NAME])
    for (firm,) in db.execute_sql("SELECT id FROM firm ORDER BY id").fetchall():
        if isinstance(db, PostgresqlDatabase):
            db.execute_sql("SELECT set_config('crm.firm', %s, true)", (str(firm),))
        fill(db, firm)


def fill(db, firm):
    """A search row for the name of each document."""
    found = Document.select(Document.id, Document.name).where(Document.firm_id == firm)
    rows = (
        (row_number(firm, key), firm, key, search_text((name,)))
        for key, name in found.order_by(Document.id).bind(db).tuples()
    )
    fields = (NameSearch.id, NameSearch.firm_id, NameSearch.document_id, NameSearch.text)
    for batch in chunked(rows, 500):
        NameSearch.insert_many(batch, fields).returning().bind(db).execute()
