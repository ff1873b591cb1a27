"""docs/plugins.md, step by step in an empty folder: what it quotes is there, and happens."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from attrs import frozen

from tests.conftest import PASSWORD
from tests.web.commands import CRM, OURS

ROOT = Path(__file__).parents[2]
BUILD_TOOLS = ROOT / ".venv" / "build"
LONGEST = 30
_BLOCK = re.compile(r"<!-- (\w+)(?:: (\S+))? -->\n```\w+\n(.*?)```", re.DOTALL)


@frozen
class Step:
    """A block of the page: what is to be done with it, with which file, and its text."""

    how: str
    file: str
    text: str


def steps() -> list[Step]:
    """The blocks of the page in order; every block says what it is."""
    page = (ROOT / "docs" / "plugins.md").read_text("utf-8")
    found = [Step(how, file, text) for how, file, text in _BLOCK.findall(page)]
    assert len(found) == page.count("```") // 2
    return found


def test_the_tutorial_works_step_by_step_in_an_empty_folder(tmp_path: Path) -> None:
    if not BUILD_TOOLS.is_dir():
        pytest.skip("the build tools are not set up: run make install")
    folder = tmp_path / "empty"
    folder.mkdir()
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    environment = {**kept, "CRM_DATA": str(tmp_path / "data"), "CRM_PASSWORD": PASSWORD}
    ran = 0
    for step in steps():
        if step.how == "write":
            (folder / step.file).write_text(step.text, "utf-8")
        elif step.how == "run":
            for command, said in commands(step.text):
                ran += 1
                assert run(command, folder, tmp_path / "site", environment) == said, command
    listed = run("crm plugins", folder, tmp_path / "site", environment)
    assert "hello 1.0: Hello. Says since when the firm has a client." in listed
    assert ran == 4


def test_what_is_quoted_stands_in_the_file_that_it_names() -> None:
    quoted = [step for step in steps() if step.how == "quote"]
    for step in quoted:
        assert step.text in (ROOT / step.file).read_text("utf-8"), step.file
    assert len(quoted) >= 7
    assert {step.how for step in steps()} == {"write", "run", "quote"}


def test_the_smallest_plugin_is_small() -> None:
    (hello,) = (step.text for step in steps() if step.file == "hello.py")
    assert len(hello.splitlines()) <= LONGEST


def commands(text: str) -> list[tuple[str, str]]:
    """Each command of a session, and what it says."""
    parts = [part.partition("\n") for part in text.removeprefix("$ ").split("\n$ ")]
    return [(command, said.removesuffix("\n")) for command, _, said in parts]


def run(command: str, folder: Path, site: Path, environment: dict[str, str]) -> str:
    """Runs a line of the tutorial as its reader would, but with pip into a folder of the test."""
    program, *arguments = shlex.split(command)
    if program == "export":
        name, _, value = arguments[0].partition("=")
        environment[name] = value
        return ""
    more = {}
    if program == "pip":
        environment["PYTHONPATH"] = str(site)
        more = {"PYTHONPATH": str(BUILD_TOOLS), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        apart = ["--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--target", site]
        line = [sys.executable, "-m", "pip", *arguments, *apart]
    else:
        assert program == "crm"
        line = [str(CRM), *arguments]
    done = subprocess.run(
        line,
        cwd=folder,
        env={**environment, **more},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.removesuffix("\n")
