"""The rows of the photos of accounts."""

from __future__ import annotations

from peewee import BigIntegerField, BlobField, CharField, CompositeKey, IntegerField

from crm_core.store.fields import InstantField
from crm_core.store.rows import FirmRow
from crm_core.store.schema import References


class AccountPhotoRow(FirmRow):
    """The photo of an account in two sizes; the pictures come last, since lists read the digest."""

    account_id = BigIntegerField()
    digest = CharField(16)
    created = InstantField()
    version = IntegerField(default=1)
    small = BlobField()
    large = BlobField()

    class Meta:
        table_name = "account_photo"
        primary_key = CompositeKey("firm_id", "account_id")
        constraints = [
            References(("firm_id", "account_id"), "account", ("firm_id", "id"), on_delete="CASCADE")
        ]
