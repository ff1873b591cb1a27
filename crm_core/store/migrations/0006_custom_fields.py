"""Custom fields, and what accounts and contacts have in them."""

from peewee import (
    BigAutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    Check,
    IntegerField,
    Model,
    TextField,
)

from crm_core.store.schema import References, create_tables


class FirmModel(Model):
    firm_id = BigIntegerField()


class CustomField(FirmModel):
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


class CustomValue(FirmModel):
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


def up(migrator, db):
    create_tables(db, [CustomField, CustomValue])
