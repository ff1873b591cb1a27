"""A day at the office: what people do one after the other, with the mouse and with the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from crm_core.permissions import MANAGE_ACCOUNTS
from crm_core.testing.builders import an_account, an_employee, as_owner
from plugins.notes.actions import write_note
from plugins.notes.forms import NewNote
from tests.browser.keyboard import tab_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page


def test_signing_in_with_the_wrong_password_and_then_the_right_one(
    office: Any, visit: Callable[..., Page]
) -> None:
    firm, address = office.open_firm("morning")
    page = visit()
    page.goto(f"/f/{firm.slug}/clients")
    assert "/sign-in" in page.url
    _give(page, address, "not the password")
    assert "do not belong together" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("E-mail address").input_value() == address
    assert page.get_by_label("Password").input_value() == ""
    _give(page, address, office.password)
    page.wait_for_url(f"**/f/{firm.slug}/clients")
    assert page.get_by_role("heading", level=1).inner_text() == "Clients"


def test_adding_a_client_with_mistakes_keeps_everything_that_was_typed(
    office: Any, visit: Callable[..., Page]
) -> None:
    firm, address = office.open_firm("adding")
    page = visit(address)
    page.goto(f"/f/{firm.slug}/clients")
    page.get_by_role("link", name="New client").first.click()
    typed = {"Street and number": "Kade 1", "City": "Haarlem", "First name": "Anna"}
    page.get_by_label("Business").check()
    for label, text in typed.items():
        page.get_by_label(label).fill(text)
    page.get_by_label("E-mail address").fill("anna at dehaan")
    page.get_by_role("button", name="Add client").click()

    problems = page.get_by_role("alert")
    email = page.get_by_label("E-mail address")
    assert _is_explained(page, email, "anna at dehaan is not an e-mail address.")
    assert page.evaluate("document.activeElement.className") == "problems"
    problems.get_by_role("link").click()
    assert email.evaluate("e => e === document.activeElement || location.hash === '#' + e.id")
    email.fill("anna@dehaan.example")
    page.get_by_role("button", name="Add client").click()

    company = page.get_by_label("Company name")
    assert _is_explained(page, company, "A business needs a company name.")
    assert page.get_by_label("Business").is_checked()
    for label, text in typed.items():
        assert page.get_by_label(label).input_value() == text
    company.fill("Bakkerij de Haan B.V.")
    page.get_by_role("button", name="Add client").click()

    assert "is added, with the number" in page.get_by_role("status").inner_text()
    assert page.get_by_role("heading", level=1).inner_text() == "Bakkerij de Haan B.V."
    page.get_by_role("link", name="Info").click()
    assert "Kade 1, Haarlem" in page.inner_text("main")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Clients").click()
    assert page.locator(".page-head .count").inner_text() == "1"


def test_the_life_of_a_note(office: Any, visit: Callable[..., Page]) -> None:
    firm, address = office.open_firm("noting")
    with as_owner(office.store, office.catalog, firm) as ctx:
        account = an_account(ctx, "Anna")
        write_note(ctx, account, NewNote(text="An older note", pinned=False))
    page = visit(address)
    page.goto(f"/f/{firm.slug}/accounts/{account.public_id}")
    page.get_by_role("link", name="View all : Notes").click()
    page.get_by_role("link", name="New note").click()
    page.get_by_role("button", name="Save note").click()
    assert _is_explained(page, page.locator("#text"), "Please fill in: Note.")
    page.locator("#text").fill("Calls **after** 14:00\n\n- never on Friday")
    page.get_by_role("button", name="Save note").click()

    assert page.get_by_role("status").inner_text() == "The note is saved."
    newest = page.get_by_role("article").first
    assert newest.locator("strong").inner_text() == "after"
    newest.get_by_role("link", name="Edit").click()
    page.locator("#text").fill("Calls after 15:00")
    page.get_by_role("button", name="Save note").click()
    assert newest.locator(".rich").inner_text() == "Calls after 15:00"
    assert "edited" in newest.locator("header").inner_text()

    older = page.get_by_role("article").nth(1)
    older.get_by_role("button", name="Pin").click()
    assert page.get_by_role("status").inner_text() == "The note is pinned."
    assert newest.locator(".rich").inner_text() == "An older note"
    assert newest.locator(".tag").inner_text() == "Pinned"

    newest.get_by_role("link", name="Delete").click()
    assert "An older note" in page.inner_text("main")
    page.get_by_role("link", name="Cancel").click()
    assert page.get_by_role("article").count() == 2
    newest.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete note").click()
    assert page.get_by_role("status").inner_text() == "The note is deleted."
    assert page.get_by_role("article").count() == 1


def test_themes_the_menu_and_signing_out_on_a_phone(
    office: Any, visit: Callable[..., Page]
) -> None:
    firm, address = office.open_firm("evening")
    page = visit(width=360)
    page.goto("/sign-in")
    _give(page, address, office.password)
    page.wait_for_url("**/home")
    seen = []
    for button in ("Dark theme", "Light theme", "Theme of the system"):
        page.get_by_role("button", name="Menu").click()
        page.get_by_role("button", name=button).click()
        page.wait_for_url("**/home")
        page.get_by_role("button", name=button).wait_for(state="detached")
        seen.append(page.locator("html").get_attribute("data-theme"))
    assert seen == ["dark", "light", None]

    menu = page.get_by_role("navigation", name="Main")
    page.get_by_role("button", name="Menu").click()
    assert menu.is_visible()
    page.keyboard.press("Escape")
    assert not menu.is_visible()
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    page.go_back()
    page.goto(f"/f/{firm.slug}/clients")
    assert "/sign-in" in page.url


@pytest.mark.parametrize("width", [360, 1280])
def test_the_keyboard_alone_is_enough(office: Any, visit: Callable[..., Page], width: int) -> None:
    _firm, address = office.open_firm(f"keys-{width}")
    page = visit(width=width)
    page.goto("/sign-in")
    page.locator("#email:focus").wait_for()
    page.keyboard.type(address)
    tab_to(page, "Password")
    page.keyboard.type(office.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/home")

    tab_to(page, "Skip to the content")
    page.keyboard.press("Enter")
    tab_to(page, "Add the first client")
    page.keyboard.press("Enter")
    page.wait_for_url("**/clients/new")
    tab_to(page, "Individual")
    page.keyboard.press("ArrowDown")
    assert page.get_by_label("Business").is_checked()
    for label, text in (("Company name", "Bakkerij"), ("First name", "Anna")):
        tab_to(page, label)
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Bakkerij").wait_for()

    tab_to(page, "Write the first note")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save note").wait_for()
    tab_to(page, "Note")
    page.keyboard.type("Written without a mouse")
    tab_to(page, "Pin it above the other notes")
    page.keyboard.press("Space")
    tab_to(page, "Save note")
    page.keyboard.press("Enter")
    page.get_by_role("status").wait_for()
    assert page.get_by_role("article").locator(".tag").inner_text() == "Pinned"

    if width < 720:
        tab_to(page, "Menu")
        page.keyboard.press("Enter")
    tab_to(page, "Sign out")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in")


def test_two_people_edit_the_same_note_and_the_second_decides(
    office: Any, visit: Callable[..., Page]
) -> None:
    firm, owner = office.open_firm("together")
    person, colleague = office.add_person("colleague")
    with as_owner(office.store, office.catalog, firm) as ctx:
        account = an_account(ctx, "Anna")
        an_employee(ctx, MANAGE_ACCOUNTS, accounts=(account,), person_id=person)
        write_note(ctx, account, NewNote(text="Calls after 14:00", pinned=False))
    first, second = visit(owner), visit(colleague)
    for page in (first, second):
        page.goto(f"/f/{firm.slug}/accounts/{account.public_id}/notes")
        page.get_by_role("link", name="Edit").click()
        page.locator("#text").wait_for()
    first.locator("#text").fill("Calls after 15:00")
    first.get_by_role("button", name="Save note").click()
    first.get_by_role("status").wait_for()

    second.locator("#text").fill("Calls after 16:00")
    second.get_by_role("button", name="Save note").click()
    typed, saved = (
        second.locator("section", has=second.get_by_role("heading", name=side, exact=True)).last
        for side in ("What you typed", "What is saved now")
    )
    assert typed.locator("dd").first.inner_text() == "Calls after 16:00"
    assert saved.locator("dd").first.inner_text() == "Calls after 15:00"
    assert second.locator("#text").input_value() == "Calls after 16:00"
    first.reload()
    assert first.get_by_role("article").locator(".rich").inner_text() == "Calls after 15:00"

    second.locator("#text").fill("Calls after 15:00, or 16:00 on Friday")
    second.get_by_role("button", name="Save note").click()
    second.get_by_role("status").wait_for()
    first.reload()
    note = first.get_by_role("article").locator(".rich")
    assert note.inner_text() == "Calls after 15:00, or 16:00 on Friday"


def _give(page: Page, address: str, password: str) -> None:
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def _is_explained(page: Page, field: Any, sentence: str) -> bool:
    """Whether the sentence stands above the form and at the field, which points to it."""
    described = field.get_attribute("aria-describedby") or ""
    at_field = [page.locator(f"#{name}").inner_text() for name in described.split()]
    above = page.get_by_role("alert").get_by_role("link", name=sentence)
    return sentence in at_field and above.is_visible() and bool(field.get_attribute("aria-invalid"))
