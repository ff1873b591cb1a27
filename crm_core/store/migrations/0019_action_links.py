"""Links that do one thing without signing in, and whether a firm wants them."""

from peewee import (
    SQL,
    BigAutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    IntegerField,
    Model,
    TextField,
)

from crm_core.store.fields import InstantField
from crm_core.store.schema import References, add_column, create_tables


class ActionLink(Model):
    firm_id = BigIntegerField()
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


class Firm(Model):
    allows_action_links = BooleanField(default=True, constraints=[SQL("DEFAULT true")])

    class Meta:
        table_name = "firm"


def up(migrator, db):
    create_tables(db, [ActionLink])
    add_column(db, Firm, "allows_action_links")
