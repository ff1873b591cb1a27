"""A colleague from the invitation to the last page: joining, rights, access, leaving."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crm_core.testing.builders import an_account, as_owner

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

SEEING, MAKING = "View all accounts", "Manage accounts"


def test_an_employee_is_invited_given_rights_asks_for_access_and_is_deactivated(
    office: Any, visit: Callable[..., Page]
) -> None:
    """PER-1, PER-2."""
    firm, address = office.open_firm("team")
    with as_owner(office.store, office.catalog, firm) as ctx:
        bakery = an_account(ctx, "Bakery")
        an_account(ctx, "Butcher")
    root = f"/f/{firm.slug}"
    owner, emil = visit(address), visit()

    emil.goto(_invited(owner, root, "Emil", "emil@people.example"))
    emil.get_by_label("Password").fill("four words of mine")
    emil.get_by_role("button", name="Join").click()
    emil.wait_for_url(f"**{root}/home")
    _sees_exactly_what_is_allowed(owner, emil, root)

    # Somebody sends a link to a client: the page offers to ask, and the owner grants it.
    client = f"{root}/accounts/{bakery.public_id}"
    assert emil.goto(client).status == 404
    emil.get_by_role("button", name="Request access").click()
    assert "Your request is sent" in emil.get_by_role("status").inner_text()
    owner.goto(f"{root}/settings/requests")
    owner.get_by_role("button", name="Grant").click()
    assert "Emil may see Bakery now" in owner.get_by_role("status").inner_text()
    assert emil.goto(client).status == 200
    assert emil.get_by_role("heading", level=1).inner_text() == "Bakery"
    emil.goto(f"{root}/clients")
    assert emil.get_by_role("row").count() == 2

    # In the middle of their work they are out, and signing in again does not help.
    emil.goto(f"{client}/notes/new")
    emil.get_by_label("Note", exact=False).first.fill("Half a sentence")
    _deactivated(owner, root, "Emil")
    emil.get_by_role("button", name="Save note").click()
    emil.wait_for_url("**/sign-in")
    emil.goto(client)
    assert "/sign-in" in emil.url
    emil.get_by_label("E-mail address").fill("emil@people.example")
    emil.get_by_label("Password").fill("four words of mine")
    emil.get_by_role("button", name="Sign in").click()
    emil.wait_for_url("**/accounts/**")
    assert emil.get_by_role("heading", level=1).inner_text() == "This page does not exist"
    owner.goto(client)
    assert "Half a sentence" not in owner.inner_text("main")


def _sees_exactly_what_is_allowed(owner: Page, emil: Page, root: str) -> None:
    """Rights are given one by one, each opens one thing, and what is taken away is gone."""
    assert "You do not see a client yet" in emil.inner_text("main")
    assert not emil.get_by_role("link", name="Settings").is_visible()
    assert not emil.get_by_role("link", name="New client", exact=True).is_visible()
    for path in ("/clients/new", "/settings/team", "/settings/history", "/settings/security"):
        assert emil.goto(f"{root}{path}").status == 403, path

    _give(owner, root, "Emil", SEEING)
    emil.goto(f"{root}/clients")
    assert emil.get_by_role("row").count() == 3
    assert not emil.get_by_role("link", name="New client").is_visible()
    _give(owner, root, "Emil", MAKING)
    emil.reload()
    emil.get_by_role("link", name="New client").click()
    assert emil.get_by_role("heading", level=1).inner_text() == "New client"
    assert emil.goto(f"{root}/settings/history").status == 403
    _give(owner, root, "Emil", "Read the firm's history")
    assert emil.goto(f"{root}/settings/history").status == 200
    assert emil.get_by_role("navigation", name="Settings").get_by_role("link").count() == 1

    for right in (SEEING, MAKING, "Read the firm's history"):
        _give(owner, root, "Emil", right, given=False)
    assert emil.goto(f"{root}/clients").status == 200
    assert "No client is assigned to you yet" in emil.inner_text("main")


def _invited(owner: Page, root: str, name: str, address: str) -> str:
    """Invites somebody, and answers the link that the owner sees."""
    owner.goto(f"{root}/settings/team")
    owner.get_by_role("link", name="Invite a colleague").click()
    owner.get_by_label("Name").fill(name)
    owner.get_by_label("E-mail address").fill(address)
    owner.get_by_label("Employee").check()
    owner.get_by_role("button", name="Send invitation").click()
    (link,) = re.findall(r"http\S+", owner.get_by_role("status").inner_text())
    return str(link)


def _give(owner: Page, root: str, name: str, right: str, *, given: bool = True) -> None:
    """Gives a colleague one more right, or takes it away."""
    owner.goto(f"{root}/settings/team")
    owner.get_by_role("link", name=name, exact=True).click()
    owner.get_by_label(right).set_checked(given)
    owner.get_by_role("button", name="Save").click()
    assert f"{name} is saved" in owner.get_by_role("status").inner_text()


def _deactivated(owner: Page, root: str, name: str) -> None:
    owner.goto(f"{root}/settings/team")
    owner.get_by_role("link", name=name, exact=True).click()
    owner.get_by_role("link", name="Deactivate").click()
    owner.get_by_label("Yes, I am sure").check()
    owner.get_by_role("button", name="Deactivate").click()
    assert f"{name} is deactivated" in owner.get_by_role("status").inner_text()
