"""Folders, documents, their versions, and who has seen them."""

from peewee import (
    BigAutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    CompositeKey,
    IntegerField,
    Model,
    TextField,
)

from crm_core.store import InstantField, References, create_tables


class Folder(Model):
    firm_id = BigIntegerField()
    id = BigAutoField()
    public_id = CharField(32)
    account_id = BigIntegerField()
    parent_id = BigIntegerField(null=True)
    name = TextField()
    name_key = TextField()
    access = CharField(10)
    created = InstantField()
    version = IntegerField(default=1)

    class Meta:
        table_name = "documents_folder"
        indexes = (
            (("firm_id", "id"), True),
            (("firm_id", "public_id"), True),
            (("firm_id", "account_id", "id"), True),
            (("firm_id", "account_id", "parent_id", "name_key"), True),
        )
        constraints = [
            References(
                ("firm_id", "account_id"), "account", ("firm_id", "id"), on_delete="CASCADE"
            ),
            References(
                ("firm_id", "account_id", "parent_id"),
                "documents_folder",
                ("firm_id", "account_id", "id"),
            ),
        ]


class Document(Model):
    firm_id = BigIntegerField()
    id = BigAutoField()
    public_id = CharField(32)
    account_id = BigIntegerField()
    folder_id = BigIntegerField()
    name = TextField()
    name_key = TextField()
    file_id = BigIntegerField()
    size = BigIntegerField()
    kind = CharField(100)
    number = IntegerField(default=1)
    from_client = BooleanField()
    fresh = BooleanField()
    uploaded_by = TextField()
    uploaded = InstantField()
    sealed = InstantField(null=True)
    trashed = InstantField(null=True)
    trashed_by = TextField(default="")
    version = IntegerField(default=1)

    class Meta:
        table_name = "documents_document"
        indexes = (
            (("firm_id", "id"), True),
            (("firm_id", "public_id"), True),
            (("firm_id", "account_id", "id"), True),
            (("firm_id", "account_id", "uploaded", "id"), False),
            (("firm_id", "account_id", "trashed", "id"), False),
            (("firm_id", "folder_id", "name_key", "id"), False),
            (("firm_id", "account_id", "fresh", "folder_id"), False),
            (("firm_id", "file_id"), False),
        )
        constraints = [
            References(
                ("firm_id", "account_id"), "account", ("firm_id", "id"), on_delete="CASCADE"
            ),
            References(
                ("firm_id", "account_id", "folder_id"),
                "documents_folder",
                ("firm_id", "account_id", "id"),
            ),
            References(("firm_id", "file_id"), "stored_file", ("firm_id", "id")),
        ]


class Version(Model):
    firm_id = BigIntegerField()
    document_id = BigIntegerField()
    number = IntegerField()
    file_id = BigIntegerField()
    size = BigIntegerField()
    kind = CharField(100)
    from_client = BooleanField()
    uploaded_by = TextField()
    uploaded = InstantField()

    class Meta:
        table_name = "documents_version"
        primary_key = CompositeKey("firm_id", "document_id", "number")
        indexes = ((("firm_id", "file_id"), True),)
        constraints = [
            References(
                ("firm_id", "document_id"),
                "documents_document",
                ("firm_id", "id"),
                on_delete="CASCADE",
            ),
            References(("firm_id", "file_id"), "stored_file", ("firm_id", "id")),
        ]


class Seen(Model):
    firm_id = BigIntegerField()
    document_id = BigIntegerField()
    viewer = BigIntegerField()
    in_portal = BooleanField()
    seen = InstantField()

    class Meta:
        table_name = "documents_seen"
        primary_key = CompositeKey("firm_id", "document_id", "viewer", "in_portal")
        constraints = [
            References(
                ("firm_id", "document_id"),
                "documents_document",
                ("firm_id", "id"),
                on_delete="CASCADE",
            ),
        ]


def up(migrator, db):
    create_tables(db, [Folder, Document, Version, Seen])
