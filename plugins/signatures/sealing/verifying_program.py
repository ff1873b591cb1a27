"""A program of its own: looks at the seal of a PDF.

    python -I verifying_program.py FILE < our certificates, as JSON > the verdict as JSON

`verifying.py` starts it, apart; `child.py` says what its exit status means.
"""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

from plugins.signatures.sealing.child import put, status_of


def main() -> int:
    """Looks, writes, and answers the exit status."""
    trusted = [bytes.fromhex(one) for one in json.load(sys.stdin)]
    return status_of(lambda: verify(Path(sys.argv[1]), trusted))


def verify(path: Path, trusted: list[bytes]) -> None:
    """Writes the verdict."""
    from plugins.signatures.sealing.checking import checked

    logging.disable(logging.CRITICAL)  # what the reader would say about the file nobody reads
    found = checked(path.read_bytes(), trusted)
    at = found.sealed_at.isoformat() if found.sealed_at else ""
    said = {"outcome": found.outcome, "at": at, "by": found.by, "sha256": found.sha256}
    put(json.dumps(said).encode())


if __name__ == "__main__":
    sys.exit(main())
