"""The report: each figure beside its floor and its promise, on the screen and in a file."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

if TYPE_CHECKING:
    from pathlib import Path

LIBRARIES = ("Flask", "Jinja2", "peewee", "pluggy", "waitress", "huey", "psycopg")


@frozen(kw_only=True)
class Figure:
    """What was measured, and its promise: at most, at least, or at most so many times the floor.

    `why` says what stands in the way of a promise that is not kept.
    """

    what: str
    ours: float
    floor: float | None = None
    most: float | None = None
    least: float | None = None
    most_times: float | None = None
    why: str = ""

    @property
    def times(self) -> float | None:
        """How many times the floor, whichever is the larger."""
        return max(self.ours, self.floor) / min(self.ours, self.floor) if self.floor else None

    @property
    def promise(self) -> str:
        """What is promised, in a few signs."""
        if self.most_times is not None:
            return f"≤ {self.most_times:g} times"
        if self.most is not None:
            return f"≤ {self.most:g}"
        return f"≥ {self.least:,g}" if self.least is not None else ""

    @property
    def kept(self) -> bool:
        """Whether the promise is kept; without one it is."""
        if self.most_times is not None:
            return self.times is not None and self.times <= self.most_times
        if self.most is not None:
            return self.ours <= self.most
        return self.least is None or self.ours >= self.least

    @property
    def cells(self) -> tuple[str, ...]:
        """The figure as a row of a table."""
        floor = "" if self.floor is None else f"{self.floor:,.2f}"
        times = "" if self.times is None else f"{self.times:.1f}"
        verdict = ("yes" if self.kept else "NO") if self.promise else ""
        return (self.what, f"{self.ours:,.2f}", floor, times, self.promise, verdict)


@define
class Report:
    """The figures of one run, under headings."""

    parts: dict[str, list[Figure]] = field(factory=dict)
    _part: str = ""

    def begin(self, part: str) -> None:
        """Begins a part of the report."""
        self._part = part
        self.parts.setdefault(part, [])
        print(f"\n{part}")

    def line(self, what: str, ours: float, floor: float | None = None, **promise: Any) -> None:
        """Adds a figure and prints it."""
        figure = Figure(what=what, ours=ours, floor=floor, **promise)
        self.parts[self._part].append(figure)
        name, *rest, promised, verdict = figure.cells
        print(f"  {name:<62}" + "".join(f"{cell:>12}" for cell in rest), promised, verdict)

    def write(self, path: Path) -> None:
        """Writes the report; a promise that is not kept stands first."""
        broken = [figure for part in self.parts.values() for figure in part if not figure.kept]
        lines = [
            "# Performance",
            "",
            "Written by `make bench`: each figure, its floor in the same run (what the same work",
            "costs with nothing of ours around it), and what is promised.",
            "",
            machine(),
            "",
        ]
        if broken:
            lines += ["Promises that are not kept in this run:", ""]
            lines += [_broken(figure) for figure in broken]
            lines += [""]
        for part, figures in self.parts.items():
            lines += [f"## {part}", "", "| what | ours | floor | times | promised | kept |"]
            lines += ["| --- | ---: | ---: | ---: | --- | --- |"]
            lines += [f"| {' | '.join(figure.cells)} |" for figure in figures]
            lines += [""]
        path.write_text("\n".join(lines).rstrip("\n") + "\n", "utf-8")


def _broken(figure: Figure) -> str:
    _what, ours, _floor, times, promise, _kept = figure.cells
    said = f"{times} times the floor" if figure.most_times is not None else ours
    return f"- {figure.what}: {said}, promised {promise}. {figure.why}".rstrip()


def machine() -> str:
    """On what it was measured."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {python}, {libraries}."
    )
