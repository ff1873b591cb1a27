"""Static files: each address carries a digest of its content, so browsers may keep it for good.

The shell's are called by their name, those of a plugin by the plugin's name, a slash and theirs:
they lie in its folder `static`.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

    from crm_core.catalog import Catalog

STATIC = Path(__file__).parent / "static"

A_YEAR = 365 * 24 * 3600
"""Seconds: how long browsers may keep what has an address that changes with its content."""


def set_up_assets(app: Flask, catalog: Catalog) -> Mapping[str, Path]:
    """Tells the app of the folders of plugins that have static files; answers them by plugin."""
    folders = {
        name: Path(str(plugin.module.__file__)).parent / "static"
        for name, plugin in catalog.installed.items()
    }
    found = {name: folder for name, folder in folders.items() if folder.is_dir()}
    app.extensions["crm_assets"] = found
    return found


def asset_url(name: str) -> str:
    """The address of a static file: `crm.css` of the shell, `signatures/place.js` of a plugin."""
    plugins: Mapping[str, Path] = current_app.extensions["crm_assets"]
    plugin, slash, rest = name.partition("/")
    folder = plugins.get(plugin) if slash else None
    path = folder / rest if folder else STATIC / name
    return f"/static/{name}?v={_digest(path)}"


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
