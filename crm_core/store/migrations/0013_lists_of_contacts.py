"""Kept lists of contacts beside those of clients; contacts by age and by LOGIN."""

from peewee import SQL, BigAutoField, BigIntegerField, BooleanField, CharField, CompositeKey, Model

from crm_core.store.fields import InstantField
from crm_core.store.schema import add_column, add_indexes


class FirmModel(Model):
    firm_id = BigIntegerField()


class SavedList(FirmModel):
    id = BigAutoField()
    list_of = CharField(10, constraints=[SQL("DEFAULT 'accounts'")])

    class Meta:
        table_name = "saved_list"


class Contact(FirmModel):
    id = BigAutoField()
    created = InstantField()

    class Meta:
        table_name = "contact"


class AddressSetting(FirmModel):
    account_id = BigIntegerField()
    contact_id = BigIntegerField()
    email_id = BigIntegerField()
    login = BooleanField(default=False)

    class Meta:
        table_name = "address_setting"
        primary_key = CompositeKey("firm_id", "account_id", "email_id")


CONTACT_CREATED = Contact.index(
    Contact.firm_id, Contact.created, Contact.id, name="contact_created"
)
SIGNING_IN = AddressSetting.index(
    AddressSetting.firm_id,
    AddressSetting.contact_id,
    where=AddressSetting.login,
    name="address_setting_signing_in",
)


def up(migrator, db):
    add_column(db, SavedList, "list_of")
    add_indexes(db, Contact, [CONTACT_CREATED])
    add_indexes(db, AddressSetting, [SIGNING_IN])
