"""What a plugin says of itself, and what an edition is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from crm_core.words import Words  # noqa: TC001 - cattrs reads the types of these classes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from attrs import Attribute

API = 1
"""The version of the plugin contract that this host speaks."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}\Z")


def _is_name(_: object, attribute: Attribute[str], name: str) -> None:
    if not _NAME.match(name):
        raise ValueError(
            f"{attribute.name} {name!r}: small letters, digits and _, at most 30, a letter first"
        )


@frozen(kw_only=True)
class Hook:
    """A hook of a plugin's own, which plugins that require it may answer.

    `spec` is a function marked `@hookspec` in the plugin's `api.py`; `of` is the type that answers
    must have: values with a name and an order. The hook's name begins with the plugin's own and an
    underscore.
    """

    spec: Callable[[], Iterable[Any]]
    of: type[Any]

    @property
    def name(self) -> str:
        """What plugins call the function that answers it."""
        return self.spec.__name__


@frozen(kw_only=True)
class Manifest:
    """A plugin's name, title and needs; the constant `MANIFEST` of its module.

    `requires` names plugins without which this one is absent. `migrations` is the folder of its
    numbered migration files, beside the module, or "" where it has no tables. `hooks` are those
    that it has for others: `ctx.modules.answers(name)` gives what they contribute.
    """

    name: str = field(validator=_is_name)
    title: Words
    description: Words
    version: str = "1.0"
    api: int = API
    requires: tuple[str, ...] = ()
    migrations: str = ""
    hooks: tuple[Hook, ...] = ()


@frozen(kw_only=True)
class Edition:
    """A set of plugins that a firm may switch on, with the settings that they get."""

    name: str = field(validator=_is_name)
    title: str
    plugins: tuple[str, ...]
    settings: dict[str, dict[str, Any]] = field(factory=dict, hash=False)
