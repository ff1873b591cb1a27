"""The one place where any failure of a contribution is caught: the page around it stands."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Generic, TypeVar

import structlog
from attrs import frozen

from crm_core.refusals import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

log = structlog.get_logger("crm")

T = TypeVar("T")

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@frozen
class Worked(Generic[T]):
    """The call gave this."""

    value: T


@frozen
class Failed:
    """The call raised; `reference` is what the page shows and the log holds with the traceback."""

    reference: str


def new_reference() -> str:
    """A short name for a failure that a person can read out: `7F3K-92`."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(6))
    return f"{letters[:4]}-{letters[4:]}"


def guarded(what: str, call: Callable[[], T], **about: object) -> Worked[T] | Failed:
    """What `call` gives, or a reference where it raised; the log then has the traceback.

    `what` names the contribution (`notes.latest`), `about` is logged beside it. A database that is
    locked or gone is not the contribution's failure and passes through.
    """
    try:
        return Worked(call())
    except Unavailable:
        raise
    except (Exception, SystemExit):
        reference = new_reference()
        log.exception("contribution failed", what=what, reference=reference, **about)
        return Failed(reference)
