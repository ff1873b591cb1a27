"""Notes by the day on which they were saved, whatever the account: the filter of the list."""

from peewee import BigAutoField, BigIntegerField, Model

from crm_core.store import InstantField, add_indexes


class Note(Model):
    firm_id = BigIntegerField()
    id = BigAutoField()
    account_id = BigIntegerField()
    saved = InstantField()

    class Meta:
        table_name = "notes_note"


BY_DAY = Note.index(
    Note.firm_id, Note.saved, Note.account_id, name="notes_note_firm_id_saved_account_id"
)


def up(migrator, db):
    add_indexes(db, Note, [BY_DAY])
