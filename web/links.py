"""Paths of pages. A page has a hundred links, so each kind is asked of Flask's map once.

What Flask makes of stand-ins is kept as a pattern, in which ids and words take their places.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import current_app, request, url_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from flask import Flask

    from crm_core.context import To
    from crm_core.firms import Firm

LOOKED_AT = "@looked-at"
"""What ends the name of a page of the portal for staff who look at it as a client sees it."""

_PATTERNS = "crm_link_patterns"
_MOST_PATTERNS = 10_000
_PLAIN = re.compile(r"[A-Za-z0-9_-]+\Z")
_STAND_IN = re.compile(r"0standin(\d+)x")


def set_up_links(app: Flask) -> None:
    """Gives the app the place where patterns are kept."""
    app.extensions[_PATTERNS] = {}


def url_of(firm: Firm, to: To) -> str:
    """The path of a place in a firm."""
    return links_in(firm)(to.route, to.parameters)


def links_in(firm: Firm) -> Callable[[str, Mapping[str, Any]], str]:
    """The function that tells the path of a route in this firm, within this request.

    What the route's own path does not take of the parameters goes into the query. Where staff look
    at the portal as a client sees it, its pages lead to such pages.
    """
    patterns: dict[tuple[str, ...], tuple[str, Sequence[int]]] = current_app.extensions[_PATTERNS]
    root, slug = request.root_path, firm.slug

    looked_at = request.view_args.get("looked_at") if request.view_args else None
    if looked_at is not None:
        return lambda route, parameters: _as_looked_at(slug, route, parameters, looked_at)

    def path_of(route: str, parameters: Mapping[str, Any]) -> str:
        values = (slug, *parameters.values())
        try:
            plain = _PLAIN.match("".join(values))
        except TypeError:  # a number, or nothing at all
            plain = None
        if not plain:
            return url_for(route, firm=slug, **parameters)
        kind = (root, route, *parameters)
        found = patterns.get(kind)
        if found is None:
            if len(patterns) >= _MOST_PATTERNS:
                patterns.clear()
            found = patterns[kind] = _pattern(route, ["firm", *parameters])
        text, places = found
        return text % tuple(values[place] for place in places)

    return path_of


def _as_looked_at(slug: str, route: str, parameters: Mapping[str, Any], looked_at: str) -> str:
    endpoint = f"{route}{LOOKED_AT}"
    if endpoint in current_app.view_functions:
        return url_for(endpoint, firm=slug, looked_at=looked_at, **parameters)
    return url_for(route, firm=slug, **parameters)


def _pattern(route: str, names: Sequence[str]) -> tuple[str, Sequence[int]]:
    """A text with `%s` for values, and which of them go there."""
    stand_ins: dict[str, Any] = {name: f"0standin{at}x" for at, name in enumerate(names)}
    path = url_for(route, **stand_ins)
    places = [int(found) for found in _STAND_IN.findall(path)]
    return _STAND_IN.sub("%s", path.replace("%", "%%")), places
