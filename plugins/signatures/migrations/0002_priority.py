"""In which order the contacts of an account are asked to sign."""

from peewee import BigIntegerField, CompositeKey, IntegerField, Model

from crm_core.store import References, create_tables


class SignatureRank(Model):
    firm_id = BigIntegerField()
    account_id = BigIntegerField()
    whose = BigIntegerField()
    place = IntegerField()

    class Meta:
        table_name = "signatures_rank"
        primary_key = CompositeKey("firm_id", "account_id", "whose")
        constraints = [
            References(
                ("firm_id", "account_id"), "account", ("firm_id", "id"), on_delete="CASCADE"
            ),
        ]


def up(migrator, db):
    create_tables(db, [SignatureRank])
