"""Every page of a Dutch reader is Dutch: no text of the catalogues is left in English."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from crm_core.firms import choose_language
from tests.contract.expected import DOORS, FILLED, FIRM_ROUTES, PORTAL_ROUTES
from tests.contract.test_forms import posting
from tests.contract.test_texts import VISIBLE
from tests.contract.test_two_firms import DOWNLOADS
from web.extraction import catalogue_of, own_packages

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.contract.world import World

LEAST_PAGES, LEAST_REFUSALS = 33, 37

PICTURES = {
    *("shell.photo", "shell.logo", "shell.portal_photo", "shell.portal_logo"),
    *("documents.page", "documents.portal_page"),
}
"""Routes that answer with a picture, which says nothing in any language."""

PIECES = {"documents.preview", "documents.portal_preview"}
"""Routes that answer with a piece of a page, whose texts stand on the page, too."""

OF_MAILS = {"shell.settings_mails_html"}
"""Routes that show a mail, which is in the language of its receiver."""

PAGES = [
    e
    for e in (*FIRM_ROUTES, *PORTAL_ROUTES)
    if e not in PICTURES | PIECES | OF_MAILS | {*DOWNLOADS}
]


class English:
    """The texts that a Dutch page may not show."""

    def __init__(self) -> None:
        self.texts: set[str] = set()
        patterns = []
        for package in own_packages():
            for message in catalogue_of(package, "nl"):
                for text in _texts(message.id):
                    if "{" in text:
                        patterns.append(re.sub(r"\\\{\w+\\\}", ".+", re.escape(text)))
                    elif text and text not in _texts(message.string):
                        self.texts.add(text)
        self.patterns = re.compile("|".join(p for p in patterns if re.search(r"[a-z]{3}", p)))

    def in_page(self, html: str) -> set[str]:
        """The English texts in a page: alone, or as sentences within others."""
        reader = _Reader()
        reader.feed(html)
        reader.close()
        shown = {" ".join(text.split()) for text in reader.found} - {""}
        sentences = {text for text in self.texts if text.count(" ") > 2}
        return {
            text
            for text in shown
            if text in self.texts
            or self.patterns.fullmatch(text)
            or any(sentence in text for sentence in sentences)
        }


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.language = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.found += [given[name] for name in VISIBLE if name in given]
        if tag == "html":
            self.language = given["lang"]

    def handle_data(self, data: str) -> None:
        self.found.append(data)


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """Words are no business of the database."""
    return str(request.param)


@pytest.fixture(scope="module")
def english() -> English:
    return English()


def test_every_page_is_dutch_for_whoever_reads_dutch(world: World, english: English) -> None:
    for who in ("owner", "client"):
        choose_language(world.deployment.store, world.people[who], "nl")
    client, met = world.client("owner"), 0
    for endpoint in PAGES:
        answer = world.asker(endpoint).get(world.fresh(endpoint))
        if answer.status_code != 405:
            assert_dutch(endpoint, answer, english)
            met += 1
    for endpoint, path in doors(world).items():
        signed_in = DOORS[endpoint] != "public"
        reader = client if signed_in else world.client("signed out")
        answer = reader.get(path, headers={} if signed_in else {"Accept-Language": "nl-NL, en"})
        if answer.status_code not in (302, 303):
            assert_dutch(endpoint, answer, english)
            met += 1
    print(f"{met} pages in Dutch")
    assert met >= LEAST_PAGES


def test_every_refusal_is_dutch_for_whoever_reads_dutch(world: World, english: English) -> None:
    for who in ("owner", "client"):
        choose_language(world.deployment.store, world.people[who], "nl")
    met = 0
    for endpoint in posting(world):
        empty = {"_once": world.key(), "version": "0"}
        for data in ({}, empty, {**FILLED.get(endpoint, {}), **empty, "name": "x" * 300}):
            answer = world.asker(endpoint).post(world.fresh(endpoint), data=data)
            if answer.status_code != 303:
                assert_dutch(endpoint, answer, english)
                met += 1
    print(f"{met} refusals in Dutch")
    assert met >= LEAST_REFUSALS


def test_an_english_page_would_be_found(world: World, english: English) -> None:
    """What the tests above look with sees every page of an English reader."""
    unseen = []
    for endpoint in PAGES:
        answer = world.asker(endpoint).get(world.fresh(endpoint))
        if answer.content_type.startswith("text/html") and answer.status_code != 405:
            assert 'lang="en"' in answer.text
            # The menu alone holds three of them.
            if len(english.in_page(answer.text)) < 6:
                unseen.append(endpoint)
    assert unseen == []


def assert_dutch(endpoint: str, answer: TestResponse, english: English) -> None:
    assert answer.content_type.startswith("text/html"), endpoint
    assert '<html lang="nl"' in answer.text, endpoint
    assert english.in_page(answer.text) == set(), (endpoint, answer.status_code)


def doors(world: World) -> dict[str, str]:
    """A path for each page that belongs to no firm and has one without a token that works."""
    found = {}
    for rule in world.app.url_map.iter_rules():
        if rule.endpoint in DOORS and "GET" in (rule.methods or ()) and rule.endpoint != "health":
            values = dict.fromkeys(rule.arguments, "here")
            with world.app.test_request_context():
                found[rule.endpoint] = world.app.url_for(rule.endpoint, **values)
    return found


def _texts(said: str | tuple[str, ...]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)
