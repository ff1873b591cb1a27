"""Passwords: which ones are taken, and their hashes."""

from __future__ import annotations

import threading
import unicodedata
from typing import TYPE_CHECKING

from crm_core.addresses import address_key
from crm_core.refusals import Refused
from web.words import _

if TYPE_CHECKING:
    from crm_core.words import Words

SHORTEST_PASSWORD = 10
"""Characters that a password must have."""

LONGEST_PASSWORD = 1_000
"""Characters that a password may have; the hashing library raises at four times as many."""

_EASILY_GUESSED = 2
"""Below this score (of 0 to 4) a password falls to a million guesses."""

_LONGEST_ESTIMATED = 72
"""Characters that the estimate looks at: more than that is not guessed."""


hashing = threading.BoundedSemaphore(2)
"""Held while a password is hashed: each hash takes 64 MB, and many sign in at nine o'clock."""


def normal(password: str) -> str:
    """The password as it is hashed: however a keyboard composed its letters."""
    return unicodedata.normalize("NFKD", password)


def too_long(password: str) -> bool:
    """Whether a password is longer than we hash."""
    return len(password) > LONGEST_PASSWORD or len(normal(password)) > LONGEST_PASSWORD


def check_password(password: str, address: str = "") -> None:
    """Refuses a password that is too short, too long, the address itself, or easily guessed."""
    if len(password) < SHORTEST_PASSWORD:
        raise _refused(_("A password has at least {count} characters.", count=SHORTEST_PASSWORD))
    if too_long(password):
        raise _refused(_("A password has at most {count} characters.", count=LONGEST_PASSWORD))
    if address and address_key(password) == address_key(address):
        raise _refused(_("Your address is no password: everybody knows it."))
    if _is_easily_guessed(password, address):
        raise _refused(_("This password is easily guessed. Choose another, such as four words."))


def hash_of(password: str, address: str = "") -> str:
    """The argon2 hash of a password, as the sign-in library reads it; refuses a bad one."""
    from argon2 import PasswordHasher

    check_password(password, address)
    with hashing:
        return PasswordHasher().hash(normal(password))


def fits(password: str, hashed: str) -> bool:
    """Whether this password has this hash."""
    from argon2 import PasswordHasher
    from argon2.exceptions import Argon2Error, InvalidHashError

    if too_long(password):
        return False
    try:
        with hashing:
            return PasswordHasher().verify(hashed, normal(password))
    except (Argon2Error, InvalidHashError):
        return False


def _is_easily_guessed(password: str, address: str) -> bool:
    from zxcvbn import zxcvbn

    known = [part for part in (address, *address.split("@")) if part]
    estimate = zxcvbn(password[:_LONGEST_ESTIMATED], user_inputs=known)
    return bool(estimate["score"] < _EASILY_GUESSED)


def _refused(sentence: Words) -> Refused:
    return Refused(sentence, at="password")
