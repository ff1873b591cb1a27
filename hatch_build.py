"""The build hook: copies the third-party assets that we serve, and compiles the catalogues.

The assets go into web/static/built/; each .po has its .mo beside it.

A package that carries an asset is found by its place on the disk and never imported.
"""

import io
import os
import re
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CATALOGUES = ("*/locale/*/LC_MESSAGES/*.po", "plugins/*/locale/*/LC_MESSAGES/*.po")
ASSETS = (
    ("flask_bootstrap", "static/bootstrap5/css/bootstrap.min.css"),
    ("django_htmx", "static/django_htmx/htmx-2.min.js"),
)
DATA_IMAGE = re.compile(rb'url\("data:[^"]*"\)')
"""Our content security policy refuses pictures inside a stylesheet: the browser need not try."""

SOURCE_MAP = re.compile(rb"\s*/[/*][#@]\s*sourceMappingURL=\S+?(\s*\*/)?\s*\Z")


class BuildHook(BuildHookInterface[Any]):
    """Runs for wheels and for editable installs alike."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Copy each asset, under its own name; compile each catalogue, beside it."""
        built = Path(self.root, "web", "static", "built")
        built.mkdir(parents=True, exist_ok=True)
        for package, path in ASSETS:
            source = _folder_of(package) / path
            _write(built / source.name, _without_what_is_refused(source.read_bytes()))
        for pattern in CATALOGUES:
            for catalogue in Path(self.root).glob(pattern):
                _write(catalogue.with_suffix(".mo"), _compiled(catalogue))


def _without_what_is_refused(data: bytes) -> bytes:
    return DATA_IMAGE.sub(b"none", SOURCE_MAP.sub(b"\n", data))


def _compiled(catalogue: Path) -> bytes:
    """The catalogue as gettext reads it, without what somebody has yet to look at."""
    compiled = io.BytesIO()
    with catalogue.open("rb") as file:
        write_mo(compiled, read_po(file))
    return compiled.getvalue()


def _folder_of(package: str) -> Path:
    """Where a package is installed, found without importing it."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"{package} is not installed; build-system.requires should list it")
    return Path(spec.origin).parent


def _write(target: Path, data: bytes) -> None:
    """Replace a file in one step, and leave it alone where it is already right."""
    if target.is_file() and target.read_bytes() == data:
        return
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".new")
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        fresh.chmod(0o644)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
