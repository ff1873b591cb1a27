"""What a browser carries before it is signed in: signed by us, short-lived, and worth no session.

`begin` is after the password and before the code. It holds the credential's uniquifier, so that a
new password or address makes it worthless.
"""

from __future__ import annotations

import time

from attrs import frozen
from flask import session

from web.destinations import inside
from web.signin.brakes import WINDOW, hash_of_whom

PASSWORD_LASTS = 600
"""Seconds between the password and the code."""

_PROVED = "proved"
_LET_IN = "let_in"
_TYPED = "typed"
_LONGEST_ADDRESS = 254


@frozen(kw_only=True)
class Halfway:
    """Somebody whose password was right, and where they want to go."""

    person_id: int
    uniquifier: str
    target: str


def begin(person_id: int, uniquifier: str, target: str) -> None:
    """Remembers in this browser that the password was right."""
    session[_PROVED] = [person_id, uniquifier, int(time.time()), target]


def current() -> Halfway | None:
    """Who is halfway in this browser, or None."""
    match session.get(_PROVED):
        case [int(person_id), str(uniquifier), int(at), str(target)]:
            if 0 <= time.time() - at < PASSWORD_LASTS:
                return Halfway(person_id=person_id, uniquifier=uniquifier, target=inside(target))
    return None


def end() -> None:
    """Forgets it."""
    session.pop(_PROVED, None)


def remember_link(whom: str) -> None:
    """Remembers in this browser that a reset link of this address was used."""
    session[_LET_IN] = [hash_of_whom(whom), int(time.time())]


def let_in_by_link(whom: str) -> bool:
    """Whether it was, a short while ago: then others' guesses do not hold this browser up."""
    match session.get(_LET_IN):
        case [str(hashed), int(at)]:
            recent = 0 <= time.time() - at < WINDOW.total_seconds()
            return recent and hashed == hash_of_whom(whom)
    return False


def remember_typed(address: str) -> None:
    """Remembers in this browser, until somebody signs in, the address that was typed last."""
    session[_TYPED] = address[:_LONGEST_ADDRESS]


def typed_address() -> str:
    """That address, or ""."""
    return str(session.get(_TYPED, ""))


def forget_typed() -> None:
    """Forgets it: whoever uses this browser next does not read it."""
    session.pop(_TYPED, None)
