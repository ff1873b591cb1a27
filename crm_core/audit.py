"""The audit: who did what, when, from where, and what it was before and after; never changed.

Each firm has one chain of entries. An entry's hash covers the one before it, so nothing can be
taken out or altered unnoticed. What an entry says of persons is kept apart under a salted digest:
erasure removes it and the chain still verifies.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from attrs import field, frozen
from peewee import fn

from crm_core import bus
from crm_core.events import ACCOUNT_DELETED
from crm_core.permissions import READ_HISTORY, demand
from crm_core.store.audit_rows import AuditEntryRow, AuditHeadRow, AuditPersonalRow
from crm_core.store.chain import FIRST, Fact, add_fact, digest_of, hash_of, microseconds
from crm_core.work import Happened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from crm_core.context import Context
    from crm_core.events import Event
    from crm_core.store.database import Scoped


@frozen(kw_only=True)
class Entry:
    """One fact of the history. Where it was erased, `who` and all below are empty."""

    number: int
    at: datetime
    event: str
    account_id: int | None
    contact_id: int | None
    who: str
    address: str
    browser: str
    before: Mapping[str, Any] = field(hash=False)
    after: Mapping[str, Any] = field(hash=False)
    erased: bool


@frozen(kw_only=True)
class History:
    """One page of entries, the latest first; `before` is the number to go on from, or None."""

    entries: Sequence[Entry]
    before: int | None


@frozen(kw_only=True)
class Verdict:
    """What checking a chain found: `fault` is the number of the first entry that is wrong, or None.

    `head` is the hash of the last entry: written down elsewhere, it proves later that nothing
    before it was changed.
    """

    entries: int
    erased: int
    head: str
    fault: int | None


def record(
    ctx: Context,
    event: Event,
    *,
    account_id: int | None = None,
    contact_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    about: str | None = None,
) -> None:
    """Adds a fact to the firm's history; it is written with the transaction, or not at all.

    The firm's modules react to it (see `bus`): one may refuse, which undoes the transaction.
    `about` is the public id of the one thing whose own history this stands in (see `history`).

    `before` and `after` are what JSON can hold; they never carry secrets or contents of documents.
    """
    was, now = dict(before or {}), dict(after or {})
    personal: dict[str, Any] = {
        "who": ctx.viewer.name,
        "address": ctx.origin.address,
        "browser": ctx.origin.browser,
        "before": was,
        "after": now,
    }
    if about is not None:
        personal["about"] = about
    fact = Fact(
        at=ctx.now,
        event=event.name,
        member_id=ctx.viewer.member_id or None,
        account_id=account_id,
        contact_id=contact_id,
        personal=json.dumps(personal, ensure_ascii=False, sort_keys=True),
        about=about,
    )
    add_fact(ctx, fact)
    happened = Happened(
        event=event.name,
        member_id=ctx.viewer.member_id or None,
        account_id=account_id,
        contact_id=contact_id,
        about=about or "",
        before=was,
        after=now,
    )
    bus.tell(ctx, event, happened)


def record_change(
    ctx: Context,
    event: Event,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    account_id: int | None = None,
    contact_id: int | None = None,
) -> None:
    """The same for a record that says something else than before: of both only what differs."""
    record(
        ctx,
        event,
        account_id=account_id,
        contact_id=contact_id,
        before={name: value for name, value in before.items() if value != after[name]},
        after={name: value for name, value in after.items() if value != before[name]},
    )


def history(
    ctx: Context,
    *,
    account_id: int | None = None,
    contact_id: int | None = None,
    about: str | None = None,
    before: int | None = None,
    size: int = 50,
) -> History:
    """A page of the history of an account, of a contact, of one thing, or of the whole firm.

    The firm's needs the right to read it; for anything else the caller has settled that the viewer
    may see it.
    """
    if account_id is None and contact_id is None and about is None:
        demand(ctx, READ_HISTORY)
    query = _entries(ctx)
    if about is not None:
        query = query.where(AuditEntryRow.about == about)
    if account_id is not None:
        query = query.where(
            (AuditEntryRow.account_id == account_id)
            & (AuditEntryRow.number > _last_deletion(ctx, account_id))
        )
    if contact_id is not None:
        query = query.where(AuditEntryRow.contact_id == contact_id)
    if before is not None:
        query = query.where(AuditEntryRow.number < before)
    rows = list(query.order_by(AuditEntryRow.number.desc()).limit(size + 1))
    entries = [_entry(row) for row in rows[:size]]
    return History(entries=entries, before=entries[-1].number if len(rows) > size else None)


def verify(scope: Scoped) -> Verdict:
    """Checks a firm's whole chain, entry by entry. Within a firm transaction."""
    previous, count, erased = FIRST, 0, 0
    for row in _entries(scope).order_by(AuditEntryRow.number).iterator():
        count += 1
        erased += row.text is None
        values = (
            microseconds(row.at),
            row.event,
            row.member_id,
            row.account_id,
            row.contact_id,
            row.digest,
        )
        told = row.text is None or digest_of(row.salt, row.text) == row.digest
        hashed = hash_of(previous, scope.firm.id, count, values)
        if row.number != count or row.hash != hashed or not told:
            return Verdict(entries=count, erased=erased, head=previous, fault=count)
        previous = row.hash
    head = AuditHeadRow.of(scope).first()
    ends_here = (head.number, head.hash) == (count, previous) if head else count == 0
    fault = None if ends_here else count + 1
    return Verdict(entries=count, erased=erased, head=previous, fault=fault)


def _last_deletion(ctx: Context, account_id: int) -> int:
    """Up to where entries with this key tell of a deleted account: SQLite gives keys anew."""
    last = AuditEntryRow.of(ctx, fn.MAX(AuditEntryRow.number)).where(
        (AuditEntryRow.account_id == account_id) & (AuditEntryRow.event == ACCOUNT_DELETED.name)
    )
    return int(last.scalar() or 0)


def _entries(scope: Scoped) -> Any:
    return (
        AuditEntryRow.of(scope, AuditEntryRow, AuditPersonalRow.salt, AuditPersonalRow.text)
        .left_outer_join(
            AuditPersonalRow,
            on=(AuditPersonalRow.firm_id == AuditEntryRow.firm_id)
            & (AuditPersonalRow.number == AuditEntryRow.number),
        )
        .objects()
    )


def _entry(row: Any) -> Entry:
    personal = json.loads(row.text) if row.text is not None else {}
    return Entry(
        number=row.number,
        at=row.at,
        event=row.event,
        account_id=row.account_id,
        contact_id=row.contact_id,
        who=personal.get("who", ""),
        address=personal.get("address", ""),
        browser=personal.get("browser", ""),
        before=personal.get("before", {}),
        after=personal.get("after", {}),
        erased=row.text is None,
    )
