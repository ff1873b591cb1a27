"""A real server, a real Chromium, and the eyes of the tests: what they see must be sound.

Whoever visits fails the test on any error in the console, any script that breaks, any file that is
missing, and any request that leaves this machine.
"""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from attrs import Factory, define, frozen

from crm_core.modules import change_edition
from crm_core.testing.builders import a_firm, as_owner
from tests.browser.seeing import THEMES, too_wide, violations
from web.app import create_app
from web.bootstrap import assemble, ready
from web.settings import Settings
from web.signin.people import add_person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask
    from playwright.sync_api import Browser, BrowserContext, Page, Response

    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store
    from web.bootstrap import Deployment

PASSWORD = "correct horse battery"
SWITCHES = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
)
PATIENCE = 10_000
"""Milliseconds that a step in the browser may take."""

UPLOAD_REFUSED = {(422, "PATCH"), (503, "PATCH"), (404, "DELETE")}
"""Answers about parts of files that a page shows in words; what was refused is then cancelled."""

AXE_WIDTHS = (360, 1280)
WIDTHS = (320, 360, 768, 1280)
HEIGHT = 800


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser."""
    for item in items:
        if item.path.is_relative_to(os.path.dirname(__file__)):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this test process."""
    path = shutil.which("chromium")
    if path is None:
        reason = "there is no chromium on the PATH"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}, and in CI the browser tests have to run")
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(SWITCHES))
        yield browser
        browser.close()


@frozen(kw_only=True)
class Office:
    """A deployment that is served at `url`; whoever can sign in does so with `password`."""

    url: str
    app: Flask
    deployment: Deployment
    password: str = PASSWORD

    @property
    def store(self) -> Store:
        return self.deployment.store

    @property
    def catalog(self) -> Catalog:
        return self.deployment.catalog

    def open_firm(self, slug: str) -> tuple[Firm, str]:
        """A new firm, and the address with which its owner signs in."""
        person_id, address = self.add_person(slug)
        return a_firm(self.store, slug, person_id), address

    def give_edition(self, firm: Firm, edition: str) -> None:
        """Gives the firm another edition, as its vendor does."""
        with as_owner(self.store, self.catalog, firm) as ctx:
            change_edition(ctx, edition)

    def add_person(self, name: str) -> tuple[int, str]:
        """A person without a firm, and the address to sign in with."""
        address = f"{name}@people.example"
        return add_person(self.store, address, PASSWORD), address


@pytest.fixture(scope="session")
def office(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The server of this test process, on SQLite; each test opens firms of its own in it."""
    folder = tmp_path_factory.mktemp("office")
    shutil.copy(sqlite_template, folder)
    deployment = ready(assemble(Settings.from_environment({"CRM_DATA": str(folder)})))
    with served(deployment) as made:
        yield made
    deployment.store.close()


@contextmanager
def served(deployment: Deployment) -> Iterator[Office]:
    """Serves the real application on a free port, in threads, until the block ends."""
    from waitress import create_server, wasyncore

    app = create_app(deployment)
    sockets: dict[int, Any] = {}
    server = create_server(app, host="127.0.0.1", port=0, threads=4, ident=None, map=sockets)
    stopping = threading.Event()

    def run() -> None:
        while not stopping.is_set():
            wasyncore.loop(timeout=1, map=sockets, count=1)

    thread = threading.Thread(target=run, name="server")
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.effective_port}"
        app.config["CRM_BASE_URL"] = url
        yield Office(url=url, app=app, deployment=deployment)
    finally:
        stopping.set()
        server.pull_trigger()
        thread.join()
        server.task_dispatcher.shutdown()
        wasyncore.close_all(sockets)


@pytest.fixture
def serve() -> Callable[[Deployment], Any]:
    """`served`, for tests that bring a deployment of their own."""
    return served


@define
class Watch:
    """What was wrong while somebody looked around, as lines."""

    complaints: list[str] = Factory(list)

    def over(self, context: BrowserContext) -> None:
        """Watches every page of this browser context."""
        context.on("console", lambda message: self._console(message.type, message.text))
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        context.on("request", lambda request: self._request(request.url))
        context.on("response", lambda response: self._response(response.status, response))

    def _console(self, kind: str, text: str) -> None:
        # The browser says this of a page that is refused too; responses are looked at below.
        if kind in ("error", "warning") and not text.startswith("Failed to load resource"):
            self.complaints.append(f"console: {text}")

    def _request(self, url: str) -> None:
        if urlsplit(url).hostname not in ("127.0.0.1", "localhost"):
            self.complaints.append(f"left this machine: {url}")

    def _response(self, status: int, response: Response) -> None:
        method, path = response.request.method, urlsplit(response.url).path
        refused = status in (409, 422) and method == "POST"
        refused |= path.startswith("/uploads/") and (status, method) in UPLOAD_REFUSED
        if status >= 400 and not refused and not response.request.is_navigation_request():
            self.complaints.append(f"missing: {status} {response.url}")


@pytest.fixture(scope="session")
def sign_ins() -> dict[tuple[str, str], Any]:
    """The cookies of people who have signed in already, by server and address."""
    return {}


@pytest.fixture
def visit(
    chromium: Browser, office: Office, sign_ins: dict[tuple[str, str], Any]
) -> Iterator[Callable[..., Page]]:
    """Opens a browser window: `visit(address, width=..., theme=...)`, signed in if asked.

    The first visit with an address goes through the sign-in page; the next ones keep its cookies.
    """
    watch = Watch()
    contexts: list[BrowserContext] = []

    def opened(address: str = "", *, width: int = 1280, theme: str = "light", at: str = "") -> Page:
        url = at or office.url
        context = chromium.new_context(
            base_url=url,
            viewport={"width": width, "height": HEIGHT},
            color_scheme=theme,
            reduced_motion="reduce",
            storage_state=sign_ins.get((url, address)),
        )
        context.set_default_timeout(PATIENCE)
        watch.over(context)
        contexts.append(context)
        page = context.new_page()
        if address and (url, address) not in sign_ins:
            sign_in(page, address)
            sign_ins[url, address] = context.storage_state()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not watch.complaints, "\n".join(watch.complaints)


def sign_in(page: Page, address: str, password: str = PASSWORD) -> None:
    """Signs in as people do."""
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: not url.endswith("/sign-in"))


@pytest.fixture(scope="session")
def look() -> Callable[..., None]:
    """Looks at the page in both themes and at every width; fails on whatever is not sound."""

    def looked(page: Page, *, widths: tuple[int, ...] = AXE_WIDTHS, name: str = "") -> None:
        found: list[str] = []
        before = page.viewport_size
        for width in sorted({*WIDTHS, *widths}):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            found += [f"{width} px: {line}" for line in too_wide(page)]
            for theme in THEMES if width in widths else ():
                page.emulate_media(color_scheme=theme)
                found += [f"{width} px, {theme}: {line}" for line in violations(page)]
        page.set_viewport_size(before)
        assert not found, f"{name or page.url}\n" + "\n".join(found)

    return looked
