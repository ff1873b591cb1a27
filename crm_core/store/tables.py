"""The rows of the core. Each is read into a value by the use case that owns it.

`person` and `firm` belong to the deployment, all others to a firm. What the database itself holds:
an account always has a linked contact, a firm exactly one owner, and no reference leaves its firm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import peewee
from peewee import (
    SQL,
    BigAutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    Check,
    CompositeKey,
    IntegerField,
    TextField,
)

from crm_core.store.audit_rows import AUDIT_TABLES
from crm_core.store.fields import InstantField
from crm_core.store.rows import DeploymentRow, FirmRow, Row, open_database
from crm_core.store.schema import References
from crm_core.store.team_rows import TEAM_TABLES

if TYPE_CHECKING:
    from crm_core.store.database import Store


class PersonRow(DeploymentRow):
    """Somebody who can sign in. How they do is the shell's business; the core knows the key."""

    id = BigAutoField()
    public_id = CharField(32, unique=True)
    language = CharField(10, default="")
    created = InstantField()

    class Meta:
        table_name = "person"


class FirmRecord(DeploymentRow):
    """A firm. Its owner is a member with the role of owner: the reference holds that."""

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


class MemberRow(FirmRow):
    """A person's place in a firm's team."""

    id = BigAutoField()
    public_id = CharField(32)
    person_id = BigIntegerField()
    name = TextField()
    address = TextField()
    role = CharField(10)
    active = BooleanField(default=True)
    created = InstantField()
    version = IntegerField(default=1)
    joins_new_accounts = BooleanField(default=False, constraints=[SQL("DEFAULT false")])

    READ_BY_ITS_PERSON = True

    @classmethod
    def of_person(cls, store: Store, person_id: int) -> peewee.ModelSelect[Any]:
        """The ids of the firms that a person is in: the one read across firms."""
        query = super(Row, cls).select(cls.firm_id).bind(open_database(store))
        return query.where((cls.person_id == person_id) & cls.active)

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


MemberRow.add_index(
    MemberRow.index(
        MemberRow.firm_id, unique=True, where=(MemberRow.role == "owner"), name="member_one_owner"
    )
)


class MemberRightRow(FirmRow):
    """One right that a member was given, by its name."""

    member_id = BigIntegerField()
    permission = CharField(100)

    class Meta:
        table_name = "member_right"
        primary_key = CompositeKey("firm_id", "member_id", "permission")
        constraints = [
            References(("firm_id", "member_id"), "member", ("firm_id", "id"), on_delete="CASCADE")
        ]


class CounterRow(FirmRow):
    """The last number that a firm has given out under a name."""

    name = CharField(40)
    last = BigIntegerField()

    class Meta:
        table_name = "counter"
        primary_key = CompositeKey("firm_id", "name")
        constraints = [References(("firm_id",), "firm", ("id",))]


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


class OnceRow(FirmRow):
    """The answer to a form that was sent, kept so that the same form sent twice acts once."""

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


CORE_TABLES = (
    PersonRow,
    FirmRecord,
    MemberRow,
    MemberRightRow,
    CounterRow,
    AccountRow,
    AssignmentRow,
    ContactRow,
    ContactEmailRow,
    ContactDetailRow,
    LinkRow,
    OnceRow,
    *AUDIT_TABLES,
    *TEAM_TABLES,
)
