"""Sign-ins of clients and of the team."""

from peewee import BigAutoField, BigIntegerField, CharField, Model, TextField

from crm_core.store import InstantField, References, create_tables


class SignIn(Model):
    firm_id = BigIntegerField()
    id = BigAutoField()
    account_id = BigIntegerField(null=True)
    member_id = BigIntegerField(null=True)
    name = TextField()
    address = TextField(default="")
    at = InstantField()
    remote = CharField(50)
    browser = CharField(200)

    class Meta:
        table_name = "login_activity_sign_in"
        indexes = (
            (("firm_id", "id"), True),
            (("firm_id", "account_id", "at", "id"), False),
            (("firm_id", "member_id", "at"), False),
        )
        constraints = [
            References(
                ("firm_id", "account_id"), "account", ("firm_id", "id"), on_delete="CASCADE"
            ),
            References(("firm_id", "member_id"), "member", ("firm_id", "id")),
        ]


def up(migrator, db):
    create_tables(db, [SignIn])
