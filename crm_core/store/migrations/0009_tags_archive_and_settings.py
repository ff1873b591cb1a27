"""Tags, archived accounts, and what each e-mail address of a linked contact may do."""

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

from crm_core.store.fields import InstantField
from crm_core.store.schema import References, add_column, add_indexes, create_tables


class FirmModel(Model):
    firm_id = BigIntegerField()


class Account(FirmModel):
    id = BigAutoField()
    sort_name = TextField()
    created = InstantField()
    archived = InstantField(null=True)

    class Meta:
        table_name = "account"


ACCOUNT_ARCHIVED = Account.index(
    Account.firm_id,
    Account.sort_name,
    Account.id,
    where=Account.archived.is_null(False),
    name="account_archived",
)


ACCOUNT_CREATED = Account.index(
    Account.firm_id, Account.created, Account.id, name="account_created"
)


class Tag(FirmModel):
    id = BigAutoField()
    public_id = CharField(32)
    name = TextField()
    name_key = TextField()
    colour = CharField(10)
    version = IntegerField(default=1)

    class Meta:
        table_name = "tag"
        indexes = (
            (("firm_id", "id"), True),
            (("firm_id", "public_id"), True),
            (("firm_id", "name_key"), True),
        )
        constraints = [References(("firm_id",), "firm", ("id",))]


class AccountTag(FirmModel):
    account_id = BigIntegerField()
    tag_id = BigIntegerField()

    class Meta:
        table_name = "account_tag"
        primary_key = CompositeKey("firm_id", "account_id", "tag_id")
        indexes = ((("firm_id", "tag_id", "account_id"), False),)
        constraints = [
            References(
                ("firm_id", "account_id"), "account", ("firm_id", "id"), on_delete="CASCADE"
            ),
            References(("firm_id", "tag_id"), "tag", ("firm_id", "id"), on_delete="CASCADE"),
        ]


class AddressSetting(FirmModel):
    account_id = BigIntegerField()
    contact_id = BigIntegerField()
    email_id = BigIntegerField()
    login = BooleanField(default=False)
    notify = BooleanField(default=False)

    class Meta:
        table_name = "address_setting"
        primary_key = CompositeKey("firm_id", "account_id", "email_id")
        indexes = (
            (("firm_id", "email_id"), False),
            (("firm_id", "account_id", "contact_id"), False),
        )
        constraints = [
            References(
                ("firm_id", "account_id", "contact_id"),
                "link",
                ("firm_id", "account_id", "contact_id"),
                on_delete="CASCADE",
            ),
            References(
                ("firm_id", "email_id"), "contact_email", ("firm_id", "id"), on_delete="CASCADE"
            ),
        ]


def up(migrator, db):
    add_column(db, Account, "archived")
    add_indexes(db, Account, [ACCOUNT_ARCHIVED, ACCOUNT_CREATED])
    create_tables(db, [Tag, AccountTag, AddressSetting])
