"""What failed lately in this process, for the people who can do something about it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from attrs import define, field, frozen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

MOST = 50
"""Contributions of one firm whose last failure is kept."""


@frozen(kw_only=True)
class Fault:
    """The last failure of a contribution such as `notes.latest`, in one firm.

    `reference` is what the page showed and the log holds; `error` is the kind of what was raised,
    never its text, which may quote a client's papers. It is "" where the contribution was too slow.
    """

    what: str
    at: datetime
    reference: str
    error: str


@define
class Faults:
    """The last failure of each contribution in each firm, since the process began."""

    _known: dict[int, dict[str, Fault]] = field(factory=dict)
    _lock: threading.Lock = field(factory=threading.Lock)

    def note(self, firm_id: int, fault: Fault) -> None:
        """Keeps a failure in the place of the one before it."""
        with self._lock:
            of_firm = self._known.setdefault(firm_id, {})
            of_firm.pop(fault.what, None)
            of_firm[fault.what] = fault
            if len(of_firm) > MOST:
                del of_firm[next(iter(of_firm))]

    def of_firm(self, firm_id: int) -> Sequence[Fault]:
        """The failures in a firm, the latest first."""
        with self._lock:
            return list(reversed(self._known.get(firm_id, {}).values()))
