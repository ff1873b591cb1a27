"""The example package as a stranger's: installed by pip, used over HTTP, switched off, removed."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from attrs import define, evolve

from tests.conftest import LONG_ON_POSTGRES, PASSWORD
from tests.web.browsing import elements, form_of
from tests.web.commands import CRM, Crm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from web.settings import Settings

ROOT = Path(__file__).parents[2]
BUILD_TOOLS = ROOT / ".venv" / "build"
OWNER = ("--owner", "Olga Owner", "--address", "olga@firm.example")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which pip installed the package, from its source and without a network."""
    if not BUILD_TOOLS.is_dir():
        pytest.skip("the build tools are not set up: run make install")
    source = tmp_path_factory.mktemp("source") / "crm-risk"
    shutil.copytree(ROOT / "examples" / "crm-risk", source)
    target = tmp_path_factory.mktemp("site")
    command = ["-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run(
        [sys.executable, *command, "--no-build-isolation", "--target", target, source],
        env={**os.environ, "PYTHONPATH": str(BUILD_TOOLS), "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        check=True,
        timeout=300,
    )
    assert (target / "risk" / "plugin.py").is_file()
    assert not (target / "crm_core").exists()
    return target


@pytest.fixture
def editions(tmp_path: Path) -> Path:
    """A vendor's edition with the plugin."""
    path = tmp_path / "editions.toml"
    path.write_text('[careful]\ntitle = "Careful"\nplugins = ["notes", "risk"]\n', "utf-8")
    return path


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_arguments: object, **_more: object) -> None:
        """A redirect is an answer like any other."""


@define
class Browser:
    """What goes over the wire to a server: its pages, its cookie, its forms."""

    address: str
    cookie: str = ""

    def ask(self, path: str, **fields: str) -> tuple[int, str, str]:
        """Status, page and where it leads, of a GET or with fields of a POST."""
        data = urlencode(fields).encode() if fields else None
        request = Request(self.address + path, data, {"Cookie": self.cookie})
        try:
            answer = build_opener(_Stay).open(request, timeout=30)
        except HTTPError as error:
            answer = error  # type: ignore[assignment]
        with answer:
            for text in answer.headers.get_all("Set-Cookie") or ():
                if text.startswith("__Host-crm="):
                    self.cookie = text.partition(";")[0]
            return answer.status, answer.read().decode(), answer.headers.get("Location", "")

    def send(self, page: str, action: str = "", **fields: str) -> tuple[int, str, str]:
        """Fills in the form of a page, or of one of its buttons, and sends it."""
        filled = form_of(self.ask(page)[1], action)
        target = page
        if action:
            forms = elements(self.ask(page)[1], "form")
            target = next(e.get("action") for e in forms if e.get("action").endswith(action))
        return self.ask(target, **{**filled, **fields})


@contextmanager
def serving(crm: Crm, **environment: str) -> Iterator[Browser]:
    """The server in a process of its own, on loopback, and a browser in which Olga is signed in."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = subprocess.Popen(
        [CRM, "serve", "--port", str(port)],
        env=crm.environment(**environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    assert "Open" in running.stdout.readline(), running.communicate()
    browser = Browser(f"http://127.0.0.1:{port}")
    try:
        browser.send("/sign-in", "/sign-in", email="olga@firm.example", password=PASSWORD)
        yield browser
    finally:
        running.kill()
        running.communicate()


def switched(browser: Browser) -> None:
    """Switches the module to the other state, as an admin does."""
    status, page, _to = browser.send("/f/acme/settings/modules/risk", sure="1")
    assert status == 303, page


@LONG_ON_POSTGRES
def test_a_strangers_plugin_is_installed_used_switched_off_and_removed(
    settings: Settings, editions: Path, site: Path, tmp_path: Path
) -> None:
    crm = Crm(evolve(settings))
    with_it = {"PYTHONPATH": str(site), "CRM_EDITIONS": str(editions)}
    checked = crm("plugin", "check", "risk", **with_it)
    assert (checked.code, "finding" in checked.out.splitlines()[0]) == (0, False), checked.out
    assert checked.out.splitlines()[-1].endswith(" 0 findings")
    assert "risk: 0001_risk" in crm("migrate", **with_it).out
    made = crm(
        "firm", "create", "Acme", *OWNER, "--edition", "careful", CRM_PASSWORD=PASSWORD, **with_it
    )
    assert made.code == 0, made.error
    contacts = tmp_path / "contacts.csv"
    contacts.write_text("First name,Last name,Email\nAnna,Bos,anna@x.example\n")
    assert crm("import", str(contacts), "--firm", "acme", **with_it).code == 0
    listed = crm("plugins", **with_it).out
    assert "risk 1.0: Risk." in listed
    assert "editions     careful" in listed
    with serving(crm, **with_it) as browser:
        html = browser.ask("/f/acme/clients")[1]
        profile = re.findall(r"/f/acme/accounts/\w{32}", html)[0]
        assert "The risk of this client is not rated yet." in browser.ask(profile)[1]
        status, _page, to = browser.send(f"{profile}/risk", level="high", reason="Cash business")
        assert (status, to) == (303, profile)
        overview = browser.ask(profile)[1]
        assert "Cash business" in overview
        assert "High" in overview
        assert "High" in browser.ask("/f/acme/clients?column=risk.level")[1]
        assert "Cash</mark> business" in browser.ask("/f/acme/search?q=Cash")[1]
        assert browser.send(f"{profile}/info", "risk.asked/on")[0] == 303
        assert "risk.asked/off" in browser.ask(f"{profile}/info")[1]
        assert "Risk of the client rated" in browser.ask("/f/acme/settings/history")[1]
        browser.send("/me/language", language="nl")
        assert "Hoog" in browser.ask(profile)[1]
        browser.send("/me/language", language="en")
        answered = browser.send(f"{profile}/info/archive", sure="1")
        assert "The risk of this client is high." in answered[1]
        assert browser.ask(profile)[0] == 200
        switched(browser)
        assert browser.ask(f"{profile}/risk")[0] == 404
        assert "Cash business" not in browser.ask(profile)[1]
        switched(browser)
        assert "Cash business" in browser.ask(profile)[1]
    with serving(crm, CRM_EDITIONS=str(editions)) as browser:
        assert browser.ask(f"{profile}/risk")[0] == 404
        status, page, _to = browser.ask(profile)
        assert status == 200
        assert "Cash business" not in page
    gone = crm("doctor", CRM_EDITIONS=str(editions)).out
    assert (
        "ok    data of risk, which is not installed any more: risk_asked: 1 rows, "
        "risk_rating: 1 rows"
    ) in gone
    assert "edition careful: notes, risk (not there: risk)" in gone
    assert "not installed any more" not in crm("doctor", **with_it).out


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_its_own_tests_run_with_the_kit_that_pytest_finds(
    settings: Settings, site: Path, tmp_path: Path
) -> None:
    tests = ROOT / "examples" / "crm-risk" / "tests" / "test_risk.py"
    shutil.copy(tests, tmp_path)
    done = subprocess.run(
        [
            sys.executable,
            *("-m", "pytest", "-o", "crm_plugin=risk", "-p", "no:cacheprovider"),
            *("--rootdir", tmp_path, tmp_path / "test_risk.py"),
        ],
        env={**os.environ, "PYTHONPATH": str(site)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert "7 passed" in done.stdout, done.stdout + done.stderr
