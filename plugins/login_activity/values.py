"""What login activity tells, as values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from datetime import datetime

SIGNED_IN = "signed in"


@frozen(kw_only=True)
class LastSignIn:
    """When an address last came in to an account, if ever; `pending` where nobody accepted yet."""

    address: str
    at: datetime | None
    pending: bool


@frozen(kw_only=True)
class Attempt:
    """A sign-in, or one that failed: who, when, from where, and how it ended.

    `result` is "signed in", or as `crm_core.sign_ins` says of failures.
    """

    name: str
    address: str
    at: datetime
    remote: str
    browser: str
    result: str = SIGNED_IN
