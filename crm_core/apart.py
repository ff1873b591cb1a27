"""Reading what may be hostile in another process, which has little memory and time.

It gets nothing of our environment and writes no files: what a hostile file breaks, it breaks there.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from attrs import field, frozen

MEMORY = 512 * 1024 * 1024
"""Bytes that such a process may have, the program and what it works with."""

SECONDS = 10
"""How long it may take, by the clock; how long it computes is limited, too."""

PROCESSOR_SECONDS = 8

_LIMITS = Path(__file__).with_name("limits.py")


@frozen(kw_only=True)
class Ended:
    """How it ended. `status` is None where its time was over, negative where it was killed.

    `output` is what it had written until then, `said` the last line of its complaints.
    """

    status: int | None
    output: bytes = field(repr=False)
    said: str


def run_apart(
    program: Path, *arguments: str, given: bytes = b"", seconds: float = SECONDS
) -> Ended:
    """Runs a Python program of ours there, with `given` as its input.

    Takes up to `seconds`: so never inside a writing transaction. May raise OSError.
    """
    limits = (str(MEMORY), str(PROCESSOR_SECONDS))
    command = [sys.executable, "-I", "-B", str(_LIMITS), *limits, str(program), *arguments]
    try:
        # Over its time it is killed and waited for.
        ended = subprocess.run(  # noqa: S603 - the command is ours
            command,
            input=given,
            capture_output=True,
            timeout=seconds,
            env={},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        return Ended(status=None, output=late.output or b"", said=f"over {seconds} seconds")
    return Ended(status=ended.returncode, output=ended.stdout, said=_last_line(ended.stderr))


def _last_line(text: bytes) -> str:
    return text.decode(errors="replace").strip().rpartition("\n")[2][:200]
