"""A firm has a postal address, and a colour of its own."""

from peewee import SQL, CharField, Model, TextField

from crm_core.store.schema import add_column


class Firm(Model):
    street = TextField(default="", constraints=[SQL("DEFAULT ''")])
    postcode = TextField(default="", constraints=[SQL("DEFAULT ''")])
    city = TextField(default="", constraints=[SQL("DEFAULT ''")])
    region = TextField(default="", constraints=[SQL("DEFAULT ''")])
    country = TextField(default="", constraints=[SQL("DEFAULT ''")])
    accent = CharField(10, default="", constraints=[SQL("DEFAULT ''")])

    class Meta:
        table_name = "firm"


def up(migrator, db):
    for name in ("street", "postcode", "city", "region", "country", "accent"):
        add_column(db, Firm, name)
