"""A program of its own: takes little memory and time, then becomes another program.

    python -I limits.py MEMORY SECONDS PROGRAM ARGUMENTS...

`MEMORY` is in bytes, `SECONDS` are of computing; no file can be written. `apart.py` starts it.
"""

from __future__ import annotations

import resource
import runpy
import sys


def main() -> None:
    """Limits this process and runs the program in it."""
    memory, seconds, *program = sys.argv[1:]
    limits = {resource.RLIMIT_CPU: int(seconds), resource.RLIMIT_FSIZE: 0}
    if sys.platform != "darwin":  # where this limit cannot be set
        limits[resource.RLIMIT_AS] = int(memory)
    limits[resource.RLIMIT_CORE] = 0
    for limit, wanted in limits.items():
        _, already = resource.getrlimit(limit)
        most = wanted if already == resource.RLIM_INFINITY else min(wanted, already)
        resource.setrlimit(limit, (most, most))
    sys.argv = program
    runpy.run_path(program[0], run_name="__main__")


if __name__ == "__main__":
    main()
