"""Which scanners have looked at a file that comes in in parts."""

from peewee import SQL, Model, TextField

from crm_core.store.schema import add_column


class Upload(Model):
    scanned = TextField(default="", constraints=[SQL("DEFAULT ''")])

    class Meta:
        table_name = "upload"


def up(migrator, db):
    add_column(db, Upload, "scanned")
