"""The tables of what is made of documents: previews, their pages, words by which they are found."""

from peewee import BigAutoField, BigIntegerField, CharField, CompositeKey, IntegerField, TextField

from crm_core.store import FirmRow, InstantField, References


class PreviewRow(FirmRow):
    """What could be made of a version to look at: `form` says what, or `reason` why nothing.

    `count` is how many pages it has in all; `text` a text, or the rows of a table as JSON.
    """

    DERIVED = True

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


class PageRow(FirmRow):
    """A page of a preview, which is a file of its own; the first has the place 1."""

    DERIVED = True

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


class NameSearchRow(FirmRow):
    """The words of a document's name, by which it is found."""

    SEARCHED = True

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


class TextSearchRow(FirmRow):
    """The words of the name and, on a line of their own, of the text in the current version."""

    SEARCHED = True

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
