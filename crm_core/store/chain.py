"""Writing a firm's audit chain: the head's row is locked last, so writers wait only for each other.

The statements are fixed texts: the audit is part of every change and must cost little.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core.store.fields import InstantField
from crm_core.store.rows import firm_database

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from crm_core.store.database import Scoped

FIRST = "0" * 64
"""What the first entry of a chain follows."""


@frozen(kw_only=True)
class Fact:
    """What an entry says: `personal` is a JSON text that erasure may remove later."""

    at: datetime
    event: str
    member_id: int | None
    account_id: int | None
    contact_id: int | None
    personal: str
    about: str | None = None


def add_fact(scope: Scoped, fact: Fact) -> None:
    """Adds the fact to the firm's chain when the transaction is about to commit."""
    scope.store.at_end(lambda: _write(scope, fact))


def digest_of(salt: str, personal: str) -> str:
    """What the chain holds of the personal part; without the salt it tells nothing."""
    return hashlib.sha256(f"{salt}{personal}".encode()).hexdigest()


def hash_of(previous: str, firm_id: int, number: int, values: Sequence[object]) -> str:
    """The hash of an entry: over the one before it, and everything that it says itself.

    `values` are the moment in microseconds, the event, the keys, and the personal part's digest.
    """
    text = json.dumps([previous, firm_id, number, *values], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def microseconds(moment: datetime) -> int:
    """A moment as the chain hashes it."""
    return int(InstantField().db_value(moment) or 0)


def _write(scope: Scoped, fact: Fact) -> None:
    database, firm_id = firm_database(scope), scope.firm.id
    number, previous = _run(database, _NEXT, (firm_id, FIRST)).fetchone()
    salt = secrets.token_hex(16)
    digest = digest_of(salt, fact.personal)
    at = microseconds(fact.at)
    keys = (fact.member_id, fact.account_id, fact.contact_id)
    hashed = hash_of(previous, firm_id, number, (at, fact.event, *keys, digest))
    # Everybody else who writes in this firm waits from here to the end of the transaction.
    with scope.store.together():
        _run(database, _ENTRY, (firm_id, number, at, fact.event, *keys, digest, hashed, fact.about))
        _run(database, _PERSONAL, (firm_id, number, salt, fact.personal))
        _run(database, _HEAD, (hashed, firm_id))


_NEXT = (
    "INSERT INTO audit_head (firm_id, number, hash) VALUES (?, 1, ?) ON CONFLICT (firm_id) "
    "DO UPDATE SET number = audit_head.number + 1 RETURNING number, hash"
)
_ENTRY = (
    "INSERT INTO audit_entry (firm_id, number, at, event, member_id, account_id, contact_id, "
    "digest, hash, about) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_PERSONAL = "INSERT INTO audit_personal (firm_id, number, salt, text) VALUES (?, ?, ?, ?)"
_HEAD = "UPDATE audit_head SET hash = ? WHERE firm_id = ?"


def _run(database: Any, statement: str, values: Sequence[object]) -> Any:
    return database.execute_sql(statement.replace("?", database.param), values)
