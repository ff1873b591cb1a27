"""The tables of folders, documents and their versions, who has seen them, and more."""

from peewee import (
    BigAutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    CompositeKey,
    IntegerField,
    TextField,
)

from crm_core.store import DayField, FirmRow, InstantField, References
from plugins.documents.preview_rows import NameSearchRow, PageRow, PreviewRow, TextSearchRow


class FolderRow(FirmRow):
    """A folder; `access` is that of its top one. Without a name it is called as `access` says."""

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


class DocumentRow(FirmRow):
    """A document with what its current version says. `fresh`: nobody of the team has opened it."""

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
            (("firm_id", "name_key", "id"), False),
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


DocumentRow.add_index(
    DocumentRow.index(
        DocumentRow.firm_id,
        DocumentRow.account_id,
        DocumentRow.trashed,
        DocumentRow.from_client,
        DocumentRow.fresh,
        DocumentRow.folder_id,
        name="documents_document_new_ones",
    )
)


class VersionRow(FirmRow):
    """A version of a document; the one with the highest number is the current one."""

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


class SeenRow(FirmRow):
    """Somebody who has opened the current version of a document, as a client or of the team.

    `viewer` is the key of the person, who belongs to no firm.
    """

    document_id = BigIntegerField()
    viewer = BigIntegerField()
    in_portal = BooleanField()
    seen = InstantField()

    class Meta:
        table_name = "documents_seen"
        primary_key = CompositeKey("firm_id", "document_id", "viewer", "in_portal")
        indexes = ((("firm_id", "viewer", "in_portal", "document_id"), False),)
        constraints = [
            References(
                ("firm_id", "document_id"),
                "documents_document",
                ("firm_id", "id"),
                on_delete="CASCADE",
            ),
        ]


class RequestRow(FirmRow):
    """Documents that the firm asks clients for, until a day; what comes in lies in the folder."""

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


class TemplateRow(FirmRow):
    """A folder template; `folders` is JSON: of each the access, and the names that lead to it."""

    id = BigAutoField()
    public_id = CharField(32)
    name = TextField()
    name_key = TextField()
    for_new = BooleanField()
    folders = TextField()
    version = IntegerField(default=1)

    class Meta:
        table_name = "documents_template"
        indexes = (
            (("firm_id", "id"), True),
            (("firm_id", "public_id"), True),
            (("firm_id", "name_key"), True),
        )
        constraints = [References(("firm_id",), "firm", ("id",))]


TABLES = (
    FolderRow,
    DocumentRow,
    VersionRow,
    SeenRow,
    RequestRow,
    PreviewRow,
    PageRow,
    NameSearchRow,
    TextSearchRow,
    TemplateRow,
)
