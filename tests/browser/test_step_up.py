"""A form that was filled in for too long is sent on once the password was typed again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from web.signin.rows import SessionRow
from web.signin.sessions import STEPPED_UP

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page


def test_what_was_typed_waits_for_the_proof_in_a_browser_too(
    office: Any, visit: Callable[..., Page], look: Callable[..., None]
) -> None:
    firm, address = office.open_firm("stepping")
    page = visit(address)
    page.goto(f"/f/{firm.slug}/settings/team/invite")
    page.get_by_label("Name").fill("Iris Ö & Co")
    page.get_by_label("E-mail address").fill("iris@people.example")
    page.get_by_role("radio").first.check()
    with office.store.deployment_transaction(write=True):
        long_ago = datetime.now(UTC) - STEPPED_UP
        SessionRow.change(office.store, stepped_up=long_ago).execute()
    page.get_by_role("main").get_by_role("button").first.click()
    assert "kept on this page" in page.get_by_role("alert").inner_text()
    look(page, name="what was sent waits")
    page.get_by_label("Password").fill("wrong horse battery")
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("This is not your password").first.wait_for()
    page.get_by_label("Password").fill(office.password)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/settings/team")
    assert page.get_by_text("Iris Ö & Co").first.is_visible()
