"""Programs that run apart: little memory and time, nothing of our environment, no files."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

import pytest

from crm_core.apart import run_apart

if TYPE_CHECKING:
    from pathlib import Path


def a_program(folder: Path, does: str) -> Path:
    path = folder / "program.py"
    path.write_text(f"import os, resource, sys, time\n{does}\n")
    return path


def test_it_gets_its_arguments_and_input_and_says_how_it_ended(tmp_path: Path) -> None:
    does = "print(*sys.argv[1:], sys.stdin.read()); sys.stderr.write('one\\nlast\\n'); sys.exit(3)"
    ended = run_apart(a_program(tmp_path, does), "one", "two", given=b"three")
    assert (ended.status, ended.output, ended.said) == (3, b"one two three\n", "last")


def test_what_does_not_end_is_killed_and_leaves_what_it_wrote_and_no_zombie(tmp_path: Path) -> None:
    does = "print(os.getpid(), flush=True); time.sleep(60)"
    begun = time.monotonic()
    ended = run_apart(a_program(tmp_path, does), seconds=2)
    assert time.monotonic() - begun < 7
    assert ended.status is None
    with pytest.raises(ProcessLookupError):
        os.kill(int(ended.output), 0)


def test_it_gets_no_secret_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    ended = run_apart(a_program(tmp_path, "print(dict(os.environ), os.getcwd(), end='')"))
    assert b"secret" not in ended.output
    assert ended.output.endswith(b" /")


LIMITED = {
    "memory": ("bytes(600 * 2**20)", "MemoryError"),
    "files": ("open({path!r}, 'w').write('x' * 9999)", "File too large"),
    "computing": ("sys.exit(str(resource.getrlimit(resource.RLIMIT_CPU)))", "(8, 8)"),
}


@pytest.mark.skipif(sys.platform == "darwin", reason="memory cannot be limited there")
@pytest.mark.parametrize("name", LIMITED)
def test_its_means_are_limited(name: str, tmp_path: Path) -> None:
    does, says = LIMITED[name]
    ended = run_apart(a_program(tmp_path, does.format(path=str(tmp_path / "written"))))
    assert ended.status == 1
    assert says in ended.said
