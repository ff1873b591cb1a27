"""Marks on a PDF, and audit pages at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins.signatures.sealing.child import answer_of, nonsense, size_within
from plugins.signatures.sealing.fitness import LARGEST
from plugins.signatures.sealing.values import Unfit, Why
from plugins.signatures.sealing.wanted import Wanted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from plugins.signatures.sealing.values import AuditPage, Mark

_STAMPING = "stamping_program.py"


def stamped(path: Path, marks: Sequence[Mark], audit: AuditPage, out: Path) -> None:
    """Writes the PDF with these marks on its pages, and the audit pages after them, to `out`.

    A form in it stays as it looks and can be filled in no more; nothing else changes. Raises
    `Unfit`, `Misplaced` for a mark on a page that there is not, and `NoPicture`; then nothing is
    written. Takes up to ten seconds.
    """
    size_within(path, LARGEST)
    output = answer_of(_STAMPING, str(path), given=Wanted(tuple(marks), audit).told())
    if not output.startswith(b"%PDF-"):
        nonsense(_STAMPING, "no PDF")
        raise Unfit(Why.BROKEN)
    out.write_bytes(output)
