"""From a file to the sealed document in a real browser: approved, signed in order, verified."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pypdfium2
from attrs import frozen

from crm_core.links import link_contact
from crm_core.testing.builders import a_client, a_contact, as_owner
from crm_core.working import Worker
from plugins.documents.values import Access
from plugins.signatures import certificate
from tests.browser.test_documents import Desk, desk
from tests.plugins.documents.making import a_document
from tests.plugins.signatures.asking import a_pdf
from tests.plugins.signatures.test_seal_sealing import validated

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

__all__ = ["desk"]

NAME = "Return 2025.pdf"
PHONE = 360


@frozen
class Table:
    """A desk with a document on it, and a second client who signs."""

    desk: Desk
    second: str
    document: str

    @property
    def page(self) -> str:
        return f"{self.desk.profile}/documents/{self.document}"

    def work(self) -> None:
        """Lets the worker do what waits."""
        office = self.desk.office
        Worker(store=office.store, catalog=office.catalog).work()


def laid(desk: Desk) -> Table:
    """The desk with a PDF of two pages that its clients see."""
    office, firm = desk.office, desk.firm
    person_id, second = office.add_person(f"ben-{firm.slug}")
    with as_owner(office.store, office.catalog, firm) as ctx:
        link_contact(ctx, desk.account, a_contact(ctx, "Ben", second))
        a_client(ctx, desk.account, person_id, second)
        document = a_document(ctx, desk.account, Access.SEES, name=NAME, content=a_pdf())
    table = Table(desk, second, document)
    table.work()
    return table


def test_a_document_is_disapproved_corrected_approved_signed_and_sealed(
    desk: Desk, visit: Callable[..., Page], look: Callable[..., None]
) -> None:
    """O7, O8, SIG-1, SIG-2, SIG-3, DOC-4: on phones, with a mouse, a finger and a keyboard."""
    table = laid(desk)
    staff = visit(desk.owner)
    anna, ben = visit(desk.client, width=PHONE), visit(table.second, width=PHONE)
    _ask_for_approval(staff, table, look)
    _answer(anna, table, "No, I do not approve it", look, reason="The total is wrong.")
    staff.goto(table.page)
    staff.get_by_text("Disapproved").first.wait_for()
    _put_new_version(staff, table)
    _ask_for_approval(staff, table, look)
    _answer(anna, table, "Yes, I approve it", look)

    staff.goto(table.page)
    staff.get_by_role("link", name="Have it signed").click()
    staff.get_by_label("One after the other").check()
    look(staff, name="a new request to sign")
    staff.get_by_role("button", name="Go on to the fields").click()
    _place_by_keyboard_and_mouse(staff, look)
    staff.get_by_role("button", name="Save and go on").click()
    staff.get_by_text("Who signs what").wait_for()
    look(staff, name="a request before it is sent")
    staff.get_by_role("button", name="Send it now").click()
    staff.get_by_text("The signers are asked.").wait_for()
    look(staff, name="a request to sign")

    anna.goto(desk.portal)
    ben.goto(desk.portal)
    assert ben.get_by_role("link", name=NAME).count() == 1  # among the documents alone
    anna.get_by_role("region", name="Documents to sign").get_by_role("link", name=NAME).click()
    look(anna, name="signing on a phone")
    anna.get_by_label("I agree to sign").check()
    anna.get_by_label("type your full name").fill("Anna Bakker")
    anna.get_by_role("button", name="Send").click()
    anna.get_by_text("Your signature is kept.").wait_for()
    ben.reload()
    ben.get_by_role("region", name="Documents to sign").get_by_role("link", name=NAME).click()
    ben.get_by_label("I agree to sign").check()
    _draw(ben)
    ben.get_by_role("button", name="Send").click()
    ben.get_by_text("All have signed; the sealed document comes by mail").wait_for()

    table.work()
    ben.reload()
    _see_the_sealed_document(desk, ben)
    staff.goto(desk.profile)
    line = staff.get_by_role("region", name="Signatures").get_by_role("listitem")
    line.filter(has_text=NAME).get_by_text("Signed", exact=True).wait_for()


def test_twenty_pages_are_prepared_by_keyboard_alone(
    desk: Desk, visit: Callable[..., Page]
) -> None:
    """SIG-1: no mouse from the document to the signers, for a field on each of the pages."""
    table = laid(desk)
    office = desk.office
    with as_owner(office.store, office.catalog, desk.firm) as ctx:
        long = a_document(ctx, desk.account, Access.SEES, name="Long.pdf", content=a_pdf(20))
    staff = visit(desk.owner)
    staff.goto(f"{desk.profile}/signatures/new?document={long}")
    staff.get_by_role("button", name="Go on to the fields").press("Enter")
    staff.get_by_role("button", name="Add a field to page 20").wait_for()
    for number in range(1, 21):
        add = staff.get_by_role("button", name=f"Add a field to page {number}", exact=True)
        add.press("Enter")
        staff.keyboard.press("ArrowUp")
        staff.keyboard.press("Shift+ArrowRight")
    second = staff.locator("[name=place-signer]").nth(1)
    second.focus()
    second.press("Space")
    staff.get_by_role("button", name="Add a field to page 20", exact=True).press("Enter")
    staff.keyboard.press("Delete")
    assert staff.locator(".placed").count() == 20
    staff.get_by_role("button", name="Add a field to page 20", exact=True).press("Enter")
    staff.get_by_role("button", name="Save and go on").press("Enter")
    staff.get_by_role("button", name="Send it now").press("Enter")
    staff.get_by_text("The signers are asked.").wait_for()
    assert table.second


def _ask_for_approval(staff: Page, table: Table, look: Callable[..., None]) -> None:
    staff.goto(table.page)
    staff.get_by_role("link", name="Ask for approval").click()
    staff.get_by_label("What clients should look at").fill("The total on page 2.")
    look(staff, name="asking for an approval")
    staff.get_by_role("button", name="Ask the clients").click()
    staff.get_by_text("The clients are asked.").wait_for()
    look(staff, name="an approval")


def _answer(
    client: Page, table: Table, said: str, look: Callable[..., None], reason: str = ""
) -> None:
    client.goto(table.desk.portal)
    card = client.get_by_role("region", name="Documents to approve")
    card.get_by_role("link", name=NAME).click()
    client.get_by_text("The total on page 2.").wait_for()
    look(client, name="approving on a phone")
    client.get_by_label(said).check()
    if reason:
        client.get_by_role("button", name="Send the answer").click()
        client.get_by_role("link", name="Say what is wrong with it").wait_for()
        client.get_by_label("What is wrong with it").fill(reason)
    client.get_by_role("button", name="Send the answer").click()
    client.get_by_text("Your accountant knows what you said.").wait_for()


def _put_new_version(staff: Page, table: Table) -> None:
    staff.goto(f"{table.desk.profile}/documents")
    staff.get_by_role("link", name="For the client").first.click()
    staff.get_by_role("link", name="Upload").first.click()
    file = {"name": NAME, "mimeType": "application/pdf", "buffer": a_pdf()}
    staff.locator("input[name=files]").set_input_files(file)  # type: ignore[arg-type]
    staff.get_by_role("button", name="Upload").click()
    staff.get_by_text("1 document is uploaded.").wait_for()
    table.work()


def _place_by_keyboard_and_mouse(staff: Page, look: Callable[..., None]) -> None:
    staff.get_by_role("button", name="Add a field to page 2").press("Enter")
    staff.keyboard.press("ArrowUp")
    staff.locator("[name=place-signer]").nth(1).check()
    image = staff.locator(".sheet img").nth(1)
    image.click(position={"x": 500, "y": 700})
    assert staff.locator(".placed").count() == 2
    placed = staff.locator(".placed").nth(1)
    before = placed.bounding_box()
    assert before is not None
    placed.hover()
    staff.mouse.down()
    staff.mouse.move(before["x"] + before["width"] / 2 - 60, before["y"] + before["height"] / 2)
    staff.mouse.up()
    after = placed.bounding_box()
    assert after is not None
    assert before["x"] - after["x"] == 60
    look(staff, name="placing fields")


def _see_the_sealed_document(desk: Desk, client: Page) -> None:
    """It validates, the names are seen on its pages, and the last one is the audit page."""
    with client.expect_download() as coming:
        client.get_by_role("link", name="Download").first.click()
    content = coming.value.path().read_bytes()
    (ours,) = certificate.trusted(desk.office.store)
    status = validated(content, ours, datetime.now(UTC))
    assert status.bottom_line
    pages = pypdfium2.PdfDocument(content)
    texts = [page.get_textpage().get_text_range() for page in pages]
    assert "Anna Bakker" in texts[1]
    assert "Audit page" in texts[2]


def _draw(client: Page) -> None:
    """Draws a line with the mouse, where a finger would."""
    box = client.locator("#drawing")
    box.scroll_into_view_if_needed()
    area = box.bounding_box()
    assert area is not None
    client.mouse.move(area["x"] + 30, area["y"] + 30)
    client.mouse.down()
    for step in range(1, 8):
        client.mouse.move(area["x"] + 30 + 25 * step, area["y"] + 30 + 8 * (step % 3))
    client.mouse.up()
