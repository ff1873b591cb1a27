"""The rows of persons, firms and their teams, and what a firm keeps count of.

`person` and `firm` belong to the deployment, all others to a firm. The database itself holds that
a firm has exactly one owner.
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

from crm_core.store.fields import InstantField
from crm_core.store.rows import DeploymentRow, FirmRow, Row, open_database
from crm_core.store.schema import References

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
    demands_second_factor = BooleanField(default=False, constraints=[SQL("DEFAULT false")])
    street = TextField(default="", constraints=[SQL("DEFAULT ''")])
    postcode = TextField(default="", constraints=[SQL("DEFAULT ''")])
    city = TextField(default="", constraints=[SQL("DEFAULT ''")])
    region = TextField(default="", constraints=[SQL("DEFAULT ''")])
    country = TextField(default="", constraints=[SQL("DEFAULT ''")])
    accent = CharField(10, default="", constraints=[SQL("DEFAULT ''")])
    logo = CharField(16, default="", constraints=[SQL("DEFAULT ''")])
    clients_need_second_factor = BooleanField(default=False, constraints=[SQL("DEFAULT false")])
    reply_to = TextField(default="", constraints=[SQL("DEFAULT ''")])
    allows_action_links = BooleanField(default=True, constraints=[SQL("DEFAULT true")])

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
