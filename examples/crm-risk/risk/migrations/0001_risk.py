"""The tables of ratings and of who is asked."""

from peewee import BigAutoField, BigIntegerField, CharField, Model

from crm_core.store import InstantField, References, create_tables

OF_ACCOUNT = References(
    ("firm_id", "account_id"), "account", ("firm_id", "id"), on_delete="CASCADE"
)
OF_ADDRESS = References(
    ("firm_id", "email_id"), "contact_email", ("firm_id", "id"), on_delete="CASCADE"
)


class Rating(Model):
    firm_id = BigIntegerField()
    id = BigAutoField()
    account_id = BigIntegerField()
    level = CharField(10)
    reason = CharField(200)
    at = InstantField()

    class Meta:
        table_name = "risk_rating"
        indexes = ((("firm_id", "id"), True), (("firm_id", "account_id", "id"), False))
        constraints = [OF_ACCOUNT]


class Asked(Model):
    firm_id = BigIntegerField()
    id = BigAutoField()
    account_id = BigIntegerField()
    email_id = BigIntegerField()

    class Meta:
        table_name = "risk_asked"
        indexes = ((("firm_id", "account_id", "email_id"), True),)
        constraints = [OF_ACCOUNT, OF_ADDRESS]


def up(migrator, db):
    create_tables(db, [Rating, Asked])
