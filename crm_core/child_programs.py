"""Programs of ours that read what other people made: apart, with limits, knowing nothing of us."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

SECONDS = 10
"""How long one may take, by the clock; it limits its own computing, too (`limited.py`)."""

_LIMITED = Path(__file__).with_name("limited.py")


@frozen(kw_only=True)
class Read:
    """What a program answered; `status` is None where it was stopped, and `why` says more."""

    status: int | None
    answer: bytes = field(default=b"", repr=False)
    why: str = ""


def read_apart(program: Path, arguments: Sequence[object], content: bytes) -> Read:
    """Lets the program read these bytes. Takes up to `SECONDS`: never inside a transaction."""
    command = [sys.executable, "-I", "-B", str(_LIMITED), str(program), *map(str, arguments)]
    try:
        # Over its time it is killed and waited for.
        done = subprocess.run(  # noqa: S603 - the command is ours, the file goes to its stdin
            command,
            input=content,
            capture_output=True,
            timeout=SECONDS,
            env={},
            cwd="/",
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError) as error:
        return Read(status=None, why=type(error).__name__)
    why = done.stderr.decode(errors="replace").strip().rpartition("\n")[2][:200]
    return Read(status=done.returncode, answer=done.stdout, why=why)
