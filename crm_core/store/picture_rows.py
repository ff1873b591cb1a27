"""The rows of pictures: the photos of accounts, and the logos of firms.

The pictures come last, since lists read the digest.
"""

from __future__ import annotations

from peewee import BigIntegerField, BlobField, CharField, CompositeKey, IntegerField

from crm_core.store.fields import InstantField
from crm_core.store.rows import FirmRow
from crm_core.store.schema import References


class AccountPhotoRow(FirmRow):
    """The photo of an account in two sizes."""

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


class FirmLogoRow(FirmRow):
    """The logo of the firm in two sizes."""

    digest = CharField(16)
    created = InstantField()
    version = IntegerField(default=1)
    small = BlobField()
    large = BlobField()

    class Meta:
        table_name = "firm_logo"
        primary_key = CompositeKey("firm_id")
        constraints = [References(("firm_id",), "firm", ("id",))]


PICTURE_TABLES = (AccountPhotoRow, FirmLogoRow)
