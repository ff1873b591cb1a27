"""Whether a plugin keeps to the contract: one line for each thing that was looked at."""

from __future__ import annotations

import importlib
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crm_core.loading import GROUP, Source, installed_sources
from crm_core.refusals import Refused
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(wanted: str) -> bool:
    """Prints the report on a plugin that is installed, or is in a folder or a file.

    Answers whether all is well; refuses what is no plugin, or one that does not load.
    """
    from web.conformance import examine
    from web.testing import a_trial

    name, sources = _found(wanted)
    met = faults = 0
    with tempfile.TemporaryDirectory(prefix="crm-check-") as folder:
        trial = a_trial(Path(folder), name, *sources)
        click.echo(f"{name} {trial.plugin.manifest.version}")
        for one in examine(trial):
            met, faults = met + one.met, faults + len(one.findings)
            if not one.findings:
                click.echo(f"ok      {one.what}: {one.met}")
            for finding in one.findings:
                click.echo(f"finding {one.what}: {finding}")
        trial.close()
    click.echo(f"{met} things looked at, {faults} findings")
    return not faults


def _found(wanted: str) -> tuple[str, Sequence[Source]]:
    """The plugin's name, and where it is if it is not installed."""
    if any(source.name == wanted for source in installed_sources()):
        return wanted, ()
    path = Path(wanted).resolve()
    if path.is_file() and path.suffix == ".py":
        source = _in_module(path.parent, path.stem)
    elif (path / "pyproject.toml").is_file():
        source = _announced(path)
    elif (path / "plugin.py").is_file():
        source = _in_module(path.parent, f"{path.name}.plugin")
    else:
        raise Refused(
            _("{name} is no plugin that is installed, and no file or folder of one.", name=wanted)
        )
    return source.name, (source,)


def _announced(folder: Path) -> Source:
    """What the pyproject.toml in a folder announces under our group of entry points."""
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused(
            _("Its pyproject.toml cannot be read: {reason}", reason=str(error))
        ) from error
    announced = project.get("project", {}).get("entry-points", {}).get(GROUP, {})
    if len(announced) != 1:
        raise Refused(_("Its pyproject.toml announces no plugin under {group}.", group=GROUP))
    ((name, module),) = announced.items()
    sys.path[:0] = [str(folder), str(folder / "src")]
    return Source(name=name, module=module)


def _in_module(folder: Path, module: str) -> Source:
    """The plugin of a module that lies in a folder, by the name that it calls itself."""
    sys.path.insert(0, str(folder))
    try:
        name = importlib.import_module(module).MANIFEST.name
    except (ImportError, AttributeError, SyntaxError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise Refused(_("{name} is no plugin: {reason}", name=module, reason=reason)) from error
    return Source(name=name, module=module)
