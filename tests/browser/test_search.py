"""Search as people use it: keyboard alone, mouse, a phone, a network that fails (R1)."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from attrs import frozen

from crm_core.account_changes import archive_account
from crm_core.testing.builders import an_account, as_owner

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from crm_core.accounts import Account

HOSTILE = "<script>alert(1)</script> & Zonen"
WAIT = "() => !document.querySelector('.htmx-request')"


@frozen
class Stand:
    """A firm with a few clients, and the address of its owner."""

    root: str
    owner: str
    bakery: Account


_numbers = itertools.count()
"""The firm is made again where another file's tests came between."""


@pytest.fixture(scope="module")
def stand(office) -> Stand:
    firm, owner = office.open_firm(f"searching-{next(_numbers)}")
    with as_owner(office.store, office.catalog, firm) as ctx:
        bakery = an_account(
            ctx, "Bakkerij Émile", first_name="Anna", emails=("anna@dehaan.example",)
        )
        for name in ("Bakker Arts", "Bakkers van der Wolfeschlegelsteinhausenbergerdorff", HOSTILE):
            an_account(ctx, name, first_name="Zed")
        archive_account(ctx, an_account(ctx, "Molen Vroeger", first_name="Mo"))
    return Stand(f"/f/{firm.slug}", owner, bakery)


@pytest.fixture
def page(stand: Stand, visit: Callable[..., Page]) -> Page:
    opened = visit(stand.owner)
    opened.goto(f"{stand.root}/clients")
    return opened


def field(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search clients")


def groups_of_hits(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Found").get_by_role("group")


def options(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Found").get_by_role("option")


def test_keyboard_alone_opens_the_profile(page: Page, stand: Stand) -> None:
    page.keyboard.press("/")
    assert field(page).evaluate("e => e === document.activeElement")
    page.keyboard.type("bakk")
    options(page).nth(2).wait_for()
    assert field(page).input_value() == "bakk"
    assert field(page).get_attribute("aria-expanded") == "true"
    assert [line.split("\n")[0] for line in options(page).all_inner_texts()] == [
        "Bakker Arts",
        "Bakkerij Émile",
        "Bakkers van der Wolfeschlegelsteinhausenbergerdorff",
    ]
    assert page.locator(".search .told").inner_text() == "3 found"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    assert chosen.inner_text().startswith("Bakkerij Émile")
    assert field(page).get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/accounts/{stand.bakery.public_id}")
    assert page.get_by_role("heading", level=1).inner_text() == "Bakkerij Émile"


def test_arrows_go_round_through_the_field(page: Page) -> None:
    field(page).fill("bakk")
    options(page).nth(2).wait_for()
    page.keyboard.press("ArrowUp")
    last = page.locator("[role=option][aria-selected=true]")
    assert last.inner_text().startswith("Bakkers van der")
    page.keyboard.press("ArrowDown")
    assert field(page).get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowDown")
    assert last.inner_text().startswith("Bakker Arts")


def test_a_part_of_an_address_and_a_click(page: Page, stand: Stand) -> None:
    field(page).fill("@DEHAAN")
    groups = groups_of_hits(page)
    groups.nth(1).wait_for()
    assert page.locator(".group-title").all_inner_texts() == ["Clients", "Contacts"]
    assert groups.first.locator("mark").all_inner_texts() == ["@dehaan"]
    options(page).first.click()
    page.wait_for_url(f"**/accounts/{stand.bakery.public_id}")


def test_enter_without_a_choice_goes_to_the_page_of_hits(page: Page, stand: Stand) -> None:
    field(page).fill("emile")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=emile")
    assert page.get_by_role("main").get_by_role("link").first.inner_text() == "Bakkerij Émile"


def test_escape_closes_then_clears(page: Page) -> None:
    field(page).fill("bakk")
    options(page).first.wait_for()
    page.keyboard.press("Escape")
    assert not page.locator("#search-panel").is_visible()
    assert field(page).input_value() == "bakk"
    assert field(page).get_attribute("aria-expanded") == "false"
    page.keyboard.press("ArrowDown")
    assert page.locator("#search-panel").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert field(page).input_value() == ""
    assert not field(page).evaluate("e => e === document.activeElement")


def test_emptying_the_field_closes_the_panel(page: Page) -> None:
    field(page).fill("bakk")
    options(page).first.wait_for()
    field(page).fill("")
    page.locator("#search-panel").wait_for(state="hidden")
    page.wait_for_function(WAIT)
    assert options(page).count() == 0


def test_a_slash_in_a_text_is_a_slash(page: Page, stand: Stand) -> None:
    page.goto(f"{stand.root}/clients/new")
    page.get_by_label("Account name").press("/")
    assert page.get_by_label("Account name").input_value() == "/"


def test_nothing_found_is_said_and_a_name_is_a_text(page: Page, look) -> None:
    field(page).fill("<zz>")
    page.get_by_text("Nothing found for <zz>.").first.wait_for()
    assert page.locator(".search .told").inner_text() == "Nothing found for <zz>."
    look(page, name="nothing found")
    field(page).fill("<script>")
    options(page).first.wait_for()
    assert options(page).first.inner_text().startswith(HOSTILE)


def test_archived_clients_are_found_with_the_keyboard_alone_where_they_are_asked_for(
    page: Page, stand: Stand, look: Callable[..., None]
) -> None:
    """ACC-13"""
    page.keyboard.press("/")
    page.keyboard.type("vroe")
    page.get_by_text("Nothing found for vroe.").first.wait_for()
    page.keyboard.press("Tab")
    switch = page.get_by_role("checkbox", name="Archived clients too")
    assert switch.evaluate("e => e === document.activeElement")
    page.keyboard.press("Space")
    options(page).first.wait_for()
    assert options(page).first.inner_text().startswith("Molen Vroeger Archived")
    assert page.locator(".search .told").inner_text() == "1 found"
    look(page, name="archived clients too")
    page.keyboard.press("Escape")
    assert field(page).evaluate("e => e === document.activeElement")
    assert not page.locator("#search-panel").is_visible()
    # The wish holds while one goes on typing, and on the page of hits.
    with page.expect_response("**/search?*q=vroeg&archived=1"):
        page.keyboard.type("g")
    page.wait_for_function(WAIT)
    assert options(page).count() == 1
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=vroeg&archived=1")
    main = page.get_by_role("main")
    assert main.get_by_role("checkbox", name="Archived clients too").is_checked()
    look(page, name="the page of hits with archived clients")
    main.get_by_role("link", name="Molen Vroeger").click()
    page.get_by_role("heading", level=1, name="Molen Vroeger").wait_for()


def test_the_switch_for_archived_clients_can_be_clicked_and_taken_back(page: Page) -> None:
    """ACC-13"""
    field(page).fill("mo")
    groups_of_hits(page).first.wait_for()
    switch = page.get_by_text("Archived clients too")
    for wanted in (True, False):
        with page.expect_response("**/search?*"):
            switch.click()
        page.wait_for_function(WAIT)
        assert options(page).filter(has_text="Molen Vroeger").count() == int(wanted)
        assert page.locator("#search-panel").is_visible()


def test_a_network_that_fails_is_said(page: Page, stand: Stand, office, chromium) -> None:
    # In a window of its own: there the browser's console rightly complains.
    context = chromium.new_context(
        base_url=office.url, storage_state=page.context.storage_state(), reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{stand.root}/clients")
    page.route("**/search?*", lambda route: route.abort())
    field(page).fill("bakk")
    page.locator("#search-panel .failed").wait_for()
    assert "Search does not answer just now" in page.locator(".search .told").inner_text()
    assert field(page).input_value() == "bakk"
    page.unroute("**/search?*")
    field(page).fill("bakke")
    options(page).first.wait_for()
    assert not page.locator("#search-panel .failed").is_visible()
    context.close()


def test_whoever_was_signed_out_meanwhile_comes_to_the_sign_in_page(page: Page) -> None:
    page.context.clear_cookies()
    field(page).fill("bakk")
    page.get_by_label("Password").wait_for()
    assert "/sign-in?next=" in page.url


def test_the_open_panel_and_the_page_are_sound(page: Page, stand: Stand, look) -> None:
    field(page).fill("bakk")
    options(page).first.wait_for()
    page.keyboard.press("ArrowDown")
    look(page, name="panel")
    for query in ("", "bakk", "zzz"):
        page.goto(f"{stand.root}/search?q={query}")
        look(page, name=f"search page {query!r}")


def test_on_a_phone(stand: Stand, visit: Callable[..., Page], look) -> None:
    page = visit(stand.owner, width=360)
    page.goto(f"{stand.root}/clients")
    assert field(page).bounding_box()["width"] <= 44
    field(page).click()
    page.keyboard.type("dorff")
    options(page).first.wait_for()
    box = page.locator("#search-panel").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert field(page).bounding_box()["width"] > 200
    look(page, widths=(360,), name="phone")
    options(page).first.click()
    page.get_by_role("heading", level=1, name="Bakkers van der").wait_for()


def test_without_a_script_the_field_leads_to_the_page_of_hits(
    stand: Stand, visit: Callable[..., Page]
) -> None:
    page = visit(stand.owner)
    page.route("**/*.js*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(f"{stand.root}/clients")
    page.get_by_role("searchbox", name="Search clients").fill("dehaan")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=dehaan")
    page.get_by_role("link", name="Bakkerij Émile").click()
    page.wait_for_url(f"**/accounts/{stand.bakery.public_id}")
