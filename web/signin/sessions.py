"""Sessions as rows: where a person is signed in, and how it ends.

The cookie holds a token of 256 random bits, the row its hash. A session ends when its row says so,
after 12 hours without a request, and 7 days after signing in.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from attrs import frozen

from crm_core.store.tables import PersonRow
from web.signin.rows import CredentialRow, SessionRow

if TYPE_CHECKING:
    from crm_core.store.database import Store

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=1)


@frozen(kw_only=True)
class SignedIn:
    """A person who is signed in, as the one query of a request finds them."""

    session_id: int
    person_id: int
    address: str
    language: str


def begin_session(store: Store, person_id: int) -> str:
    """Stores a new session of this person and answers the token for its cookie."""
    token = secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    with store.deployment_transaction(write=True):
        SessionRow.insert_into(
            store, token_hash=_hash(token), person_id=person_id, created=now, seen=now
        )
    return token


def session_of(store: Store, token: str) -> SignedIn | None:
    """Who is signed in with this token, or None. Notes, once a minute, that they were seen."""
    now = datetime.now(UTC)
    with store.deployment_transaction(write=False):
        row = (
            SessionRow.of(
                store,
                SessionRow.id,
                SessionRow.person_id,
                SessionRow.seen,
                CredentialRow.address,
                PersonRow.language,
            )
            .join(CredentialRow, on=CredentialRow.person_id == SessionRow.person_id)
            .join(PersonRow, on=PersonRow.id == SessionRow.person_id)
            .where(
                (SessionRow.token_hash == _hash(token))
                & SessionRow.revoked.is_null()
                & (SessionRow.seen > now - IDLE)
                & (SessionRow.created > now - ABSOLUTE)
                & CredentialRow.active
            )
            .objects()
            .first()
        )
    if row is None:
        return None
    if now - row.seen > SEEN_EVERY:
        _note_seen(store, row.id, now)
    return SignedIn(
        session_id=row.id, person_id=row.person_id, address=row.address, language=row.language
    )


def end_session(store: Store, token: str) -> None:
    """Ends the session of this token: the cookie is worth nothing from now on."""
    with store.deployment_transaction(write=True):
        SessionRow.change(store, revoked=datetime.now(UTC)).where(
            (SessionRow.token_hash == _hash(token)) & SessionRow.revoked.is_null()
        ).execute()


def end_sessions_of(store: Store, person_id: int) -> None:
    """Ends every session that a person has, wherever. Within a transaction."""
    SessionRow.change(store, revoked=datetime.now(UTC)).where(
        (SessionRow.person_id == person_id) & SessionRow.revoked.is_null()
    ).execute()


def _note_seen(store: Store, session_id: int, now: datetime) -> None:
    with store.deployment_transaction(write=True):
        SessionRow.change(store, seen=now).where(SessionRow.id == session_id).execute()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
