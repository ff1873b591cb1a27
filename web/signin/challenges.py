"""Challenges for passkeys: each waits in the browser that asked for it, for one purpose.

The cookie that holds it is signed, and the next challenge takes its place. A cookie can be kept and
sent again, so a passkey answers no challenge that is older than the last one that it answered.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from attrs import frozen
from flask import session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from crm_core.store.fields import EPOCH
from web.signin.webauthn import TIMEOUT

if TYPE_CHECKING:
    from typing import Final

SIGN_IN: Final = "sign in"
CODE: Final = "code"
CONFIRM: Final = "confirm"
ADD: Final = "add"

_CHALLENGE = "challenge"
_MICROSECOND = timedelta(microseconds=1)


@frozen(kw_only=True)
class Challenge:
    """What a passkey signs, and when it was made."""

    secret: bytes
    made: datetime


def new_challenge(purpose: str, person_id: int = 0) -> bytes:
    """A challenge that this browser keeps, for this purpose and person (0: whoever it is)."""
    secret, made = secrets.token_bytes(32), (datetime.now(UTC) - EPOCH) // _MICROSECOND
    session[_CHALLENGE] = [purpose, person_id, bytes_to_base64url(secret), made]
    return secret


def take_challenge(purpose: str, person_id: int = 0) -> Challenge | None:
    """The challenge of this browser, if it is for this and not too old; it is gone afterwards."""
    match session.pop(_CHALLENGE, None):
        case [str(kept), int(whose), str(secret), int(at)] if (kept, whose) == (purpose, person_id):
            made = EPOCH + at * _MICROSECOND
            if timedelta() <= datetime.now(UTC) - made < timedelta(seconds=TIMEOUT):
                return Challenge(secret=base64url_to_bytes(secret), made=made)
    return None
