"""Sessions as rows: where a person is signed in, and how it ends.

The cookie holds a token of 256 random bits, the row its hash. A session ends when its row says so,
after 12 hours without a request, and 7 days after signing in.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core.store.statements import compiled
from crm_core.store.tables import PersonRow
from web.signin.passkeys import has_passkey
from web.signin.rows import CredentialRow, SessionRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core.store.database import Store

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=1)
STEPPED_UP = timedelta(minutes=15)
"""How long after proving their password a person may do what needs it."""

LONGEST_BROWSER = 200


@frozen(kw_only=True)
class SignedIn:
    """A person who is signed in, as the one query of a request finds them."""

    session_id: int
    person_id: int
    address: str
    language: str
    stepped_up: datetime | None = None
    has_app: bool = False
    has_passkey: bool = False

    @property
    def has_second_factor(self) -> bool:
        """Whether the password alone does not sign them in."""
        return self.has_app or self.has_passkey

    @property
    def proved_lately(self) -> bool:
        """Whether they proved in this session, a short while ago, who they are."""
        now = datetime.now(UTC)
        return self.stepped_up is not None and now - self.stepped_up < STEPPED_UP


@frozen(kw_only=True)
class OpenSession:
    """A session in the list that its person sees. `name` stands for it in a form."""

    id: int
    name: str
    created: datetime
    seen: datetime
    address: str
    browser: str


def begin_session(store: Store, person_id: int, *, address: str = "", browser: str = "") -> str:
    """Stores a new session of this person and answers the token for its cookie.

    `address` and `browser` are from where they sign in; the list of their sessions shows it.
    """
    with store.deployment_transaction(write=True):
        return add_session(store, person_id, address=address, browser=browser)


def add_session(store: Store, person_id: int, *, address: str, browser: str) -> str:
    """The same within a writing transaction of the deployment."""
    token = secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    SessionRow.remove(store).where(
        (SessionRow.person_id == person_id) & (SessionRow.created < now - ABSOLUTE)
    ).execute()
    SessionRow.insert_into(
        store,
        token_hash=_hash(token),
        person_id=person_id,
        created=now,
        seen=now,
        stepped_up=now,
        address=address,
        browser=browser[:LONGEST_BROWSER],
    )
    return token


def session_of(store: Store, token: str) -> SignedIn | None:
    """Who is signed in with this token, or None. Notes, once a minute, that they were seen."""
    now = datetime.now(UTC)
    with store.deployment_transaction(write=False):
        found = _signed_in(store, _hash(token), now - IDLE, now - ABSOLUTE)
    row = next(iter(found), None)
    if row is None:
        return None
    if now - row.seen > SEEN_EVERY:
        _note_seen(store, row.id, now)
    return SignedIn(
        session_id=row.id,
        person_id=row.person_id,
        address=row.address,
        language=row.language,
        stepped_up=row.stepped_up,
        has_app=row.totp_secret is not None,
        has_passkey=bool(row.has_passkey),
    )


@compiled
def _signed_in(asked: Store, token_hash: Any, seen_after: Any, created_after: Any) -> Any:
    return (
        SessionRow.of(
            asked,
            SessionRow.id,
            SessionRow.person_id,
            SessionRow.seen,
            SessionRow.stepped_up,
            CredentialRow.address,
            CredentialRow.totp_secret,
            PersonRow.language,
            has_passkey(asked, SessionRow.person_id).alias("has_passkey"),
        )
        .join(CredentialRow, on=CredentialRow.person_id == SessionRow.person_id)
        .join(PersonRow, on=PersonRow.id == SessionRow.person_id)
        .where(
            (SessionRow.token_hash == token_hash)
            & _open_since(seen_after, created_after)
            & CredentialRow.active
        )
    )


def step_up(store: Store, session_id: int) -> None:
    """Notes that the person of this session has just proved who they are."""
    with store.deployment_transaction(write=True):
        SessionRow.change(store, stepped_up=datetime.now(UTC)).where(
            SessionRow.id == session_id
        ).execute()


def sessions_of(store: Store, person_id: int) -> Sequence[OpenSession]:
    """Where this person is signed in, the latest seen first."""
    with store.deployment_transaction(write=False):
        rows = (
            SessionRow.of(store)
            .where((SessionRow.person_id == person_id) & _open(datetime.now(UTC)))
            .order_by(SessionRow.seen.desc(), SessionRow.id.desc())
        )
        return [
            OpenSession(
                id=row.id,
                name=_name(row.token_hash),
                created=row.created,
                seen=row.seen,
                address=row.address,
                browser=row.browser,
            )
            for row in rows
        ]


def end_session(store: Store, token: str) -> None:
    """Ends the session of this token: the cookie is worth nothing from now on."""
    _end(store, SessionRow.token_hash == _hash(token))


def end_session_named(store: Store, person_id: int, name: str) -> bool:
    """Ends one of the person's own sessions; answers whether there was one of this name."""
    ids = [found.id for found in sessions_of(store, person_id) if found.name == name]
    if ids:
        _end(store, SessionRow.id == ids[0])
    return bool(ids)


def end_other_sessions(store: Store, person_id: int, session_id: int) -> None:
    """Ends every session of the person but this one."""
    _end(store, (SessionRow.person_id == person_id) & (SessionRow.id != session_id))


def end_sessions_of(store: Store, person_id: int) -> None:
    """Ends every session that a person has, wherever. Within a writing transaction."""
    _revoke(store, SessionRow.person_id == person_id)


def _end(store: Store, which: Any) -> None:
    with store.deployment_transaction(write=True):
        _revoke(store, which)


def _revoke(store: Store, which: Any) -> None:
    SessionRow.change(store, revoked=datetime.now(UTC)).where(
        which & SessionRow.revoked.is_null()
    ).execute()


def _note_seen(store: Store, session_id: int, now: datetime) -> None:
    with store.deployment_transaction(write=True):
        SessionRow.change(store, seen=now).where(SessionRow.id == session_id).execute()


def _open(now: datetime) -> Any:
    return _open_since(now - IDLE, now - ABSOLUTE)


def _open_since(seen_after: Any, created_after: Any) -> Any:
    return (
        SessionRow.revoked.is_null()
        & (SessionRow.seen > seen_after)
        & (SessionRow.created > created_after)
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _name(token_hash: str) -> str:
    """What stands for a session in a form: neither its key nor anything that opens it."""
    return hashlib.sha256(f"session:{token_hash}".encode()).hexdigest()[:32]
