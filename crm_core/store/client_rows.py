"""The rows of accounts, contacts and the links between them.

The database itself holds that an account always has a linked contact, and that no reference leaves
its firm.
"""

from __future__ import annotations

from peewee import (
    BigAutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    Check,
    CompositeKey,
    IntegerField,
    TextField,
)

from crm_core.store.fields import InstantField
from crm_core.store.rows import FirmRow
from crm_core.store.schema import References


class AccountRow(FirmRow):
    """What the firm works for and bills."""

    id = BigAutoField()
    public_id = CharField(32)
    number = CharField(20)
    name = TextField()
    sort_name = TextField()
    name_by_hand = BooleanField()
    type = CharField(10)
    company_name = TextField(default="")
    company_street = TextField(default="")
    company_postcode = TextField(default="")
    company_city = TextField(default="")
    company_region = TextField(default="")
    company_country = TextField(default="")
    anchor_contact_id = BigIntegerField()
    created = InstantField()
    version = IntegerField(default=1)
    archived = InstantField(null=True)

    class Meta:
        table_name = "account"
        indexes = (
            (("firm_id", "id"), True),
            (("firm_id", "public_id"), True),
            (("firm_id", "number"), True),
            (("firm_id", "sort_name", "id"), False),
        )
        constraints = [
            Check("type IN ('individual', 'business')", name="account_type"),
            References(("firm_id",), "firm", ("id",)),
            References(
                ("firm_id", "id", "anchor_contact_id"),
                "link",
                ("firm_id", "account_id", "contact_id"),
                deferred=True,
            ),
        ]


AccountRow.add_index(
    AccountRow.index(
        AccountRow.firm_id,
        AccountRow.sort_name,
        AccountRow.id,
        where=AccountRow.archived.is_null(False),
        name="account_archived",
    )
)
AccountRow.add_index(
    AccountRow.index(AccountRow.firm_id, AccountRow.created, AccountRow.id, name="account_created")
)


class AssignmentRow(FirmRow):
    """A member who works for an account."""

    account_id = BigIntegerField()
    member_id = BigIntegerField()

    class Meta:
        table_name = "assignment"
        primary_key = CompositeKey("firm_id", "account_id", "member_id")
        indexes = ((("firm_id", "member_id", "account_id"), False),)
        constraints = [
            References(
                ("firm_id", "account_id"), "account", ("firm_id", "id"), on_delete="CASCADE"
            ),
            References(("firm_id", "member_id"), "member", ("firm_id", "id"), on_delete="CASCADE"),
        ]


class ContactRow(FirmRow):
    """A person, or an address that receives mail."""

    id = BigAutoField()
    public_id = CharField(32)
    name = TextField()
    sort_name = TextField()
    first_name = TextField(default="")
    middle_name = TextField(default="")
    last_name = TextField(default="")
    company = TextField(default="")
    phone = TextField(default="")
    street = TextField(default="")
    postcode = TextField(default="")
    city = TextField(default="")
    region = TextField(default="")
    country = TextField(default="")
    created = InstantField()
    version = IntegerField(default=1)

    class Meta:
        table_name = "contact"
        indexes = (
            (("firm_id", "id"), True),
            (("firm_id", "public_id"), True),
            (("firm_id", "sort_name", "id"), False),
        )
        constraints = [References(("firm_id",), "firm", ("id",))]


ContactRow.add_index(
    ContactRow.index(ContactRow.firm_id, ContactRow.created, ContactRow.id, name="contact_created")
)


class ContactEmailRow(FirmRow):
    """One e-mail address of a contact; the first by `position` is the primary one."""

    id = BigAutoField()
    contact_id = BigIntegerField()
    address = TextField()
    address_key = TextField()
    position = IntegerField()

    class Meta:
        table_name = "contact_email"
        indexes = (
            (("firm_id", "id"), True),
            (("firm_id", "contact_id", "address_key"), True),
            (("firm_id", "contact_id", "position"), True),
            (("firm_id", "address_key"), False),
        )
        constraints = [
            References(("firm_id", "contact_id"), "contact", ("firm_id", "id"), on_delete="CASCADE")
        ]


class ContactDetailRow(FirmRow):
    """One more thing that is known of a contact, under the label that it came with."""

    id = BigAutoField()
    contact_id = BigIntegerField()
    label = TextField()
    value = TextField()
    position = IntegerField()

    class Meta:
        table_name = "contact_detail"
        indexes = ((("firm_id", "contact_id", "position"), True),)
        constraints = [
            References(("firm_id", "contact_id"), "contact", ("firm_id", "id"), on_delete="CASCADE")
        ]


class LinkRow(FirmRow):
    """A contact of an account, and what they are for it."""

    id = BigAutoField()
    account_id = BigIntegerField()
    contact_id = BigIntegerField()
    description = TextField(default="")
    version = IntegerField(default=1)

    class Meta:
        table_name = "link"
        indexes = (
            (("firm_id", "account_id", "contact_id"), True),
            (("firm_id", "contact_id", "account_id"), False),
        )
        constraints = [
            References(("firm_id", "account_id"), "account", ("firm_id", "id")),
            References(("firm_id", "contact_id"), "contact", ("firm_id", "id")),
        ]


class AddressSettingRow(FirmRow):
    """What an e-mail address of a linked contact may do for one account; all off without a row."""

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


AddressSettingRow.add_index(
    AddressSettingRow.index(
        AddressSettingRow.firm_id,
        AddressSettingRow.contact_id,
        where=AddressSettingRow.login,
        name="address_setting_signing_in",
    )
)
