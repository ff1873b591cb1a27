"""A page that htmx asks for, to stand in the place of a card of the page that the browser shows.

Such a request gets the body of the page alone (`shell/in_place.html`). Where it asks for the very
page that the browser shows, as a form does once it is saved, that page is shown afresh. Any other
page that it is led to is opened as a page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urlsplit

from flask import Response, redirect, request

from web.destinations import inside

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response as AnyResponse

BODY = "page-body"
"""The id of the element with the body of a page."""

_AFRESH = {"HX-Retarget": f"#{BODY}", "HX-Reswap": "innerHTML show:none settle:0ms"}


def asked_in_place() -> bool:
    """Whether htmx asks."""
    return request.headers.get("HX-Request") == "true"


def in_sight() -> str:
    """The address, on this site, of the page that the browser shows while htmx asks."""
    shown = _of_the_page()
    if shown is None:
        return "/"
    return inside(f"{shown.path}?{shown.query}" if shown.query else shown.path)


def is_in_sight(address: str) -> bool:
    """Whether the browser shows this page of ours while htmx asks."""
    shown = _of_the_page()
    return shown is not None and unquote(shown.path) == unquote(urlsplit(address).path)


def asked_afresh() -> bool:
    """Whether htmx asks for the very page that the browser shows."""
    return asked_in_place() and is_in_sight(request.path)


def headers_in_place() -> Mapping[str, str]:
    """What tells htmx where a page goes, if not to where it was asked from."""
    return _AFRESH if asked_afresh() else {}


def lead_to(address: str) -> AnyResponse:
    """Leads to a page of ours: in place if it is the one that the browser shows."""
    if asked_in_place() and not is_in_sight(address):
        return open_page(address)
    return redirect(address, 303)


def open_page(address: str) -> AnyResponse:
    """Makes the browser open the page, for htmx would put it into the one that it shows."""
    if asked_in_place():
        return Response(status=204, headers={"HX-Redirect": address})
    return redirect(address, 303)


def _of_the_page() -> SplitResult | None:
    try:
        shown = urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:
        return None
    return shown if asked_in_place() and shown.netloc == request.host else None
