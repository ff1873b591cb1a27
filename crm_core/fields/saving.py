"""Writing what accounts and contacts have in the firm's fields.

A contact's address in a field of type e-mail is one of the contact's addresses: it has a row of its
own in `contact_email`, which keeps its key when the address changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from peewee import fn

from crm_core import audit, events, search_index
from crm_core.addresses import address_key
from crm_core.fields.defining import locked_fields
from crm_core.fields.reading import COLUMNS, holds_addresses, values_of
from crm_core.fields.values import Owner
from crm_core.refusals import Refused
from crm_core.store.tables import ContactEmailRow, CustomValueRow
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crm_core.context import Context
    from crm_core.fields.values import CustomField, Entered, Stored, Value

TOLD = 200
"""Characters of a value that the history keeps."""


def write_values(ctx: Context, owner: Owner, key: int, entered: Sequence[Entered]) -> None:
    """Writes what was entered and records what it changed, within somebody's saving of the owner.

    It asks for no right and no version: the use case that saves the account or the contact does.
    """
    if not entered:
        return
    live = locked_fields(ctx, owner)
    before = {value.field.id: value for value in values_of(ctx, owner, [key]).get(key, ())}
    told: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for one in entered:
        now = live.get(one.field.id)
        if now is None or now.type is not one.field.type:
            raise Refused(_("The firm's fields were changed meanwhile. Look again, then save."))
        old = before.get(now.id)
        if not _changes(old, one):
            continue
        _write(ctx, owner, key, one)
        for side, texts in zip(
            told, (old.texts if old else (), [text.text for text in one.texts]), strict=True
        ):
            side[now.label] = ", ".join(texts)[:TOLD]
    if told[0]:
        audit.record(
            ctx,
            events.FIELDS_FILLED,
            account_id=key if owner is Owner.ACCOUNT else None,
            contact_id=key if owner is Owner.CONTACT else None,
            before={label: text for label, text in told[0].items() if text},
            after=told[1],
        )


def insert_values(
    ctx: Context, field: CustomField, rows: Iterable[tuple[int, int, Stored, bool]]
) -> None:
    """Stores texts of a field: whose, the place among several, the text, whether it fits."""
    columns = (
        CustomValueRow.field_id,
        COLUMNS[field.owner],
        CustomValueRow.place,
        CustomValueRow.text,
        CustomValueRow.sort_text,
        CustomValueRow.sort_number,
        CustomValueRow.fits,
    )
    CustomValueRow.insert_all(
        ctx,
        columns,
        (
            (field.id, key, place, text.text, text.sort_text, text.sort_number, fits)
            for key, place, text, fits in rows
        ),
    )


def _changes(old: Value | None, one: Entered) -> bool:
    """Whether what was entered is something else than what stands there."""
    if old is None:
        return bool(one.texts)
    if not old.fits:
        return bool(one.texts) or one.drop
    return sorted(old.texts) != sorted(text.text for text in one.texts)


def _write(ctx: Context, owner: Owner, key: int, one: Entered) -> None:
    here = (CustomValueRow.field_id == one.field.id) & (COLUMNS[owner] == key)
    row = CustomValueRow.of(ctx, CustomValueRow.email_id).where(here).first()
    email_id = row.email_id if row else None
    CustomValueRow.remove(ctx).where(here).execute()
    insert_values(
        ctx, one.field, [(key, place, text, True) for place, text in enumerate(one.texts)]
    )
    if not holds_addresses(one.field):
        return
    if one.texts:
        kept = _keep_address(ctx, key, email_id, one)
        CustomValueRow.change(ctx, email_id=kept).where(here).execute()
    elif email_id is not None:
        ContactEmailRow.remove(ctx).where(ContactEmailRow.id == email_id).execute()
    search_index.contact_changed(ctx, [key])


def _keep_address(ctx: Context, contact_id: int, email_id: int | None, one: Entered) -> int:
    """Stores the address of a field among the contact's and answers its key.

    An address that is changed keeps its row, and with it all that hangs on it. The first place is
    that of the contact's primary address.
    """
    address = one.texts[0].text
    key = address_key(address)
    mine = ContactEmailRow.contact_id == contact_id
    same = ContactEmailRow.of(ctx, ContactEmailRow.id).where(
        mine & (ContactEmailRow.address_key == key)
    )
    if any(row.id != email_id for row in same):
        raise Refused(
            _("{address} is an address of this contact already.", address=address),
            at=one.field.name,
        )
    if email_id is not None:
        changed = ContactEmailRow.change(ctx, address=address, address_key=key)
        changed.where(ContactEmailRow.id == email_id).execute()
        return email_id
    last = ContactEmailRow.of(ctx, fn.MAX(ContactEmailRow.position)).where(mine).scalar()
    return ContactEmailRow.insert_into(
        ctx,
        contact_id=contact_id,
        address=address,
        address_key=key,
        position=(last or 0) + 1,
    )
