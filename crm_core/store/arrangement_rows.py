"""The rows of how people have arranged the cards of a page."""

from __future__ import annotations

from peewee import BigAutoField, BigIntegerField, CharField, TextField

from crm_core.store.rows import FirmRow
from crm_core.store.schema import References


class ArrangementRow(FirmRow):
    """The cards of a page in their order, a name a line; what is left out has a `-` before it.

    It is that of a member, or without one that of the firm.
    """

    id = BigAutoField()
    member_id = BigIntegerField(null=True)
    place = CharField(20)
    cards = TextField()

    class Meta:
        table_name = "arrangement"
        indexes = ((("firm_id", "id"), True), (("firm_id", "member_id", "place"), True))
        constraints = [
            References(("firm_id",), "firm", ("id",)),
            References(("firm_id", "member_id"), "member", ("firm_id", "id"), on_delete="CASCADE"),
        ]


ArrangementRow.add_index(
    ArrangementRow.firm_id,
    ArrangementRow.place,
    unique=True,
    where=ArrangementRow.member_id.is_null(),
    name="arrangement_of_the_firm",
)

ARRANGEMENT_TABLES = (ArrangementRow,)
