"""Notices whose mails let people act without signing in, for so many days."""

from peewee import IntegerField, Model

from crm_core.store.schema import add_column


class Notice(Model):
    by_link = IntegerField(null=True)

    class Meta:
        table_name = "notice"


def up(migrator, db):
    add_column(db, Notice, "by_link")
