"""Indexes that count the new documents of an account folder by folder, whoever asks."""

from peewee import BigIntegerField, BooleanField, Model

from crm_core.store import InstantField, add_indexes, drop_index


class Document(Model):
    firm_id = BigIntegerField()
    account_id = BigIntegerField()
    folder_id = BigIntegerField()
    from_client = BooleanField()
    fresh = BooleanField()
    trashed = InstantField(null=True)

    class Meta:
        table_name = "documents_document"


class Seen(Model):
    firm_id = BigIntegerField()
    document_id = BigIntegerField()
    viewer = BigIntegerField()
    in_portal = BooleanField()

    class Meta:
        table_name = "documents_seen"


def up(migrator, db):
    drop_index(db, "documents_document", ("firm_id", "account_id", "fresh", "folder_id"))
    counted = (
        Document.firm_id,
        Document.account_id,
        Document.trashed,
        Document.from_client,
        Document.fresh,
        Document.folder_id,
    )
    add_indexes(db, Document, [Document.index(*counted, name="documents_document_new_ones")])
    whose = (Seen.firm_id, Seen.viewer, Seen.in_portal, Seen.document_id)
    add_indexes(db, Seen, [Seen.index(*whose, name="documents_seen_whose")])
