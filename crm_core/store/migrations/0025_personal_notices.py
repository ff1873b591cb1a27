"""Notices and reminders to one address alone; reminders whose mails let people act."""

from peewee import BigIntegerField, IntegerField, Model

from crm_core.store.schema import add_column


class Notice(Model):
    email_id = BigIntegerField(null=True)

    class Meta:
        table_name = "notice"


class Reminder(Model):
    email_id = BigIntegerField(null=True)
    by_link = IntegerField(null=True)

    class Meta:
        table_name = "reminder"


def up(migrator, db):
    add_column(db, Notice, "email_id")
    add_column(db, Reminder, "email_id")
    add_column(db, Reminder, "by_link")
