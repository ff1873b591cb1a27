"""The rows of the portal: who signs in behind which address, and who was invited to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peewee import BigAutoField, BigIntegerField, CharField, Check, IntegerField, TextField

from crm_core.store.fields import InstantField
from crm_core.store.rows import FirmRow, Row, open_database
from crm_core.store.schema import References

if TYPE_CHECKING:
    import peewee

    from crm_core.store.database import Store


class ClientRow(FirmRow):
    """The person who showed that they read mail to this address of a firm's contacts.

    What they may sign in to is said by LOGIN, for each account and address (`AddressSettingRow`).
    """

    READ_BY_ITS_PERSON = True

    id = BigAutoField()
    person_id = BigIntegerField()
    address = TextField()
    address_key = TextField()
    created = InstantField()

    class Meta:
        table_name = "client"
        indexes = (
            (("firm_id", "id"), True),
            (("firm_id", "address_key"), True),
            (("firm_id", "person_id"), False),
            (("person_id",), False),
        )
        constraints = [
            References(("firm_id",), "firm", ("id",)),
            References(("person_id",), "person", ("id",)),
        ]

    @classmethod
    def of_person(cls, store: Store, person_id: int) -> peewee.ModelSelect[Any]:
        """The ids of the firms that a person is a client of: a read across firms."""
        query = super(Row, cls).select(cls.firm_id).bind(open_database(store))
        return query.where(cls.person_id == person_id)


class PortalInvitationRow(FirmRow):
    """An address of an account's contact that was asked to sign in to the portal.

    The link's token is kept only as its hash. The address is as it was then: where the contact has
    another one by now, `email_id` says which, and the link is worth nothing.
    """

    id = BigAutoField()
    public_id = CharField(32)
    account_id = BigIntegerField()
    contact_id = BigIntegerField()
    email_id = BigIntegerField()
    address = TextField()
    address_key = TextField()
    token_hash = CharField(64)
    invited_by = BigIntegerField()
    created = InstantField()
    expires = InstantField()
    ended = InstantField(null=True)
    outcome = CharField(10, default="")

    class Meta:
        table_name = "portal_invitation"
        indexes = (
            (("firm_id", "public_id"), True),
            (("firm_id", "token_hash"), True),
            (("firm_id", "account_id", "id"), False),
            (("firm_id", "contact_id"), False),
            (("firm_id", "address_key"), False),
        )
        constraints = [
            Check(
                "outcome IN ('', 'accepted', 'withdrawn', 'replaced')",
                name="portal_invitation_outcome",
            ),
            References(
                ("firm_id", "account_id"), "account", ("firm_id", "id"), on_delete="CASCADE"
            ),
            References(
                ("firm_id", "contact_id"), "contact", ("firm_id", "id"), on_delete="CASCADE"
            ),
            References(("firm_id", "invited_by"), "member", ("firm_id", "id")),
        ]


class ActionLinkRow(FirmRow):
    """A link that opens one page of the portal to an address, without signing in.

    The token is kept only as its hash; `parameters` are what stands in the page's path, as JSON.
    """

    id = BigAutoField()
    account_id = BigIntegerField()
    contact_id = BigIntegerField()
    email_id = BigIntegerField()
    address_key = TextField()
    route = CharField(200)
    parameters = TextField()
    token_hash = CharField(64)
    created = InstantField()
    expires = InstantField()
    uses_left = IntegerField(null=True)
    ended = InstantField(null=True)

    class Meta:
        table_name = "action_link"
        indexes = (
            (("firm_id", "token_hash"), True),
            (("firm_id", "account_id", "route"), False),
            (("firm_id", "contact_id"), False),
        )
        constraints = [
            References(
                ("firm_id", "account_id", "contact_id"),
                "link",
                ("firm_id", "account_id", "contact_id"),
                on_delete="CASCADE",
            ),
        ]


PORTAL_TABLES = (ClientRow, PortalInvitationRow, ActionLinkRow)
