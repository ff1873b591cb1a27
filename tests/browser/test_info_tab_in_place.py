"""The Info tab edited in place: with the keyboard, beside somebody else, on a bad day, and without
a script (I1 to I6, C1 to C6, C12).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from attrs import frozen

from crm_core.account_changes import AccountChange, archive_account, change_account, details_of
from crm_core.accounts import account_of
from crm_core.links import link_contact
from crm_core.tags import TagChange, add_tag
from crm_core.testing.builders import a_contact, an_account, as_owner
from tests.browser.keyboard import tab_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from playwright.sync_api import Locator, Page

    from crm_core.context import Context

ACTIVE = "document.activeElement"
IN_VIEW = f"""() => {{
  const box = {ACTIVE}.getBoundingClientRect();
  return document.elementFromPoint(box.left + 20, box.top + 5) === {ACTIVE};
}}"""
"""Whether what is in focus can be seen: nothing lies over its top, and the window shows it."""

UNMOVED = "window.unmoved === true"
"""Whether the page is the one that was opened: nothing has loaded another."""


@frozen
class Stand:
    """A client with two contacts, and how to get at it."""

    office: Any
    firm: Any
    owner: str
    account: str
    info: str

    def ctx(self) -> AbstractContextManager[Context]:
        return as_owner(self.office.store, self.office.catalog, self.firm)

    def opened(self, page: Page) -> Page:
        """The page on the Info tab; it can tell afterwards that it was not left."""
        page.goto(self.info)
        page.evaluate("window.unmoved = true")
        return page


@pytest.fixture
def stand(office: Any) -> Stand:
    firm, owner = office.open_firm(f"in-place-{next(_numbers)}")
    with as_owner(office.store, office.catalog, firm) as ctx:
        account = an_account(
            ctx,
            "Bakery",
            first_name="Anna",
            last_name="Bos",
            emails=("anna@x.example",),  # type: ignore[arg-type]
        )
        link_contact(ctx, account, a_contact(ctx, "Zed", "zed@x.example"), "Bookkeeper")
        add_tag(ctx, TagChange(name="VAT"))
    info = f"/f/{firm.slug}/accounts/{account.public_id}/info"
    return Stand(office, firm, owner, account.public_id, info)


def _counting() -> Iterator[int]:
    number = 0
    while True:
        yield (number := number + 1)


_numbers = _counting()


@pytest.fixture
def page(stand: Stand, visit: Callable[..., Page]) -> Page:
    return stand.opened(visit(stand.owner))


def card(page: Page, heading: str) -> Locator:
    """The card with this heading."""
    return page.locator(".card", has=page.get_by_role("heading", name=heading, exact=True))


def link(page: Page, does: str, whose: str) -> Locator:
    """The link that does this with what it names for those who do not see its card."""
    return page.get_by_role("link", name=re.compile(f"^{does} ?: {whose}"))


def said(page: Page) -> Locator:
    """What the live region says."""
    return page.locator("#notices[aria-live=polite]")


def in_focus(page: Page) -> str:
    """The words of what is in focus."""
    return str(page.evaluate(f"({ACTIVE}.ariaLabel || {ACTIVE}.textContent).trim()"))


def test_the_keyboard_alone_edits_saves_and_comes_back(
    page: Page, look: Callable[..., None]
) -> None:
    """I1, I3, I4: the form takes the card's place, and the focus comes back to *Edit*."""
    tab_to(page, "Edit")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Edit account details").wait_for()
    assert page.evaluate(f"{ACTIVE}.value") == "individual"
    assert not card(page, "Account details").is_visible()
    look(page, name="editing in place")
    page.keyboard.press("ArrowRight")
    tab_to(page, "Account name")
    page.keyboard.press("Control+a")
    page.keyboard.type("Boats")
    tab_to(page, "VAT")
    page.keyboard.press("Space")
    tab_to(page, "Company name")
    page.keyboard.type("Boats B.V.")
    tab_to(page, "City")
    page.keyboard.type("Hoorn")
    page.keyboard.press("Enter")
    said(page).get_by_text("The details are saved.").wait_for()
    facts = card(page, "Account details").inner_text()
    for text in ("Boats", "Business", "Boats B.V.", "Hoorn", "VAT"):
        assert text in facts
    assert in_focus(page) == "Edit: Account details"
    assert page.get_by_role("heading", level=1).inner_text() == "Boats"
    assert page.title().startswith("Boats · Info")
    assert page.evaluate(UNMOVED)


def test_a_refusal_stands_in_place_and_escape_brings_the_card_back(
    page: Page, look: Callable[..., None]
) -> None:
    """I1, I3: what was typed stays until one saves or leaves."""
    link(page, "Edit", "Account details").press("Enter")
    page.get_by_label("Business").check()
    page.get_by_label("Account name").fill("Half")
    page.set_viewport_size({"width": 1280, "height": 400})
    page.get_by_role("button", name="Save").focus()
    page.emulate_media(reduced_motion="no-preference")
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_text("A business needs a company name.").first.wait_for()
    assert page.evaluate(f"{ACTIVE}.className") == "problems"
    page.wait_for_function(IN_VIEW)
    page.emulate_media(reduced_motion="reduce")
    assert page.get_by_label("Account name").input_value() == "Half"
    look(page, name="refused in place")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert page.locator(".in-place").count() == 0
    assert in_focus(page) == "Edit: Account details"
    assert "Half" not in card(page, "Account details").inner_text()
    page.keyboard.press("Enter")
    page.get_by_label("Account name").wait_for()
    tab_to(page, "Cancel")
    page.keyboard.press("Enter")
    assert in_focus(page) == "Edit: Account details"
    assert page.evaluate(UNMOVED)


def test_acc_15_the_second_of_two_sees_both_versions_in_place(
    page: Page, stand: Stand, look: Callable[..., None]
) -> None:
    """I1, ACC-15."""
    link(page, "Edit", "Account details").click()
    page.get_by_label("Account name").fill("Mine")
    page.set_viewport_size({"width": 1280, "height": 400})
    page.emulate_media(reduced_motion="no-preference")
    with stand.ctx() as ctx:
        account = account_of(ctx, stand.account)
        now = details_of(account)
        theirs = AccountChange(
            type=now.type,
            name="Theirs",
            company_name="",
            company_address=now.company_address,
            version=now.version,
        )
        change_account(ctx, account, theirs)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="Somebody else saved this").wait_for()
    page.wait_for_function(IN_VIEW)
    page.emulate_media(reduced_motion="reduce")
    assert "Theirs" in card(page, "What is saved now").inner_text()
    assert page.get_by_label("Account name").input_value() == "Mine"
    look(page, name="conflict in place")
    page.get_by_role("button", name="Save").click()
    said(page).get_by_text("The details are saved.").wait_for()
    assert page.get_by_role("heading", level=1).inner_text() == "Mine"
    assert page.evaluate(UNMOVED)


def test_a_switch_is_pressed_and_keeps_the_focus(page: Page, stand: Stand) -> None:
    """C5, C6: and what is typed into an open form stays."""
    page.get_by_role("link", name="Anna Bos", exact=True).click()
    page.get_by_label("Phone").fill("+31 20 1234567")
    login = page.get_by_role("switch", name="LOGIN: zed@x.example")
    login.focus()
    page.keyboard.press("Space")
    said(page).get_by_text("LOGIN is on for zed@x.example.").wait_for()
    assert login.get_attribute("aria-checked") == "true"
    assert in_focus(page) == "LOGIN: zed@x.example"
    assert page.locator(".bar .dot:not(.off)").is_visible()
    assert page.get_by_label("Phone").input_value() == "+31 20 1234567"
    page.keyboard.press("Tab")
    assert in_focus(page) == "NOTIFY: zed@x.example"
    page.keyboard.press("Enter")
    said(page).get_by_text("NOTIFY is on for zed@x.example.").wait_for()
    assert in_focus(page) == "NOTIFY: zed@x.example"
    page.get_by_role("button", name="Save").click()
    said(page).get_by_text("Anna Bos is saved.").wait_for()
    assert in_focus(page) == "Anna Bos"
    assert "+31 20 1234567" in card(page, "Anna Bos").inner_text()
    assert page.evaluate(UNMOVED)
    page.reload()
    assert login.get_attribute("aria-checked") == "true"


def test_contacts_are_described_added_linked_and_unlinked_in_place(
    page: Page, stand: Stand, look: Callable[..., None]
) -> None:
    """C1, C2, C3, C4, C12, I5."""
    with stand.ctx() as ctx:
        an_account(ctx, "Trust", first_name="Tess", last_name="Visser")
    link(page, "Edit description", "Zed").click()
    page.locator("#description:focus").wait_for()
    assert page.locator("#description").input_value() == "Bookkeeper"
    page.keyboard.press("Control+a")
    page.keyboard.type("Controller")
    page.keyboard.press("Enter")
    said(page).get_by_text("The description is saved.").wait_for()
    assert "Controller" in page.get_by_role("main").inner_text()

    page.get_by_role("link", name="New contact").press("Enter")
    page.locator("#first_name:focus").wait_for()
    page.keyboard.type("Mia")
    page.get_by_label("E-mail addresses").fill("mia@x.example\nmia@home.example")
    page.get_by_role("button", name="Add contact").click()
    said(page).get_by_text("Mia is added.").wait_for()
    for address in ("mia@x.example", "mia@home.example"):
        assert page.get_by_role("link", name=address, exact=True).is_visible()
    assert in_focus(page) == "New contact"

    page.get_by_role("link", name="Link a contact").press("Enter")
    page.locator("#looked-for:focus").wait_for()
    page.keyboard.type("tes")
    page.get_by_label("Tess Visser").wait_for()
    assert page.locator("#found-said").inner_text() == "1 found"
    assert page.get_by_role("searchbox", name="Name or e-mail address").input_value() == "tes"
    look(page, name="linking in place")
    page.get_by_role("button", name="Link contact").click()
    said(page).get_by_text("Tess Visser is linked.").wait_for()
    assert "Trust" in card(page, "Tess Visser").inner_text()

    link(page, "Unlink", "Tess Visser").click()
    page.get_by_label("Yes, I am sure").check()
    page.get_by_role("button", name="Unlink").click()
    said(page).get_by_text("Tess Visser is unlinked.").wait_for()
    assert page.get_by_role("link", name="Tess Visser", exact=True).count() == 0

    page.get_by_role("link", name="Change team").click()
    page.get_by_label("Olga Owner").check()
    page.get_by_role("button", name="Save team").click()
    said(page).get_by_text("The team is saved.").wait_for()
    assert "Olga Owner" in page.locator(".bar").inner_text()
    assert page.evaluate(UNMOVED)


def test_what_is_typed_is_not_lost_to_another_form(page: Page) -> None:
    """C1, C3: one form is open at a time, and an untouched one makes way."""
    link(page, "Edit", "Account details").click()
    page.get_by_label("Account name").wait_for()
    link(page, "Edit description", "Zed").click()
    page.get_by_label("What this person is").fill("Controller")
    assert card(page, "Account details").is_visible()
    link(page, "Edit", "Account details").click()
    page.get_by_role("alert").get_by_text("Save this first, or cancel it.").wait_for()
    assert page.get_by_label("What this person is").input_value() == "Controller"
    assert page.get_by_label("Account name").count() == 0
    page.keyboard.press("Escape")
    link(page, "Edit", "Account details").click()
    page.get_by_label("Account name").wait_for()


def test_archiving_comes_back_and_deleting_leads_to_the_list(page: Page, stand: Stand) -> None:
    """ACC-13: what leads to another page leads there."""
    page.get_by_role("link", name="Archive client").click()
    page.get_by_label("Yes, I am sure").check()
    page.get_by_role("button", name="Archive").click()
    said(page).get_by_text("Bakery is archived.").wait_for()
    page.get_by_role("button", name="Bring back").click()
    said(page).get_by_text("Bakery is on the list of clients again.").wait_for()
    assert page.evaluate(UNMOVED)
    with stand.ctx() as ctx:
        archive_account(ctx, account_of(ctx, stand.account))
    stand.opened(page)
    page.get_by_role("link", name="Delete client").click()
    page.get_by_label("Name of the client").fill("Bakery")
    page.get_by_role("button", name="Delete for good").click()
    page.wait_for_url("**/clients")
    assert "Bakery is deleted." in page.get_by_role("status").inner_text()


def test_whoever_was_signed_out_comes_to_the_sign_in_page_and_back(
    page: Page, stand: Stand
) -> None:
    page.context.clear_cookies()
    link(page, "Edit", "Account details").click()
    page.get_by_label("Password").wait_for()
    assert page.url.endswith("?next=" + stand.info)


def test_a_failure_is_said_and_what_was_typed_stays(
    stand: Stand, page: Page, chromium: Any
) -> None:
    """In a window of its own: there the browser's console rightly complains."""
    context = chromium.new_context(
        base_url=stand.office.url,
        storage_state=page.context.storage_state(),
        reduced_motion="reduce",
    )
    page = stand.opened(context.new_page())
    link(page, "Edit", "Account details").click()
    page.get_by_label("Account name").fill("Kept")
    page.route("**/info/edit", lambda route: route.abort())
    page.get_by_role("button", name="Save").click()
    failed = page.get_by_role("alert").filter(has_text="What you typed is still here")
    failed.wait_for()
    page.unroute("**/info/edit")
    busy = "<section class='fault'><h1>Just a moment</h1><p>Try again soon.</p></section>"
    page.route("**/info/edit", lambda route: route.fulfill(status=503, body=busy))
    page.get_by_role("button", name="Save").click()
    page.get_by_role("alert").filter(has_text="Just a moment. Try again soon.").wait_for()
    assert failed.count() == 0
    assert page.get_by_label("Account name").input_value() == "Kept"
    page.unroute("**/info/edit")
    page.get_by_role("button", name="Save").click()
    said(page).get_by_text("The details are saved.").wait_for()
    page.route("**/core.login/on", lambda route: route.abort())
    page.get_by_role("switch", name="LOGIN: zed@x.example").click()
    page.get_by_role("alert").wait_for()
    context.close()


def test_a_slow_request_shows_that_it_waits(page: Page) -> None:
    link(page, "Edit", "Account details").click()
    page.get_by_label("Account name").fill("Slow")
    held: list[Any] = []

    def hold(route: Any) -> None:
        held.append(route)

    page.route("**/info/edit", hold)
    page.get_by_role("button", name="Save").click()
    page.locator("form.htmx-request").wait_for()
    waits = "getComputedStyle(document.querySelector('.in-place > .form'), '::after').opacity"
    assert page.evaluate(waits) == "1"
    held[0].continue_()
    said(page).get_by_text("The details are saved.").wait_for()


def test_without_javascript_the_same_is_done_on_pages(
    stand: Stand, page: Page, chromium: Any
) -> None:
    """I1, C1, C3, C5, C12."""
    context = chromium.new_context(
        base_url=stand.office.url,
        storage_state=page.context.storage_state(),
        java_script_enabled=False,
    )
    page = context.new_page()
    page.goto(stand.info)
    link(page, "Edit", "Account details").click()
    page.wait_for_url("**/info/edit")
    page.get_by_label("Business").check()
    page.get_by_label("Account name").fill("Boats")
    page.get_by_role("button", name="Save").click()
    assert "A business needs a company name." in page.get_by_role("alert").inner_text()
    page.get_by_label("Company name").fill("Boats B.V.")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/info")
    assert page.get_by_role("status").inner_text() == "The details are saved."
    assert page.get_by_role("heading", level=1).inner_text() == "Boats"

    page.get_by_role("switch", name="LOGIN: zed@x.example").click()
    page.get_by_text("LOGIN is on for zed@x.example.").wait_for()
    assert page.get_by_role("switch", name="LOGIN: zed@x.example").is_checked()
    link(page, "Edit description", "Zed").click()
    page.get_by_label("What this person is").fill("Controller")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("The description is saved.").wait_for()
    link(page, "Unlink", "Zed").click()
    page.get_by_role("link", name="Cancel").click()
    page.wait_for_url("**/info")
    assert page.get_by_text("Controller").is_visible()
    context.close()
