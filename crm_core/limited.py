"""A program of its own that runs another one with little memory and time, and no writing of files.

    python -I limited.py PROGRAM ARGUMENTS... < what it reads > what it answers

What a hostile file breaks, it breaks there. `child_programs.py` starts it.
"""

from __future__ import annotations

import resource
import runpy
import sys

MEMORY = 512 * 1024 * 1024
PROCESSOR_SECONDS = 8


def limit_myself() -> None:
    """Lets this process have so much memory and time, and write no files."""
    limits = {resource.RLIMIT_CPU: PROCESSOR_SECONDS, resource.RLIMIT_FSIZE: 0}
    if sys.platform != "darwin":  # where this limit cannot be set
        limits[resource.RLIMIT_AS] = MEMORY
    for limit, wanted in limits.items():
        _, already = resource.getrlimit(limit)
        most = wanted if already == resource.RLIM_INFINITY else min(wanted, already)
        resource.setrlimit(limit, (most, most))


if __name__ == "__main__":
    limit_myself()
    program = sys.argv[1]
    sys.argv = sys.argv[1:]
    runpy.run_path(program, run_name="__main__")
