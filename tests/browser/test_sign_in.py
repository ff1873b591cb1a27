"""Signing in and one's own pages, as people meet them; every page sound at every width."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

from passlib.totp import TOTP

from tests.web.signin.acting import plain_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

NEW = "another four words of mine"


def test_a_forgotten_password(
    office: Any, visit: Callable[..., Page], look: Callable[..., None]
) -> None:
    firm, address = office.open_firm("forgetful")
    page = visit()
    page.goto("/sign-in")
    page.get_by_role("link", name="Forgot your password?").click()
    look(page, name="forgotten")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_role("button", name="Send the link").click()
    page.get_by_role("heading", name="Look at your mail").wait_for()
    look(page, name="sent")
    link = _link_in_mail(office, address)
    page.goto(link)
    look(page, name="reset")
    page.get_by_label("New password").fill("1234567890")
    page.get_by_role("button", name="Save password").click()
    page.get_by_role("alert").get_by_text("easily guessed").wait_for()
    page.get_by_label("New password").fill(NEW)
    page.get_by_role("button", name="Save password").click()
    assert "Your password is new" in page.get_by_role("status").inner_text()
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill(NEW)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**/f/{firm.slug}/home")
    assert page.goto(link).status == 404
    look(page, name="a used link")


def test_a_second_factor_from_the_phone_to_the_next_sign_in(
    office: Any, visit: Callable[..., Page], look: Callable[..., None]
) -> None:
    firm, address = office.open_firm("careful")
    page = visit(address)
    page.goto(f"/f/{firm.slug}/settings/security")
    look(page, name="security of the firm")
    page.get_by_label("Demand a second factor of the whole team").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="Set up a second factor").wait_for()
    look(page, name="setting up")
    secret = page.locator("code").inner_text().replace(" ", "")
    page.get_by_role("textbox", name="Code").fill("000000")
    page.get_by_role("button", name="Switch on").click()
    page.get_by_role("alert").wait_for()
    page.get_by_role("textbox", name="Code").fill(_code(secret))
    page.get_by_role("button", name="Switch on").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    look(page, name="recovery codes")
    recovery = page.locator("code").all_inner_texts()
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("heading", name="Settings", level=1).wait_for()
    assert page.get_by_label("Demand a second factor of the whole team").is_checked()
    for path in ("/me/second-factor", "/me/second-factor/codes", "/me/second-factor/off"):
        page.goto(path)
        look(page)

    elsewhere = visit()
    elsewhere.goto("/sign-in")
    elsewhere.get_by_label("E-mail address").fill(address)
    elsewhere.get_by_label("Password").fill(office.password)
    elsewhere.get_by_role("button", name="Sign in").click()
    elsewhere.get_by_role("heading", name="One more step").wait_for()
    look(elsewhere, name="the code")
    elsewhere.get_by_role("textbox", name="Code").fill(recovery[0])
    elsewhere.get_by_role("button", name="Sign in").click()
    elsewhere.wait_for_url(f"**/f/{firm.slug}/home")


def test_ones_own_pages(office: Any, visit: Callable[..., Page], look: Callable[..., None]) -> None:
    firm, address = office.open_firm("own")
    page, other = visit(address), visit(address)
    page.goto(f"/f/{firm.slug}/clients")
    page.get_by_role("link", name="Your sign-in").click()
    for path in ("/me", "/me/password", "/me/address", "/me/confirm", "/me/sessions"):
        page.goto(path)
        look(page)
    page.goto("/me/password")
    page.get_by_label("Current password").fill(office.password)
    page.get_by_label("New password").fill(NEW)
    page.get_by_role("button", name="Change password").click()
    assert "Everywhere else you were signed out" in page.get_by_role("status").inner_text()
    other.goto(f"/f/{firm.slug}/clients")
    assert "/sign-in" in other.url
    assert page.goto(f"/f/{firm.slug}/clients").status == 200


def _link_in_mail(office: Any, address: str) -> str:
    """The link in the latest mail to this address."""
    paths = sorted((office.deployment.settings.folder / "outbox").glob("*.eml"))
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]
    text = [plain_text(mail) for mail in mails if mail["To"] == address][-1]
    (link,) = re.findall(r"http\S+", text)
    return str(link)


def _code(secret: str) -> str:
    return str(TOTP(key=secret, format="base32").generate().token)
