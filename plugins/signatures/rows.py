"""The tables of signatures: requests, signers, fields, and the chain of evidence."""

from peewee import (
    BigAutoField,
    BigIntegerField,
    BlobField,
    BooleanField,
    CharField,
    Check,
    CompositeKey,
    IntegerField,
    TextField,
)

from crm_core.store import DayField, FirmRow, InstantField, References


class RequestRow(FirmRow):
    """A version of a document that is to be signed."""

    id = BigAutoField()
    public_id = CharField(32)
    account_id = BigIntegerField()
    document_id = BigIntegerField()
    number = IntegerField()
    pages = IntegerField()
    stage = CharField(20)
    in_order = BooleanField()
    note = TextField()
    expires = DayField()
    made = InstantField()
    made_by = TextField()
    made_by_id = BigIntegerField()
    sent = InstantField(null=True)
    ended = InstantField(null=True)
    reason = TextField(default="")
    digest_before = CharField(64)
    digest_after = CharField(64, default="")
    version = IntegerField(default=1)

    class Meta:
        table_name = "signatures_request"
        indexes = (
            (("firm_id", "id"), True),
            (("firm_id", "public_id"), True),
            (("firm_id", "account_id", "made", "id"), False),
            (("firm_id", "account_id", "stage", "sent"), False),
            (("firm_id", "stage", "expires"), False),
            (("firm_id", "document_id", "id"), False),
        )
        constraints = [
            Check(
                "stage IN ('draft', 'pending', 'completing', 'signed', 'declined', 'voided', "
                "'expired')",
                name="signatures_request_stage",
            ),
            References(
                ("firm_id", "account_id"), "account", ("firm_id", "id"), on_delete="CASCADE"
            ),
            References(
                ("firm_id", "document_id"),
                "documents_document",
                ("firm_id", "id"),
                on_delete="CASCADE",
            ),
            References(("firm_id", "made_by_id"), "member", ("firm_id", "id")),
        ]


RequestRow.add_index(
    RequestRow.index(
        RequestRow.firm_id,
        RequestRow.document_id,
        where=RequestRow.stage.in_(("pending", "completing")),
        unique=True,
        name="signatures_request_open",
    )
)


class SignerRow(FirmRow):
    """Somebody who signs, at their place in the order; `seen` is when they first looked.

    `whose` and `mailed_to` are the keys of a client's contact and address, as they were then.
    """

    id = BigAutoField()
    public_id = CharField(32)
    request_id = BigIntegerField()
    position = IntegerField()
    kind = CharField(10)
    whose = BigIntegerField(null=True)
    member_id = BigIntegerField(null=True)
    mailed_to = BigIntegerField(null=True)
    name = TextField()
    address = TextField()
    asked = InstantField(null=True)
    seen = InstantField(null=True)
    consented = InstantField(null=True)
    signed = InstantField(null=True)
    declined = InstantField(null=True)
    from_address = TextField(default="")
    browser = TextField(default="")
    how = CharField(10, default="")
    text = TextField(default="")
    initials = TextField(default="")
    picture = BlobField(default=b"")

    class Meta:
        table_name = "signatures_signer"
        indexes = (
            (("firm_id", "id"), True),
            (("firm_id", "public_id"), True),
            (("firm_id", "request_id", "position"), True),
            (("firm_id", "whose"), False),
            (("firm_id", "member_id"), False),
        )
        constraints = [
            Check("kind IN ('client', 'staff')", name="signatures_signer_kind"),
            References(
                ("firm_id", "request_id"),
                "signatures_request",
                ("firm_id", "id"),
                on_delete="CASCADE",
            ),
            References(("firm_id", "member_id"), "member", ("firm_id", "id")),
        ]


class FieldRow(FirmRow):
    """A place on a page, in ten-thousandths of it, which the signer at this position fills."""

    id = BigAutoField()
    request_id = BigIntegerField()
    signer = IntegerField()
    kind = CharField(10)
    page = IntegerField()
    x = IntegerField()
    y = IntegerField()
    width = IntegerField()
    height = IntegerField()
    label = TextField(default="")
    value = TextField(default="")

    class Meta:
        table_name = "signatures_field"
        indexes = ((("firm_id", "id"), True), (("firm_id", "request_id", "id"), False))
        constraints = [
            References(
                ("firm_id", "request_id"),
                "signatures_request",
                ("firm_id", "id"),
                on_delete="CASCADE",
            ),
        ]


class ProofRow(FirmRow):
    """A link of a request's chain of evidence; nothing changes or removes one by itself."""

    request_id = BigIntegerField()
    number = IntegerField()
    at = InstantField()
    what = CharField(30)
    who = TextField()
    address = TextField()
    browser = TextField()
    says = TextField()
    digest = CharField(64)

    class Meta:
        table_name = "signatures_proof"
        primary_key = CompositeKey("firm_id", "request_id", "number")
        constraints = [
            References(
                ("firm_id", "request_id"),
                "signatures_request",
                ("firm_id", "id"),
                on_delete="CASCADE",
            ),
        ]


class RankRow(FirmRow):
    """The place of a contact (`whose` is its key) among the signers of an account."""

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


TABLES = (RequestRow, SignerRow, FieldRow, ProofRow, RankRow)
