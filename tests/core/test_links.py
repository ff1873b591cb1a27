"""Links: an account never without a contact, whoever asks and however many at once."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from peewee import IntegrityError

from crm_core.links import link_contact, linked_contacts, unlink_contact
from crm_core.refusals import Refused
from crm_core.store.tables import LinkRow
from crm_core.testing.builders import a_contact, an_account, as_owner

if TYPE_CHECKING:
    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store


def test_acc_3_the_last_contact_cannot_be_unlinked(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """ACC-3."""
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx, "Bakery")
        (contact,) = linked_contacts(ctx, account)
    with (
        pytest.raises(Refused, match=r"at least one contact.*Bakery"),
        as_owner(store, catalog, firm) as ctx,
    ):
        unlink_contact(ctx, account, contact.id)
    with as_owner(store, catalog, firm) as ctx:
        assert [c.id for c in linked_contacts(ctx, account)] == [contact.id]


def test_acc_1_the_database_refuses_an_account_without_a_contact(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """ACC-1."""
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx)
    with pytest.raises(IntegrityError), as_owner(store, catalog, firm) as ctx:
        LinkRow.remove(ctx).where(LinkRow.account_id == account.id).execute()


def test_two_simultaneous_unlinks_of_the_last_two_contacts_leave_one(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx)
        link_contact(ctx, account, a_contact(ctx))
        contacts = linked_contacts(ctx, account)
    start = Barrier(2)
    refused: list[Refused] = []

    def unlink(contact_id: int) -> None:
        start.wait()
        try:
            with as_owner(store, catalog, firm) as ctx:
                unlink_contact(ctx, account, contact_id)
        except Refused as error:
            refused.append(error)
        finally:
            store.close()

    threads = [Thread(target=unlink, args=(contact.id,)) for contact in contacts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with as_owner(store, catalog, firm) as ctx:
        assert len(linked_contacts(ctx, account)) == 1
    assert len(refused) == 1
