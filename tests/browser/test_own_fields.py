"""A firm's own fields from the first to the filled profile, with every page that they have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crm_core.fields.defining import fields_of
from crm_core.fields.values import FieldType, Owner
from crm_core.testing.builders import an_account, as_owner
from tests.core.fields.filled import a_field, fill

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page


def test_a_firm_makes_fields_and_fills_them_in(
    office: Any, visit: Callable[..., Page], look: Callable[..., None]
) -> None:
    """I6, C4: by mouse and keyboard."""
    firm, address = office.open_firm("fields")
    with as_owner(office.store, office.catalog, firm) as ctx:
        account = an_account(ctx, "Bakery", first_name="Anna", last_name="Bos")
    page = visit(address)
    settings = f"/f/{firm.slug}/settings/fields"
    info = f"/f/{firm.slug}/accounts/{account.public_id}/info"

    page.goto(settings)
    look(page, name="no fields yet")
    page.get_by_role("link", name=re.compile("Add a field ?: Fields of accounts")).click()
    look(page, name="new field")
    page.get_by_label("Name").fill("Start of the work")
    page.get_by_label("Type").select_option("date")
    page.get_by_label("Has to be filled in").check()
    page.get_by_role("button", name="Add field").click()
    page.get_by_text("The field Start of the work is added.").wait_for()
    with as_owner(office.store, office.catalog, firm) as ctx:
        (start,) = fields_of(ctx, Owner.ACCOUNT)
        for type_ in FieldType:
            field = a_field(ctx, "account", type_, f"The {type_}", help="What it means")
            a_field(ctx, "contact", type_, f"Their {type_}")
            if type_ is FieldType.TEXT:
                text = field
        fill(ctx, "account", account.id, {text: "a dozen", start: "2026-01-01"})
    page.goto(settings)
    look(page, name="every type")
    page.get_by_role("button", name=re.compile("Up ?: The web")).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    of_accounts = page.get_by_role("listitem").filter(has_text=re.compile("The ")).all_inner_texts()
    assert [line.split("\n")[0] for line in of_accounts[-2:]] == ["The web", "The phone"]

    page.get_by_role("link", name="The choice", exact=True).click()
    look(page, name="a field with choices")
    page.goto(settings)
    page.get_by_role("link", name="The text").click()
    page.get_by_role("link", name="Change the type").click()
    page.get_by_label("Number", exact=True).check()
    page.get_by_role("button", name="Show what would happen").click()
    assert "a dozen" in page.get_by_role("region").inner_text()
    look(page, name="the report of a type")
    page.get_by_label("Yes, I am sure").check()
    page.get_by_role("button", name="Change the type").click()

    _fills_in(page, look, info)


def _fills_in(page: Page, look: Callable[..., None], info: str) -> None:
    """The fields of an account and of its contact, wrong at first, and then on the Info tab."""
    page.goto(info)
    page.get_by_role("link", name=re.compile("Edit ?: Account details")).click()
    page.get_by_label("Start of the work").fill("")
    look(page, name="the fields of an account")
    page.get_by_label("The money").fill("a lot")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("alert").wait_for()
    problems = page.get_by_role("alert").inner_text()
    assert "Please fill in: Start of the work." in problems
    assert "a lot is not a number" in problems
    look(page, name="fields with problems")
    page.get_by_label("Start of the work").fill("2026-02-28")
    page.get_by_label("The money").fill("1,234.50")
    page.get_by_label("The web").fill("example.com")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("The details are saved.").wait_for()
    shown = page.get_by_role("main").inner_text()
    for value in ("28 Feb 2026", "€1,234.50", "https://example.com", "a dozen"):
        assert value in shown
    look(page, name="the Info tab with fields")
    page.get_by_role("link", name="Anna Bos", exact=True).click()
    page.get_by_label("Their email").fill("anna@work.example")
    look(page, name="the fields of a contact")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Anna Bos is saved.").wait_for()
    assert page.get_by_role("link", name="anna@work.example", exact=True).is_visible()
    assert page.get_by_role("cell", name="anna@work.example Their email").is_visible()
