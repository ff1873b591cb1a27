"""The list of contacts that the viewer may see, by name, and those of a name (LST-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core.addresses import address_key
from crm_core.contact_book import Contact, contacts_of_rows, visible_contacts
from crm_core.folding import folded
from crm_core.listing.paging import Order, capped_count, page_of
from crm_core.store.tables import ContactEmailRow, ContactRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core.context import Context

MOST_NAMED = 20
"""Contacts of a name that are offered to choose from."""

_BY_NAME = Order(column=ContactRow.sort_name, key=ContactRow.id)


@frozen(kw_only=True)
class ContactsPage:
    """One page of the list of contacts; `before`, `after` and `count` as for accounts."""

    contacts: Sequence[Contact]
    before: str
    after: str
    count: int


def list_contacts(
    ctx: Context, *, size: int = 50, after: str = "", before: str = ""
) -> ContactsPage:
    """One page of the contacts that the viewer may see, by name."""
    neighbour = _neighbour(ctx, after or before)
    found = page_of(
        visible_contacts(ctx),
        _BY_NAME,
        size,
        after=None if before else neighbour,
        before=neighbour if before else None,
    )
    rows = found.rows
    return ContactsPage(
        contacts=contacts_of_rows(ctx, rows),
        before=rows[0].public_id if rows and found.earlier else "",
        after=rows[-1].public_id if rows and found.later else "",
        count=capped_count(visible_contacts(ctx, ContactRow.id)),
    )


def contacts_named(ctx: Context, text: str) -> Sequence[Contact]:
    """The contacts with this in their name, or whose e-mail address begins with it; by name."""
    wanted = folded(text)
    if not wanted:
        return []
    addressed = ContactEmailRow.of(ctx, ContactEmailRow.contact_id).where(
        ContactEmailRow.address_key.startswith(address_key(text))
    )
    named = ContactRow.sort_name.contains(wanted) | ContactRow.id.in_(addressed)
    rows = visible_contacts(ctx).where(named).order_by(ContactRow.sort_name).limit(MOST_NAMED)
    return contacts_of_rows(ctx, list(rows))


def _neighbour(ctx: Context, public_id: str) -> Any:
    if not public_id:
        return None
    columns = (ContactRow.sort_name, ContactRow.id)
    return visible_contacts(ctx, *columns).where(ContactRow.public_id == public_id).first()
