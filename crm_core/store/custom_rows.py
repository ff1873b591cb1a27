"""The rows of custom fields, and of what accounts and contacts have in them."""

from __future__ import annotations

from peewee import (
    BigAutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    Check,
    IntegerField,
    TextField,
)

from crm_core.store.rows import FirmRow
from crm_core.store.schema import References


class CustomFieldRow(FirmRow):
    """A field that a firm made. `choices` stand one a line."""

    id = BigAutoField()
    public_id = CharField(32)
    owner = CharField(10)
    type = CharField(12)
    label = TextField()
    label_key = TextField()
    help = TextField(default="")
    required = BooleanField(default=False)
    choices = TextField(default="")
    position = IntegerField()
    archived = BooleanField(default=False)
    version = IntegerField(default=1)

    class Meta:
        table_name = "custom_field"
        indexes = (
            (("firm_id", "id"), True),
            (("firm_id", "public_id"), True),
            (("firm_id", "owner", "label_key"), True),
        )
        constraints = [
            Check("owner IN ('account', 'contact')", name="custom_field_owner"),
            References(("firm_id",), "firm", ("id",)),
        ]


class CustomValueRow(FirmRow):
    """One text in a field of an account or a contact; several choices are several rows.

    `text` is exact; `sort_text` and `sort_number` are what lists compare by. One that does not fit
    was written under another type. A contact's e-mail address has a row in `contact_email` too.
    """

    id = BigAutoField()
    field_id = BigIntegerField()
    account_id = BigIntegerField(null=True)
    contact_id = BigIntegerField(null=True)
    place = IntegerField(default=0)
    text = TextField()
    sort_text = TextField()
    sort_number = BigIntegerField(null=True)
    fits = BooleanField(default=True)
    email_id = BigIntegerField(null=True)

    class Meta:
        table_name = "custom_value"
        indexes = (
            (("firm_id", "account_id", "field_id", "place"), True),
            (("firm_id", "contact_id", "field_id", "place"), True),
            (("firm_id", "email_id"), True),
            (("firm_id", "field_id", "sort_text"), False),
            (("firm_id", "field_id", "sort_number"), False),
        )
        constraints = [
            Check("(account_id IS NULL) <> (contact_id IS NULL)", name="custom_value_of_one"),
            References(("firm_id", "field_id"), "custom_field", ("firm_id", "id")),
            References(
                ("firm_id", "account_id"), "account", ("firm_id", "id"), on_delete="CASCADE"
            ),
            References(
                ("firm_id", "contact_id"), "contact", ("firm_id", "id"), on_delete="CASCADE"
            ),
            References(("firm_id", "email_id"), "contact_email", ("firm_id", "id")),
        ]


CUSTOM_TABLES = (CustomFieldRow, CustomValueRow)
