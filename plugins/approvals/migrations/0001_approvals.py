"""Approvals and the answers to them."""

from peewee import (
    BigAutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    Check,
    CompositeKey,
    IntegerField,
    Model,
    TextField,
)

from crm_core.store import InstantField, References, create_tables


class Approval(Model):
    firm_id = BigIntegerField()
    id = BigAutoField()
    public_id = CharField(32)
    account_id = BigIntegerField()
    document_id = BigIntegerField()
    number = IntegerField()
    who = CharField(10)
    note = TextField()
    outcome = CharField(20)
    why = CharField(20, default="")
    current = BooleanField(default=True)
    asked = InstantField()
    asked_by = TextField()
    asked_by_id = BigIntegerField()
    decided = InstantField(null=True)

    class Meta:
        table_name = "approvals_approval"
        indexes = (
            (("firm_id", "id"), True),
            (("firm_id", "public_id"), True),
            (("firm_id", "account_id", "asked", "id"), False),
            (("firm_id", "account_id", "outcome", "asked"), False),
            (("firm_id", "document_id"), False),
        )
        constraints = [
            Check(
                "outcome IN ('pending', 'approved', 'disapproved', 'withdrawn')",
                name="approvals_approval_outcome",
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
            References(("firm_id", "asked_by_id"), "member", ("firm_id", "id")),
        ]


Approval.add_index(
    Approval.index(
        Approval.firm_id,
        Approval.document_id,
        where=Approval.current,
        unique=True,
        name="approvals_approval_current",
    )
)


class Answer(Model):
    firm_id = BigIntegerField()
    approval_id = BigIntegerField()
    whose = BigIntegerField()
    name = TextField()
    approved = BooleanField(null=True)
    reason = TextField(default="")
    at = InstantField(null=True)

    class Meta:
        table_name = "approvals_answer"
        primary_key = CompositeKey("firm_id", "approval_id", "whose")
        indexes = ((("firm_id", "whose"), False),)
        constraints = [
            References(
                ("firm_id", "approval_id"),
                "approvals_approval",
                ("firm_id", "id"),
                on_delete="CASCADE",
            ),
        ]


def up(migrator, db):
    create_tables(db, [Approval, Answer])
