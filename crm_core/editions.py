"""The editions that ship, read from `editions.toml`."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import cattrs

from crm_core.manifest import Edition
from crm_core.refusals import Refused
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_converter = cattrs.Converter(forbid_extra_keys=True)


def shipped_editions() -> Mapping[str, Edition]:
    """The editions that ship, by name, in the order of the file."""
    return _editions(files("crm_core").joinpath("editions.toml").read_text("utf-8"))


def editions_with(path: Path) -> Mapping[str, Edition]:
    """The editions that ship, and a vendor's own from a TOML file of the same form.

    A vendor's edition of a name that ships takes its place. Refuses a file that cannot be read.
    """
    try:
        return {**shipped_editions(), **_editions(path.read_text("utf-8"))}
    except OSError as error:
        reason = error.strerror or str(error)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = str(error)
    except cattrs.BaseValidationError as error:
        reason = "; ".join(cattrs.transform_error(error))
    raise Refused(
        _("The editions in {path} cannot be used: {reason}", path=str(path), reason=reason)
    )


def _editions(text: str) -> Mapping[str, Edition]:
    return {
        name: _converter.structure({**_table(table), "name": name}, Edition)
        for name, table in tomllib.loads(text).items()
    }


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {"is no table": value}


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
