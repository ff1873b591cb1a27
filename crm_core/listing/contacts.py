"""The list of contacts that the viewer may see, by name (LST-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core.contact_book import Contact, contacts_of_rows, visible_contacts
from crm_core.listing.paging import Order, capped_count, page_of
from crm_core.store.tables import ContactRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core.context import Context

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


def _neighbour(ctx: Context, public_id: str) -> Any:
    if not public_id:
        return None
    columns = (ContactRow.sort_name, ContactRow.id)
    return visible_contacts(ctx, *columns).where(ContactRow.public_id == public_id).first()
