"""Who is told of attempts to sign in, whichever way they went and however they ended.

A listener is told before the answer goes out, and whether or not anybody has the address: what it
does takes as long for one as for the other. One that fails is logged, and nobody else notices.
"""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

import structlog
from attrs import field, frozen

from crm_core.guarding import guarded
from crm_core.refusals import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

log = structlog.get_logger("crm")


class Result(StrEnum):
    """How an attempt ended."""

    SIGNED_IN = "signed in"
    WRONG_PASSWORD = "wrong password"  # noqa: S105 - what it was
    WRONG_CODE = "wrong code"
    BRAKED = "braked"


class How(StrEnum):
    """The way that was tried last: of a password and a code it is the code."""

    PASSWORD = "password"  # noqa: S105 - its name
    LINK = "link"
    PASSKEY = "passkey"
    CODE = "code"


if TYPE_CHECKING:
    Listener = Callable[[int | None, str, Result, How], object]


@frozen
class Attempts:
    """The listeners, each called with person, address as typed, result and way.

    The person is None where nobody was found or looked for; the address is "" where none is known.
    """

    listeners: list[Listener] = field(factory=list)

    def tell(self, person_id: int | None, address: str, result: Result, how: How) -> None:
        """Tells every listener; never raises."""
        for listener in self.listeners:
            try:
                guarded("on_sign_in", partial(listener, person_id, address, result, how))
            except Unavailable as error:
                log.warning("sign-in not told", what="on_sign_in", error=type(error).__name__)
