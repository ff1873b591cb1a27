"""What is found about the seal of a file."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from datetime import datetime


class Outcome(StrEnum):
    """Whether a file is what was sealed."""

    INTACT = "intact"
    CHANGED = "changed"
    NOT_OURS = "not ours"
    """A valid seal over the whole file, by somebody else."""

    NO_SEAL = "no seal"
    BROKEN = "broken"


@frozen
class Verdict:
    """What was found; `sealed_at` and `by` are what the seal says, where it can be read.

    Believe these two only of a file that is INTACT. `sha256` is of the whole file.
    """

    outcome: Outcome
    sealed_at: datetime | None
    by: str
    sha256: str
