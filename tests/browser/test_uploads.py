"""Many files are dropped, seen to arrive, and go on after the connection broke (DOC-7)."""

from __future__ import annotations

import itertools
import os
import re
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve, frozen

from crm_core.files import bytes_of, file_of
from crm_core.links import link_contact
from crm_core.testing.builders import a_client, a_contact, an_account, as_owner
from plugins.documents import store as documents
from plugins.documents import tree
from plugins.documents.values import Access
from tests.plugins.clamd.daemon import EICAR, NAME, Daemon, switch_on
from tests.plugins.documents.making import PDF, top

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page, Route

    from crm_core.accounts import Account
    from crm_core.firms import Firm

PATIENCE = 30_000
"""Milliseconds in which the page tries by itself, and then says that it failed."""

PART = 8 * 2**20
LARGE = PDF + os.urandom(2 * PART + 1000)
_numbers = itertools.count(1)


@frozen
class Desk:
    """A client of a firm, the people on both sides, and where files go."""

    office: Any
    firm: Firm
    account: Account
    owner: str
    client: str
    folder: str

    @property
    def here(self) -> str:
        """The folder in the profile."""
        account = self.account.public_id
        return f"/f/{self.firm.slug}/accounts/{account}/documents/folders/{self.folder}"

    @property
    def in_portal(self) -> str:
        """The same folder where clients see it."""
        return f"/p/{self.firm.slug}/{self.account.public_id}/documents/folders/{self.folder}"

    def kept(self) -> dict[str, bytes]:
        """What lies there: folders and name, and the bytes."""
        with as_owner(self.office.store, self.office.catalog, self.firm, write=False) as ctx:
            known = tree.tree_of(ctx, self.account.id)
            return {
                "/".join(
                    (*(str(f.name) for f in known.path(known.with_id(one.folder_id))[1:]), one.name)
                ): b"".join(bytes_of(ctx.store, file_of(ctx, one.file_id)))
                for one in documents.latest_documents(ctx, self.account.id, 50)
            }


@pytest.fixture
def desk(office: Any) -> Desk:
    firm, owner = office.open_firm(f"uploads-{next(_numbers)}")
    person_id, client = office.add_person(f"anna-{firm.slug}")
    with as_owner(office.store, office.catalog, firm) as ctx:
        account = an_account(ctx, "Bakery")
        link_contact(ctx, account, a_contact(ctx, "Anna", client))
        a_client(ctx, account, person_id)
        folder = top(ctx, account, Access.EDITS)
    return Desk(office, firm, account, owner, client, folder)


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """A folder on somebody's computer."""
    (tmp_path / "2026" / "Bank").mkdir(parents=True)
    (tmp_path / "2026" / "Bank" / "statement.pdf").write_bytes(PDF)
    (tmp_path / "2026" / "empty.txt").write_bytes(b"")
    (tmp_path / "large.pdf").write_bytes(LARGE)
    (tmp_path / "letter.txt").write_text("Dear accountant")
    return tmp_path


def drop(page: Page, *paths: Path) -> None:
    """Drags these over the page and lets them go, as from the desktop."""
    session = page.context.new_cdp_session(page)
    files = [str(path) for path in paths]
    for kind in ("dragEnter", "dragOver", "drop"):
        told = {"items": [], "files": files, "dragOperationsMask": 1}
        event = {"type": kind, "x": 300, "y": 300, "data": told}
        session.send("Input.dispatchDragEvent", event)


def offsets(page: Page) -> list[int]:
    """Where the parts begin that the page sends from now on."""
    found: list[int] = []

    def note(request: Any) -> None:
        if request.method == "PATCH":
            found.append(int(request.headers["upload-offset"]))

    page.on("request", note)
    return found


def breaking(route: Route) -> None:
    """A connection that breaks in the second part of a file."""
    request = route.request
    if request.method == "PATCH" and request.headers["upload-offset"] == str(PART):
        route.abort("connectionreset")
    else:
        route.continue_()


def test_files_and_folders_are_dropped_and_one_goes_on_after_the_connection_broke(
    desk: Desk, papers: Path, visit: Callable[..., Page], look: Callable[..., None]
) -> None:
    page = visit(desk.owner)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(desk.here)
    page.get_by_text("Drop files or folders anywhere on this page.").wait_for()
    look(page, name="a folder to drop files on")
    page.route("**/uploads/**", breaking)
    sent = offsets(page)
    drop(page, papers / "letter.txt", papers / "2026", papers / "large.pdf")

    lines = page.get_by_role("list", name="Files that are sent").get_by_role("listitem")
    large = lines.filter(has_text="large.pdf")
    large.get_by_text("Did not arrive").wait_for(timeout=PATIENCE)
    assert "The connection was lost. What arrived is kept." in large.inner_text()
    assert large.get_by_role("progressbar", name="large.pdf").evaluate("p => p.value") > 0.4
    assert lines.count() == 4
    for name in ("letter.txt", "2026/empty.txt", "2026/Bank/statement.pdf"):
        line = lines.filter(has_text=name)
        line.get_by_text("Is here", exact=True).wait_for()
        assert line.get_by_role("progressbar").evaluate("p => p.value") == 1
    told = page.get_by_role("status").filter(has_text="of 4 files")
    assert told.inner_text().startswith("3 of 4 files are here, ")
    assert "Some files did not arrive." in told.inner_text()
    look(page, name="files, one of which did not arrive")
    assert desk.kept() == {}

    page.unroute("**/uploads/**")
    del sent[:]
    again = large.get_by_role("button", name=re.compile("Try again.*large"))
    again.focus()
    page.keyboard.press("Enter")
    page.get_by_text("4 documents are uploaded.").wait_for()
    assert sent == [PART, 2 * PART]
    assert desk.kept() == {
        "letter.txt": b"Dear accountant",
        "2026/empty.txt": b"",
        "2026/Bank/statement.pdf": PDF,
        "large.pdf": LARGE,
    }
    assert page.get_by_role("link", name="2026").is_visible()


def test_a_client_goes_on_with_a_large_file_after_the_page_was_left(
    desk: Desk, papers: Path, visit: Callable[..., Page], look: Callable[..., None]
) -> None:
    page = visit(desk.client, width=360)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{desk.in_portal}/upload")
    page.route("**/uploads/**", breaking)
    field = page.locator("input[type=file]")
    field.set_input_files([papers / "large.pdf", papers / "letter.txt"])
    large = page.get_by_role("listitem").filter(has_text="large.pdf")
    large.get_by_text("it goes on by itself").wait_for()
    page.reload()
    page.unroute("**/uploads/**")

    page.route("**/uploads/**", once_broken(times := []))
    sent = offsets(page)
    field.set_input_files([papers / "large.pdf", papers / "letter.txt"])
    page.get_by_text("2 of 2 files are here").wait_for()
    assert len(times) == 1
    assert sent.count(PART) == 1
    assert sorted(set(sent)) == [PART, 2 * PART]
    look(page, name="files that are here, before the form is sent")
    page.get_by_role("button", name=re.compile("Cancel.*letter")).press("Enter")
    page.get_by_text("1 of 1 files are here").wait_for()
    page.get_by_role("button", name="Upload", exact=True).press("Enter")
    page.get_by_text("1 document is uploaded.").wait_for()
    assert desk.kept() == {"large.pdf": LARGE}


def test_more_files_than_a_form_may_have_are_sent_in_groups(
    desk: Desk, tmp_path: Path, visit: Callable[..., Page]
) -> None:
    many = [tmp_path / f"{number:03}.txt" for number in range(103)]
    for path in many:
        path.write_text(path.name)
    page = visit(desk.owner)
    page.goto(desk.here)
    page.locator("input[type=file]").set_input_files(many)
    page.get_by_role("link", name="000.txt", exact=True).wait_for(timeout=PATIENCE)
    with as_owner(desk.office.store, desk.office.catalog, desk.firm, write=False) as ctx:
        found = documents.latest_documents(ctx, desk.account.id, 200)
    assert sorted(one.name for one in found) == [path.name for path in many]


def test_whoever_sends_a_file_sees_that_it_is_checked_and_what_was_found(
    desk: Desk, tmp_path: Path, visit: Callable[..., Page], look: Callable[..., None]
) -> None:
    (tmp_path / "letter.txt").write_text("Dear accountant")
    (tmp_path / "scan.pdf").write_bytes(PDF + EICAR)
    catalog = desk.office.catalog
    catalog.editions = {
        **catalog.editions,
        "scanned": evolve(catalog.editions["pro"], name="scanned"),
    }
    with Daemon(hangs=True) as daemon:
        switch_on(catalog, "scanned", address=daemon.address, seconds=2)
        desk.office.give_edition(desk.firm, "scanned")
        page = visit(desk.client, width=360)
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"{desk.in_portal}/upload")
        page.locator("input[type=file]").set_input_files(tmp_path / "scan.pdf")
        line = page.get_by_role("listitem").filter(has_text="scan.pdf")
        line.get_by_text("All of it arrived; it is being checked").wait_for()
        line.get_by_text("Is tried again by itself:").wait_for()
        look(page, name="a file that cannot be checked")
        daemon.hangs = False
        line.get_by_text("Did not arrive").wait_for(timeout=PATIENCE)
        assert f"scan.pdf is not taken: {NAME} was found in it." in line.inner_text()
        look(page, name="a file in which something was found")
        page.get_by_role("button", name=re.compile("Cancel.*scan")).press("Enter")
        page.locator("input[type=file]").set_input_files(tmp_path / "letter.txt")
        page.get_by_text("1 of 1 files are here").wait_for()
        page.get_by_role("button", name="Upload", exact=True).press("Enter")
        page.get_by_text("1 document is uploaded.").wait_for()
    assert desk.kept() == {"letter.txt": b"Dear accountant"}


def once_broken(times: list[int]) -> Callable[[Route], None]:
    """A connection that breaks once, in the third part of a file."""

    def handle(route: Route) -> None:
        if route.request.headers.get("upload-offset") == str(2 * PART) and not times:
            times.append(1)
            route.abort("connectionreset")
        else:
            route.continue_()

    return handle
