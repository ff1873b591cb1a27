"""The editions that ship, read from `editions.toml`."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING

import cattrs

from crm_core.manifest import Edition
from crm_core.refusals import Refused
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping

_converter = cattrs.Converter(forbid_extra_keys=True)


def shipped_editions() -> Mapping[str, Edition]:
    """The editions by name, in the order of the file."""
    text = files("crm_core").joinpath("editions.toml").read_text("utf-8")
    tables = tomllib.loads(text)
    return {
        name: _converter.structure({"name": name, **table}, Edition)
        for name, table in tables.items()
    }


def edition_named(name: str, editions: Mapping[str, Edition]) -> Edition:
    """The edition of this name; refuses an unknown one with those that there are."""
    if name not in editions:
        raise Refused(
            _(
                "There is no edition {name}; there are: {known}.",
                name=name,
                known=", ".join(editions),
            )
        )
    return editions[name]
