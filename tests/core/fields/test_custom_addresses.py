"""An address in a custom field among the contact's other addresses (C4, ACC-6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core.contact_book import contact_of
from crm_core.contact_changes import ContactChange, change_contact
from crm_core.finding import find_contacts
from crm_core.links import linked_contacts
from crm_core.refusals import Refused
from crm_core.testing.builders import an_account, as_owner
from tests.core.fields.filled import a_field, fill

if TYPE_CHECKING:
    from crm_core.catalog import Catalog
    from crm_core.contact_book import Contact
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.store.database import Store


def change(ctx: Context, contact: Contact, *emails: str) -> Contact:
    now = contact_of(ctx, contact.public_id)
    change_contact(ctx, now, ContactChange(first_name="Anna", emails=emails, version=now.version))
    return contact_of(ctx, contact.public_id)


def test_editing_a_contact_leaves_the_addresses_in_its_fields(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx, first_name="Anna", emails=("own@x.example",))  # type: ignore[arg-type]
        (contact,) = linked_contacts(ctx, account)
        field = a_field(ctx, "contact", "email", "Private address")
        assert not fill(ctx, "contact", contact.id, {field: "private@x.example"})
        changed = change(ctx, contact, "new@x.example", "second@x.example")
        assert changed.emails == ("new@x.example", "second@x.example", "private@x.example")
        assert changed.own_emails == ("new@x.example", "second@x.example")
        alone = change(ctx, contact)
        assert alone.emails == ("private@x.example",)
        with pytest.raises(Refused, match="stands in a field"):
            change(ctx, contact, "Private@x.example")
        assert not fill(ctx, "contact", contact.id, {field: "other@x.example"})
        assert change(ctx, contact, "own@x.example").emails == ("own@x.example", "other@x.example")


def test_an_address_in_a_field_is_found(store: Store, catalog: Catalog, firm: Firm) -> None:
    """R1."""
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx, first_name="Anna")
        (contact,) = linked_contacts(ctx, account)
        field = a_field(ctx, "contact", "email", "Private address")
        fill(ctx, "contact", contact.id, {field: "private@x.example"})
        assert [found.name for found in find_contacts(ctx, "private@", 5)] == [contact.name]
        fill(ctx, "contact", contact.id, {field: ""})
        assert not find_contacts(ctx, "private@", 5)
