"""A firm can demand a second factor of its staff."""

from peewee import SQL, BooleanField, Model

from crm_core.store.schema import add_column


class Firm(Model):
    demands_second_factor = BooleanField(default=False, constraints=[SQL("DEFAULT false")])

    class Meta:
        table_name = "firm"


def up(migrator, db):
    add_column(db, Firm, "demands_second_factor")
