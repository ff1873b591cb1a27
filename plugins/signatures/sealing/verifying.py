"""Looking at the seal of a file that may come from anybody."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import TYPE_CHECKING

from plugins.signatures.sealing.child import answer_of, nonsense
from plugins.signatures.sealing.seal import LARGEST
from plugins.signatures.sealing.values import Unfit
from plugins.signatures.sealing.verdicts import Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cryptography.x509 import Certificate

__all__ = ["Outcome", "Verdict", "verified"]

_VERIFYING = "verifying_program.py"


def verified(path: Path, trusted: Sequence[Certificate]) -> Verdict:
    """The verdict on this file, whatever is in it; our seals are those of `trusted`.

    One that cannot be read within ten seconds and little memory is BROKEN. Raises OSError where
    there is no file.
    """
    from cryptography.hazmat.primitives.serialization import Encoding

    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    broken = Verdict(Outcome.BROKEN, None, "", sha256)
    if path.stat().st_size > 2 * LARGEST:
        return broken
    ours = [one.public_bytes(Encoding.DER).hex() for one in trusted]
    try:
        output = answer_of(_VERIFYING, str(path), given=json.dumps(ours).encode())
    except Unfit as unfit:
        nonsense(_VERIFYING, str(unfit.why))
        return broken
    try:
        said = json.loads(output)
        at = datetime.fromisoformat(said["at"]) if said["at"] else None
        found = Verdict(Outcome(said["outcome"]), at, str(said["by"]), str(said["sha256"]))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        nonsense(_VERIFYING, type(error).__name__)  # a file has taken the reader over
        return broken
    return found if found.sha256 == sha256 else broken
