"""Passkeys as people meet them: a browser with an authenticator, from the first key to the last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from crm_core.firm_settings import demand_second_factor
from crm_core.testing.builders import as_owner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def named(office: Any) -> Iterator[str]:
    """The office under an address with a name: there are no passkeys for a bare number."""
    before, url = office.app.config["CRM_BASE_URL"], office.url.replace("127.0.0.1", "localhost")
    office.app.config["CRM_BASE_URL"] = url
    yield url
    office.app.config["CRM_BASE_URL"] = before


def test_a_passkey_from_the_first_day_to_the_last(
    office: Any, named: str, visit: Callable[..., Page], look: Callable[..., None]
) -> None:
    """POR-4: passkeys, in a real browser."""
    firm, address = office.open_firm("keys")
    with as_owner(office.store, office.catalog, firm) as ctx:
        demand_second_factor(ctx, demanded=True)
    page = visit(at=named)
    verify = an_authenticator(page)
    page.goto("/sign-in")
    look(page, name="signing in, with a passkey")
    type_password(page, address, office.password)
    page.get_by_role("link", name="Use a passkey instead").click()
    look(page, name="adding one")
    page.get_by_label("Name").fill("")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_label("Name").fill("My laptop")
    page.get_by_label("Name").press("Enter")
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url(f"**/f/{firm.slug}/home")
    page.goto("/me/passkeys")
    look(page, name="the list")
    assert "My laptop" in page.get_by_role("listitem").inner_text()
    page.goto(f"/me/confirm?next=/f/{firm.slug}/settings/security")
    look(page, name="proving who one is")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/settings/security")

    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"**/f/{firm.slug}/home")

    sign_out(page)
    type_password(page, address, office.password)
    page.get_by_role("heading", name="One more step").wait_for()
    look(page, name="after the password")
    verify(False)
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("alert").get_by_text("used no passkey").wait_for()
    look(page, name="no passkey was used")
    verify(True)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"**/f/{firm.slug}/home")

    page.goto("/me/passkeys")
    page.get_by_role("link", name="Remove").click()
    look(page, name="removing it")
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("no longer signs you in").wait_for()
    page.goto(f"/f/{firm.slug}/home")
    page.get_by_role("heading", name="Set up a second factor").wait_for()
    page.goto("/sign-in/passkey")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("alert").get_by_text("was not accepted").wait_for()
    look(page, name="a passkey that is gone")


def an_authenticator(page: Page) -> Callable[[bool], object]:
    """Gives the browser one, and answers what says whether it knows its person's finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    which = {"authenticatorId": made["authenticatorId"]}
    return lambda known: session.send(
        "WebAuthn.setUserVerified", {**which, "isUserVerified": known}
    )


def type_password(page: Page, address: str, password: str) -> None:
    """Fills in the sign-in page."""
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    """Presses the button of the menu."""
    page.get_by_role("button", name="Sign out").first.click()
    page.wait_for_url("**/sign-in")
