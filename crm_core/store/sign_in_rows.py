"""The rows of attempts to sign in that failed: they belong to the deployment, like signing in."""

from __future__ import annotations

from peewee import BigAutoField, BigIntegerField, CharField

from crm_core.store.fields import InstantField
from crm_core.store.rows import DeploymentRow
from crm_core.store.schema import References


class FailedSignInRow(DeploymentRow):
    """An attempt that failed, whoever it was meant for. The address is kept as its hash alone."""

    id = BigAutoField()
    address_hash = CharField(64)
    person_id = BigIntegerField(null=True)
    at = InstantField(index=True)
    remote = CharField(50)
    browser = CharField(200)
    result = CharField(20)

    class Meta:
        table_name = "failed_sign_in"
        indexes = ((("address_hash", "at"), False), (("person_id", "at"), False))
        constraints = [References(("person_id",), "person", ("id",), on_delete="CASCADE")]


SIGN_IN_TABLES = (FailedSignInRow,)
