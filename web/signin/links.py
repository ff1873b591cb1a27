"""Links in mails: each does one thing, once, for a while, for one person.

The token has 256 random bits; the row keeps its hash. Opening a link uses nothing up: mail
scanners open them first. All but `find` are called within a writing transaction.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from attrs import frozen

from web.signin.rows import CredentialRow, SignInLinkRow

if TYPE_CHECKING:
    from crm_core.store.database import Store

RESET = "reset"
"""Sets a new password."""

ADDRESS = "address"
"""Makes a new address the one to sign in with."""

SIGN_IN = "sign in"
"""Takes the place of the password."""

LASTS = {
    RESET: timedelta(hours=1),
    ADDRESS: timedelta(hours=1),
    SIGN_IN: timedelta(minutes=15),
}


@frozen(kw_only=True)
class Link:
    """A link that works: whose it is, what they sign in with now, and the address it is about."""

    id: int
    person_id: int
    sign_in_address: str
    address: str


def make_link(store: Store, purpose: str, person_id: int, address: str = "") -> str:
    """Stores a link and answers its token. An older one of the same purpose stops working."""
    token, now = new_token(), datetime.now(UTC)
    SignInLinkRow.remove(store).where(
        (SignInLinkRow.expires < now)
        | ((SignInLinkRow.person_id == person_id) & (SignInLinkRow.purpose == purpose))
    ).execute()
    SignInLinkRow.insert_into(
        store,
        token_hash=_hash(token),
        purpose=purpose,
        person_id=person_id,
        address=address,
        created=now,
        expires=now + LASTS[purpose],
    )
    return token


def find(store: Store, purpose: str, token: str) -> Link | None:
    """The link with this token, if it is for this purpose and works. Opens its own transaction."""
    with store.deployment_transaction(write=False):
        row = (
            SignInLinkRow.of(
                store,
                SignInLinkRow.id,
                SignInLinkRow.person_id,
                SignInLinkRow.address,
                CredentialRow.address.alias("sign_in_address"),
            )
            .join(CredentialRow, on=CredentialRow.person_id == SignInLinkRow.person_id)
            .where(_works(purpose, token) & CredentialRow.active)
            .objects()
            .first()
        )
    if row is None:
        return None
    return Link(
        id=row.id,
        person_id=row.person_id,
        sign_in_address=row.sign_in_address,
        address=row.address,
    )


def use(store: Store, link: Link) -> bool:
    """Uses the link up; answers False where somebody was faster, or it is too old by now."""
    query = SignInLinkRow.remove(store).where(
        (SignInLinkRow.id == link.id) & (SignInLinkRow.expires > datetime.now(UTC))
    )
    return bool(query.execute())


def drop_links(store: Store, person_id: int) -> None:
    """Makes every link of the person stop working."""
    SignInLinkRow.remove(store).where(SignInLinkRow.person_id == person_id).execute()


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(32)


def _works(purpose: str, token: str) -> Any:
    return (
        (SignInLinkRow.token_hash == _hash(token))
        & (SignInLinkRow.purpose == purpose)
        & (SignInLinkRow.expires > datetime.now(UTC))
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
