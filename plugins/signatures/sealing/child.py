"""Programs of ours that look at PDFs apart: how they are asked, and how they say no.

What they write is believed in nothing but its form.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from plugins.signatures.sealing.values import Misplaced, NoPicture, Unfit, Why

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECONDS = 10.0

_FIRST = 10
_WHYS = dict(enumerate(Why, _FIRST))
_STATUSES = {why: status for status, why in _WHYS.items()}
_MISPLACED, _NO_PICTURE = 30, 31
_FAULT = 1
"""How Python ends where something is wrong with us: a package that is not installed."""

_OVER_ITS_TIME = (None, -24, -9)
"""How a process ends that is killed by us, or by the limit of computing."""


def answer_of(program: str, *arguments: str, given: bytes = b"", seconds: float = SECONDS) -> bytes:
    """What a program of this folder writes.

    Raises what it raised of `Unfit`, `Misplaced` and `NoPicture`; RuntimeError where it could not
    begin.
    """
    from pathlib import Path

    from crm_core.apart import run_apart

    path = Path(__file__).with_name(program)
    ended = run_apart(path, *arguments, given=given, seconds=seconds)
    if ended.status == 0:
        return ended.output
    if ended.status == _MISPLACED:
        raise Misplaced(ended.said)
    if ended.status == _NO_PICTURE:
        raise NoPicture(ended.said)
    if ended.status in _OVER_ITS_TIME:
        raise Unfit(Why.TOO_LONG)
    if ended.status == _FAULT:
        raise RuntimeError(f"{program}: {ended.said}")
    if ended.status not in _WHYS or ended.said:
        nonsense(program, f"{ended.status}: {ended.said}")
    raise Unfit(_WHYS.get(ended.status or 0, Why.BROKEN))


def nonsense(program: str, what: str) -> None:
    """Tells the log that a program died, or wrote what no sound program writes."""
    import structlog

    structlog.get_logger("crm").warning("a PDF was not understood", program=program, cause=what)


def status_of(work: Callable[[], None]) -> int:
    """The exit status of such a program, which does this. It runs apart."""
    try:
        work()
    except Unfit as unfit:
        return _STATUSES[unfit.why]
    except Misplaced as error:
        sys.stderr.write(f"{error}\n")
        return _MISPLACED
    except NoPicture as error:
        sys.stderr.write(f"{error}\n")
        return _NO_PICTURE
    except ImportError:
        raise
    except MemoryError:
        return _STATUSES[Why.TOO_MUCH_MEMORY]
    except Exception as error:  # noqa: BLE001 - readers of PDFs raise anything for hostile ones
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return _STATUSES[Why.BROKEN]
    return 0


def put(content: bytes) -> None:
    """Writes this as the answer, from such a program."""
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def size_within(path: Path, most: int) -> None:
    """Refuses a file that is larger."""
    if path.stat().st_size > most:
        raise Unfit(Why.TOO_LARGE)
