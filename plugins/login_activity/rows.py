"""The table of sign-ins."""

from peewee import BigAutoField, BigIntegerField, CharField, TextField

from crm_core.store import FirmRow, InstantField, References


class SignInRow(FirmRow):
    """Somebody came in: a client to one of their accounts, or a member to the firm's pages.

    A client with several accounts has a row for each of them.
    """

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
