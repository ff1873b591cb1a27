"""A program of its own: puts marks and audit pages on a PDF.

    python -I stamping_program.py FILE < marks and audit page as JSON > PDF

`stamping.py` starts it, apart; `child.py` says what its exit status means.
"""

from __future__ import annotations

import sys
from pathlib import Path

from plugins.signatures.sealing.child import put, status_of


def main() -> int:
    """Stamps, writes, and answers the exit status."""
    wanted = sys.stdin.buffer.read()
    return status_of(lambda: stamp(Path(sys.argv[1]), wanted))


def stamp(path: Path, wanted: bytes) -> None:
    """Writes the PDF with what is wanted on it."""
    from plugins.signatures.sealing.papers import Paper
    from plugins.signatures.sealing.wanted import Wanted

    asked = Wanted.read(wanted)
    paper = Paper.opened(path)
    paper.flattened()
    paper.stamp(asked.marks, asked.audit)
    put(paper.written())


if __name__ == "__main__":
    sys.exit(main())
