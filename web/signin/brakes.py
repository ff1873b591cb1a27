"""Brakes: whoever guesses is slowed and then refused, reckoned from rows of attempts.

Two things are counted, each over 15 minutes: misses for one address (or person), and misses from
one network. An attempt that is refused is not verified at all, so the right answer gets the same
as a wrong one; nor is it counted, so nobody is held out for longer than 15 minutes after the
guessing was last let in.
"""

from __future__ import annotations

import hashlib
import ipaddress
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from attrs import frozen

from web.signin.rows import AttemptRow

if TYPE_CHECKING:
    from crm_core.store.database import Store

WINDOW = timedelta(minutes=15)
KEPT = timedelta(hours=24)
SLOWED = 1.0
"""Seconds that a slowed attempt waits."""

_waiting = threading.BoundedSemaphore(2)
"""So few threads wait at once: slowing guesses may not hold up everybody's pages."""


@frozen(kw_only=True)
class Brake:
    """What is tried, and after how many misses it is slowed, refused, or refused to a network."""

    kind: str
    slowed_after: int
    refused_after: int
    network: int = 100


PASSWORD = Brake(kind="password", slowed_after=10, refused_after=15)
PASSWORD_AFTER_LINK = Brake(kind="password after link", slowed_after=5, refused_after=10)
"""For a browser that has just used a reset link: it is not held up by guesses of others."""
CODE = Brake(kind="code", slowed_after=5, refused_after=10)
STEP_UP = Brake(kind="step up", slowed_after=10, refused_after=15)
RESET = Brake(kind="reset", slowed_after=5, refused_after=5, network=30)
ADDRESS = Brake(kind="address", slowed_after=5, refused_after=5, network=30)
SIGN_IN_LINK = Brake(kind="sign-in link", slowed_after=5, refused_after=5, network=30)
PASSKEY = Brake(kind="passkey", slowed_after=20, refused_after=30, network=30)
"""For signing in with a passkey alone, where the attempt names nobody."""
LINK = Brake(kind="link", slowed_after=20, refused_after=20, network=20)


@frozen(kw_only=True)
class Attempt:
    """An attempt. It counts as a miss from its beginning, until it is known to have succeeded."""

    id: int
    refused: bool = False
    slowed: bool = False


def attempt(store: Store, brake: Brake, whom: str, remote: str) -> Attempt:
    """Begins an attempt in its own transaction, and waits where it is slowed.

    `whom` is an address key or stands for a person; `remote` is the network address. Whoever gets
    a `refused` one goes no further.
    """
    with store.deployment_transaction(write=True):
        begun = begin(store, brake, whom, remote)
    if begun.slowed and not begun.refused:
        if not _waiting.acquire(blocking=False):
            return Attempt(id=begun.id, refused=True)
        try:
            time.sleep(SLOWED)
        finally:
            _waiting.release()
    return begun


def begin(store: Store, brake: Brake, whom: str, remote: str) -> Attempt:
    """The same within a writing transaction of the deployment, and without waiting."""
    now = datetime.now(UTC)
    address_hash, network = hash_of_whom(whom), network_of(remote)
    refused, missed = _too_many(store, brake, address_hash, network)
    if refused:
        return Attempt(id=0, refused=True)
    AttemptRow.remove(store).where(AttemptRow.at < now - KEPT).execute()
    row_id = AttemptRow.insert_into(
        store, kind=brake.kind, address_hash=address_hash, network=network, at=now
    )
    return Attempt(id=row_id, slowed=missed >= brake.slowed_after)


def is_refused(store: Store, brake: Brake, whom: str, remote: str) -> bool:
    """Whether an attempt would be refused now. Only reads, in its own transaction."""
    with store.deployment_transaction(write=False):
        return _too_many(store, brake, hash_of_whom(whom), network_of(remote))[0]


def succeeded(store: Store, begun: Attempt) -> None:
    """Notes that an attempt was no miss. Opens its own transaction."""
    with store.deployment_transaction(write=True):
        AttemptRow.change(store, succeeded=True).where(AttemptRow.id == begun.id).execute()


def network_of(remote: str) -> str:
    """The network that an address belongs to: an IPv4 address itself, an IPv6 one's first half."""
    try:
        address = ipaddress.ip_address(remote.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv4Address):
        return f"{address}/32"
    if address.ipv4_mapped is not None:
        return f"{address.ipv4_mapped}/32"
    return str(ipaddress.ip_network((address, 64), strict=False))


def hash_of_whom(whom: str) -> str:
    """What the rows hold of an address."""
    return hashlib.sha256(whom.encode("utf-8", "surrogatepass")).hexdigest()


def _too_many(store: Store, brake: Brake, address_hash: str, network: str) -> tuple[bool, int]:
    """Whether to refuse, and how many misses there were for the address."""
    now = datetime.now(UTC)
    missed = _misses(store, brake, now, AttemptRow.address_hash == address_hash)
    from_network = _misses(store, brake, now, AttemptRow.network == network)
    return missed >= brake.refused_after or from_network >= brake.network, missed


def _misses(store: Store, brake: Brake, now: datetime, whose: Any) -> int:
    query = AttemptRow.of(store, AttemptRow.id).where(
        (AttemptRow.kind == brake.kind)
        & whose
        & (AttemptRow.at > now - WINDOW)
        & ~AttemptRow.succeeded
    )
    return int(query.count())
