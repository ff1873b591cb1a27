"""What a document looks like, in a real browser, for the team and for clients (DOC-8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.testing.builders import as_owner
from crm_core.working import Worker
from tests.browser.test_documents import Desk, desk
from tests.plugins.documents.making import a_document
from tests.plugins.documents.papers import a_pdf

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

__all__ = ["desk"]

TABLE = "Day;What was paid in the long month of January;Amount\n" + "1;Rent;12,50\n" * 100


def test_previews_are_seen_on_both_sides(
    desk: Desk, visit: Callable[..., Page], look: Callable[..., None]
) -> None:
    """Pages come as one scrolls to them; a wide table scrolls by itself; axe is content."""
    store, catalog = desk.office.store, desk.office.catalog
    with as_owner(store, catalog, desk.firm) as ctx:
        paper = a_document(ctx, desk.account, name="p.pdf", content=a_pdf(*map(str, range(9))))
        table = a_document(ctx, desk.account, name="bank.csv", content=TABLE.encode())
        text = a_document(ctx, desk.account, name="note.txt", content=b"A note. " * 3000)
        none = a_document(ctx, desk.account, name="lock.pdf", content=a_pdf("x", password="p"))
    Worker(store=store, catalog=catalog).work()
    for page, side in (
        (visit(desk.owner), f"{desk.profile}/documents"),
        (visit(desk.client, width=360), f"{desk.portal}/documents"),
    ):
        page.goto(f"{side}/{paper}")
        last = page.get_by_alt_text("Page 9 of 9")
        last.scroll_into_view_if_needed()
        page.wait_for_function("image => image.naturalWidth > 500", arg=last.element_handle())
        look(page, name=f"preview of a PDF {side[1]}")
        for name, document in (("table", table), ("text", text), ("none", none)):
            page.goto(f"{side}/{document}")
            look(page, name=f"preview, {name} {side[1]}")
        page.goto(side)
        page.get_by_role("searchbox", name="Find in these documents").fill("note")
        page.get_by_role("button", name="Find").click()
        page.get_by_role("link", name="note.txt").first.wait_for()
        look(page, name=f"found documents {side[1]}")
