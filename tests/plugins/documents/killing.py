"""A process that is killed at one step of what it does, as often as there are steps.

A step is the opening of a file to write, a write, a truncation, an fsync, a rename, a removal, a
new folder, and a commit; the kill comes before it or after it. The process is a fork of this one,
with connections of its own.
"""

from __future__ import annotations

import os
import pathlib
import signal
import traceback
from typing import TYPE_CHECKING, Any

import peewee
from attrs import define, field, frozen

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_core.store.database import Store


LONGEST = 60
"""Seconds after which a process that does not end is ended: then the test fails."""

ON_FILES = ("mkdir", "fsync", "rename", "unlink", "utime")


@frozen
class Ended:
    """How it ended: whether it was killed, what was acknowledged before, the steps that it took."""

    killed: bool
    acknowledged: tuple[str, ...]
    steps: tuple[str, ...]


@define
class _Steps:
    """Counts the steps of this process, and kills it at one of them."""

    kill_at: int | None
    taken: list[str] = field(factory=list)
    counting: bool = False

    def around(self, what: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """The same call, which counts before it and after it."""

        def counted(*asked: Any, **named: Any) -> Any:
            step = f"{what} {_path_of(asked[0])}" if what in ON_FILES else what
            self._step(f"before {step}")
            answer = call(*asked, **named)
            self._step(f"after {step}")
            return answer

        return counted

    def _step(self, what: str) -> None:
        if self.counting:
            if len(self.taken) == self.kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            self.taken.append(what)

    def watch(self) -> None:
        """Lets everything count from now on, in this process, which does not live on."""
        for name in ON_FILES:
            setattr(os, name, self.around(name, getattr(os, name)))
        opened = pathlib.Path.open

        def open_counted(path: pathlib.Path, mode: str = "r", *asked: Any, **named: Any) -> Any:
            if not set(mode) & set("wxa+"):
                return opened(path, mode, *asked, **named)
            open_it = self.around(f"open {path}", opened)
            return _Watched(open_it(path, mode, *asked, **named), self)

        pathlib.Path.open = open_counted  # type: ignore[method-assign, assignment]
        commit = peewee.Database.commit
        peewee.Database.commit = self.around("commit", commit)  # type: ignore[method-assign]
        self.counting = True


class _Watched:
    """A file that is written to, of which writing and truncating count."""

    def __init__(self, file: Any, steps: _Steps) -> None:
        self._file = file
        self.write = steps.around(f"write {file.name}", file.write)
        self.truncate = steps.around(f"truncate {file.name}", file.truncate)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> _Watched:
        return self

    def __exit__(self, *_failure: object) -> None:
        self._file.close()


def _path_of(asked: int | str | pathlib.Path) -> str:
    return os.readlink(f"/proc/self/fd/{asked}") if isinstance(asked, int) else str(asked)


def run(store: Store, act: Callable[[Callable[[str], None]], None], kill_at: int | None) -> Ended:
    """Lets a process act, and kills it at this step, the first being 0; None lets it end."""
    store.close()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        _act(act, _Steps(kill_at), writing)
    os.close(writing)
    with os.fdopen(reading) as said:
        lines = said.read().splitlines()
    _pid, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert killed or status == 0, lines
    acknowledged = tuple(line.removeprefix("ack ") for line in lines if line.startswith("ack "))
    steps = tuple(line.removeprefix("step ") for line in lines if line.startswith("step "))
    return Ended(killed, acknowledged, steps)


def _act(act: Callable[[Callable[[str], None]], None], steps: _Steps, writing: int) -> None:
    def tell(line: str) -> None:
        os.write(writing, f"{line}\n".encode())

    code = 1
    signal.alarm(LONGEST)
    try:
        steps.watch()
        act(lambda what: tell(f"ack {what}"))
        steps.counting = False
        for taken in steps.taken:
            tell(f"step {taken}")
        code = 0
    except BaseException:
        tell(traceback.format_exc())
        raise
    finally:
        os._exit(code)
