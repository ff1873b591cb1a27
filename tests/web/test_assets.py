"""Static files: kept for good by browsers, under an address that changes with their content."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from tests.web.browsing import elements
from web.assets import STATIC, asset_url

if TYPE_CHECKING:
    from flask import Flask

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def test_the_address_carries_a_digest_of_the_content(app: Flask) -> None:
    digest = hashlib.sha256((STATIC / "crm.css").read_bytes()).hexdigest()
    with app.app_context():
        assert asset_url("crm.css") == f"/static/crm.css?v={digest[:12]}"


def test_every_file_that_a_page_asks_for_is_served_and_may_be_kept(app: Flask) -> None:
    browser = app.test_client()
    links = elements(browser.get("/sign-in").text, "link")
    assert len(links) == 3
    for link in links:
        answer = browser.get(link.get("href"), buffered=True)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "max-age=31536000, public"
        assert answer.headers["ETag"]
        again = browser.get(link.get("href"), headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304


@pytest.mark.parametrize(
    "name", ["nothing.css", "../app.py", "%2e%2e/app.py", "..%2fapp.py", "crm.css/", "built/", ""]
)
def test_nothing_else_is_served(app: Flask, name: str) -> None:
    assert app.test_client().get(f"/static/{name}").status_code == 404


def test_no_style_asks_another_host(app: Flask) -> None:
    for path in STATIC.rglob("*.css"):
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "url(http" not in text
        assert "@import" not in text
