"""The one place where any failure of a contribution is caught: the page around it stands."""

from __future__ import annotations

import secrets
import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

import structlog
from attrs import define, field, frozen

from crm_core.faults import Fault
from crm_core.refusals import Unavailable
from crm_core.words import Words, _

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from crm_core.context import Context

log = structlog.get_logger("crm")

T = TypeVar("T")

LATE_IN_A_ROW = 3
"""How often in a row a contribution may be late before it is left out."""

REST = timedelta(minutes=5)
"""For how long it is then left out."""

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@frozen
class Worked(Generic[T]):
    """The call gave this."""

    value: T


@frozen
class Failed:
    """The call raised, or was not made since the contribution was `late` too often.

    `reference` is what the page shows and the log holds, after a failure with the traceback.
    `error` is the kind of what was raised.
    """

    reference: str
    late: bool = False
    error: str = ""

    @property
    def sentence(self) -> Words:
        """What the page says in the place of the contribution."""
        if self.late:
            return _(
                "Left out for five minutes, since it was too slow three times in a row. "
                "Reference {reference}.",
                reference=self.reference,
            )
        return _("Not available just now. Reference {reference}.", reference=self.reference)


@define
class _Lateness:
    times: int = 0
    until: datetime | None = None
    reference: str = ""


@define
class Patience:
    """How often in a row each contribution was late in each firm, and which are left out."""

    _known: dict[tuple[int, str], _Lateness] = field(factory=dict)
    _lock: threading.Lock = field(factory=threading.Lock)

    def left_out(self, firm_id: int, what: str, now: datetime) -> str:
        """The reference under which it is left out just now, or ""."""
        with self._lock:
            found = self._known.get((firm_id, what))
            left_out = found is not None and found.until is not None and now < found.until
            return found.reference if found and left_out else ""

    def in_time(self, firm_id: int, what: str) -> None:
        """It was in time: nothing is held against it."""
        with self._lock:
            self._known.pop((firm_id, what), None)

    def late(self, firm_id: int, what: str, now: datetime) -> str:
        """It was late once more; answers the reference where it is left out from now on."""
        with self._lock:
            found = self._known.setdefault((firm_id, what), _Lateness())
            found.times += 1
            if found.times < LATE_IN_A_ROW:
                return ""
            found.until, found.reference = now + REST, new_reference()
            return found.reference


def new_reference() -> str:
    """A short name for a failure that a person can read out: `7F3K-92`."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(6))
    return f"{letters[:4]}-{letters[4:]}"


def read_guarded(
    ctx: Context, what: str, budget: float, read: Callable[[], T]
) -> Worked[T] | Failed:
    """What a contribution reads for this viewer, in a part of the transaction of its own.

    SQL that takes longer than `budget` seconds is cut off. Python that does is shown and logged;
    a contribution that is late three times in a row is left out in this firm for five minutes.
    """
    patience, firm = ctx.catalog.patience, ctx.firm
    if reference := patience.left_out(firm.id, what, ctx.now):
        return Failed(reference, late=True)

    def call() -> T:
        with ctx.store.isolated(budget):
            return read()

    start = time.monotonic()
    outcome = guarded(what, call, firm=firm.slug)
    seconds = time.monotonic() - start
    if isinstance(outcome, Failed):
        fault = Fault(what=what, at=ctx.now, reference=outcome.reference, error=outcome.error)
        ctx.catalog.faults.note(firm.id, fault)
    if seconds <= budget:
        patience.in_time(firm.id, what)
        return outcome
    about = {"what": what, "firm": firm.slug, "seconds": round(seconds, 2), "budget": budget}
    log.warning("contribution late", **about)
    if reference := patience.late(firm.id, what, ctx.now):
        log.error("contribution left out", reference=reference, minutes=5, **about)
        fault = Fault(what=what, at=ctx.now, reference=reference, error="")
        ctx.catalog.faults.note(firm.id, fault)
    return outcome


def guarded(what: str, call: Callable[[], T], **about: object) -> Worked[T] | Failed:
    """What `call` gives, or a reference where it raised; the log then has the traceback.

    `what` names the contribution (`notes.latest`), `about` is logged beside it. A database that is
    locked or gone is not the contribution's failure and passes through.
    """
    try:
        return Worked(call())
    except Unavailable:
        raise
    except (Exception, SystemExit) as error:
        reference = new_reference()
        log.exception("contribution failed", what=what, reference=reference, **about)
        return Failed(reference, error=type(error).__name__)
