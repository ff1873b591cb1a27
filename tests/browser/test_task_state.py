"""A task's state, changed from the Overview without leaving it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_core.testing.builders import an_account, as_owner
from plugins.tasks.actions import make_task
from plugins.tasks.forms import NewTask

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page


def test_tsk_2_the_keyboard_changes_a_state_and_stands_where_it_stood(
    office: Any, visit: Callable[..., Page], look: Callable[..., None]
) -> None:
    """TSK-2, O2."""
    firm, address = office.open_firm("tasking")
    with as_owner(office.store, office.catalog, firm) as ctx:
        account = an_account(ctx, "Anna")
        make_task(ctx, account, NewTask(name="Call the bank"))
    page = visit(address)
    page.goto(f"/f/{firm.slug}/accounts/{account.public_id}")
    page.evaluate("window.unmoved = true")
    state = page.locator("[popovertarget]", has_text="Call the bank")
    state.focus()
    page.keyboard.press("Enter")
    look(page, name="states")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#notices").get_by_text("Call the bank is now").wait_for()
    assert "Planned" not in state.inner_text()
    assert state.evaluate("e => e === document.activeElement")
    assert page.evaluate("window.unmoved === true")
