"""How people have arranged the cards of a page."""

from peewee import BigAutoField, BigIntegerField, CharField, Model, TextField

from crm_core.store.schema import References, create_tables


class Arrangement(Model):
    firm_id = BigIntegerField()
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


Arrangement.add_index(
    Arrangement.firm_id,
    Arrangement.place,
    unique=True,
    where=Arrangement.member_id.is_null(),
    name="arrangement_of_the_firm",
)


def up(migrator, db):
    create_tables(db, [Arrangement])
