"""The tables of the core: persons, firms, teams, accounts, contacts and their links."""

from peewee import (
    BigAutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    Check,
    CompositeKey,
    IntegerField,
    Model,
    TextField,
)

from crm_core.store.fields import InstantField
from crm_core.store.schema import References, create_tables


class FirmModel(Model):
    firm_id = BigIntegerField()


class Person(Model):
    id = BigAutoField()
    public_id = CharField(32, unique=True)
    language = CharField(10, default="")
    created = InstantField()

    class Meta:
        table_name = "person"


class Firm(Model):
    id = BigAutoField()
    slug = CharField(40, unique=True)
    name = TextField()
    letter = CharField(1)
    zone = CharField(64)
    currency = CharField(3)
    language = CharField(10)
    edition = CharField(40)
    switched_off = TextField(default="")
    owner_member_id = BigIntegerField()
    owner_role = CharField(10, default="owner")
    created = InstantField()
    version = IntegerField(default=1)

    class Meta:
        table_name = "firm"
        constraints = [
            Check("owner_role = 'owner'", name="firm_owner_role"),
            References(
                ("id", "owner_member_id", "owner_role"),
                "member",
                ("firm_id", "id", "role"),
                deferred=True,
            ),
        ]


class Member(FirmModel):
    id = BigAutoField()
    public_id = CharField(32)
    person_id = BigIntegerField()
    name = TextField()
    address = TextField()
    role = CharField(10)
    active = BooleanField(default=True)
    created = InstantField()
    version = IntegerField(default=1)

    READ_BY_ITS_PERSON = True

    class Meta:
        table_name = "member"
        indexes = (
            (("firm_id", "id", "role"), True),
            (("firm_id", "id"), True),
            (("firm_id", "public_id"), True),
            (("firm_id", "person_id"), True),
            (("person_id",), False),
        )
        constraints = [
            Check("role IN ('owner', 'admin', 'employee')", name="member_role"),
            References(("firm_id",), "firm", ("id",)),
            References(("person_id",), "person", ("id",)),
        ]


Member.add_index(
    Member.index(
        Member.firm_id, unique=True, where=(Member.role == "owner"), name="member_one_owner"
    )
)


class MemberRight(FirmModel):
    member_id = BigIntegerField()
    permission = CharField(100)

    class Meta:
        table_name = "member_right"
        primary_key = CompositeKey("firm_id", "member_id", "permission")
        constraints = [
            References(("firm_id", "member_id"), "member", ("firm_id", "id"), on_delete="CASCADE")
        ]


class Counter(FirmModel):
    name = CharField(40)
    last = BigIntegerField()

    class Meta:
        table_name = "counter"
        primary_key = CompositeKey("firm_id", "name")
        constraints = [References(("firm_id",), "firm", ("id",))]


class Account(FirmModel):
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


class Assignment(FirmModel):
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


class Contact(FirmModel):
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


class ContactEmail(FirmModel):
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


class ContactDetail(FirmModel):
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


class Link(FirmModel):
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


class Once(FirmModel):
    person_id = BigIntegerField()
    route = CharField(120)
    key = CharField(64)
    target = TextField()
    created = InstantField()

    class Meta:
        table_name = "once"
        primary_key = CompositeKey("firm_id", "person_id", "route", "key")
        indexes = ((("firm_id", "created"), False),)
        constraints = [
            References(("firm_id",), "firm", ("id",)),
            References(("person_id",), "person", ("id",)),
        ]


TABLES = [
    Person,
    Firm,
    Member,
    MemberRight,
    Counter,
    Account,
    Assignment,
    Contact,
    ContactEmail,
    ContactDetail,
    Link,
    Once,
]


def up(migrator, db):
    create_tables(db, TABLES)
