"""Reading pages and sending their forms as a browser does: with all that the form holds."""

from __future__ import annotations

from contextlib import contextmanager, redirect_stderr
from functools import lru_cache
from html.parser import HTMLParser
from io import StringIO
from typing import TYPE_CHECKING

import structlog
from attrs import define, field

from tests.conftest import PASSWORD
from web.app import set_up_logging

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

_WITHOUT_END = {"meta", "link", "input", "br", "hr", "img"}


@define(eq=False)
class Element:
    """An element of a page: its tag, its attributes, and all text inside it."""

    tag: str
    attributes: dict[str, str]
    raw: str = ""
    parent: Element | None = field(default=None, repr=False)

    @property
    def text(self) -> str:
        """The words inside it, on one line."""
        return " ".join(self.raw.split())

    def get(self, name: str) -> str:
        """An attribute, or "" where it is missing."""
        return self.attributes.get(name, "")

    def inside(self, other: Element) -> bool:
        """Whether this element stands within the other."""
        return self.parent is other or (self.parent is not None and self.parent.inside(other))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Element] = []
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parent = self.open[-1] if self.open else None
        element = Element(tag, {name: value or "" for name, value in attrs}, parent=parent)
        self.found.append(element)
        if tag not in _WITHOUT_END:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.raw += data


def elements(html: str, tag: str = "", **attributes: str) -> list[Element]:
    """The elements with this tag and these attributes; `class_` asks for one of the classes."""
    wanted_class = attributes.pop("class_", "")
    return [
        element
        for element in _parsed(html)
        if (not tag or element.tag == tag)
        and (not wanted_class or wanted_class in element.get("class").split())
        and all(element.get(name.replace("_", "-")) == text for name, text in attributes.items())
    ]


@lru_cache(maxsize=4)
def _parsed(html: str) -> Sequence[Element]:
    """All elements of the page; whoever reads a page usually asks it more than once."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found


def element(html: str, tag: str = "", **attributes: str) -> Element:
    """The one element with this tag and these attributes."""
    found = elements(html, tag, **attributes)
    assert len(found) == 1, f"{len(found)} x {tag} {attributes} in {html}"
    return found[0]


def form_of(html: str, action: str = "") -> dict[str, str]:
    """What the page's form for `action` (by its end; "" = the page's own) would send as it is."""
    every = elements(html)
    (form,) = [
        e
        for e in every
        if e.tag == "form" and (e.get("action").endswith(action) if action else not e.get("action"))
    ]
    sent = {}
    for e in every:
        if not e.inside(form) or not (e.get("name") or e.tag == "option"):
            continue
        if e.tag == "textarea":
            sent[e.get("name")] = e.raw.removeprefix("\n")
        elif e.tag == "input" and (
            e.get("type") not in ("radio", "checkbox") or "checked" in e.attributes
        ):
            sent[e.get("name")] = e.get("value")
        elif e.tag == "option" and "selected" in e.attributes:
            assert e.parent is not None
            sent[e.parent.get("name")] = e.get("value")
    return sent


def send(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Opens the page, fills in these fields of its form, and sends it."""
    page = client.get(path)
    assert page.status_code == 200, page.text
    return client.post(path, data={**form_of(page.text), **fields})


def press(client: FlaskClient, page: str, action: str) -> TestResponse:
    """Opens the page and presses the button whose form leads to an address with this end."""
    html = client.get(page).text
    target = next(
        e.get("action") for e in elements(html, "form") if e.get("action").endswith(action)
    )
    return client.post(target, data=form_of(html, action))


def sign_in(
    client: FlaskClient, address: str, password: str = PASSWORD, **more: str
) -> TestResponse:
    """Fills in the sign-in page and sends it; `more` are further fields of its form."""
    secrets = form_of(client.get("/sign-in").text, "/sign-in")
    return client.post("/sign-in", data={**secrets, "email": address, "password": password, **more})


def copy_of(app: Flask, client: FlaskClient) -> FlaskClient:
    """Another browser with the same cookie: what a thief, or a forgotten tab, has."""
    cookie = client.get_cookie("__Host-crm")
    assert cookie is not None
    thief = app.test_client()
    thief.set_cookie("__Host-crm", cookie.value, secure=True, path="/")
    return thief


def is_signed_in(client: FlaskClient) -> bool:
    """Whether the start page knows who this is."""
    return client.get("/").headers.get("Location", "") != "/sign-in"


@contextmanager
def the_log() -> Iterator[StringIO]:
    """What the software writes on standard error meanwhile."""
    with redirect_stderr(StringIO()) as written:
        set_up_logging()
        try:
            yield written
        finally:
            structlog.reset_defaults()
