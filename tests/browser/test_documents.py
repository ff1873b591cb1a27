"""A document's whole way in a real browser: from a client's phone to the trash and back."""

from __future__ import annotations

import re
import secrets
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from attrs import frozen

from crm_core.access import assign
from crm_core.address_settings import addresses_of_account, save_settings
from crm_core.delivering import notification_work
from crm_core.links import link_contact
from crm_core.testing.builders import a_client, a_contact, an_account, an_employee, as_owner
from crm_core.working import Worker
from tests.plugins.documents.making import PDF
from tests.plugins.documents.papers import a_pdf
from tests.web.portal.visiting import mails
from tests.web.servers import hand_over
from tests.web.signin.acting import plain_text
from web.scribe import MailScribe

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from crm_core.accounts import Account
    from crm_core.firms import Firm


@frozen
class Desk:
    """A client of a firm, and who works on both sides."""

    office: Any
    firm: Firm
    account: Account
    owner: str
    colleague: str
    client: str

    @property
    def profile(self) -> str:
        return f"/f/{self.firm.slug}/accounts/{self.account.public_id}"

    @property
    def portal(self) -> str:
        return f"/p/{self.firm.slug}/{self.account.public_id}"

    def link_in_mail(self) -> str:
        """Lets the worker send what waits, and answers the link with which the client acts."""
        deployment = self.office.deployment
        own = notification_work(MailScribe(deployment, app=self.office.app))
        Worker(store=deployment.store, catalog=deployment.catalog, own=own).work()
        hand_over(deployment.store, deployment.settings)
        (mail,) = [m for m in mails(deployment.settings.folder) if "/do/" in plain_text(m)]
        return re.findall(r"http\S+/do/\S+", plain_text(mail))[0]


@pytest.fixture
def desk(office: Any) -> Desk:
    firm, owner = office.open_firm(f"papers-{secrets.token_hex(4)}")
    person_id, client = office.add_person(f"anna-{firm.slug}")
    colleague_id, colleague = office.add_person(f"emil-{firm.slug}")
    with as_owner(office.store, office.catalog, firm) as ctx:
        account = an_account(ctx, "Bakery")
        link_contact(ctx, account, a_contact(ctx, "Anna", client))
        email_id = a_client(ctx, account, person_id, client)
        assert email_id in addresses_of_account(ctx, account)
        save_settings(ctx, account, {"core.notify": {email_id: True}})
        assign(ctx, account.id, an_employee(ctx, person_id=colleague_id))
    return Desk(office, firm, account, owner, colleague, client)


def test_a_document_from_the_phone_to_the_trash_and_back(
    desk: Desk, visit: Callable[..., Page], look: Callable[..., None]
) -> None:
    """O1, DOC-1, DOC-2, DOC-3, DOC-6, DOC-7, DOC-8."""
    client, staff = visit(desk.client, width=360), visit(desk.owner)
    client.goto(f"{desk.portal}/documents")
    look(client, name="documents in the portal")
    client.get_by_role("link", name="From the client").click()
    _upload(client, "scan.pdf")
    look(client, name="a folder in the portal")

    staff.goto(desk.profile)
    line = staff.get_by_role("listitem").filter(has_text="scan.pdf")
    line.get_by_text("New", exact=True).wait_for()
    colleague = visit(desk.colleague)
    colleague.goto(desk.profile)
    colleague.get_by_role("link", name="scan.pdf").click()
    colleague.get_by_role("heading", name="scan.pdf").wait_for()
    staff.reload()
    line.wait_for()
    assert line.get_by_text("New", exact=True).count() == 0

    staff.get_by_role("link", name="scan.pdf").click()
    staff.get_by_text("The preview is being made.").wait_for()
    look(staff, name="a document that waits for its preview")
    Worker(store=desk.office.store, catalog=desk.office.catalog).work()
    staff.get_by_alt_text("Page 1 of 1").wait_for()
    assert staff.get_by_role("region", name="Preview").count() == 1
    look(staff, name="a document")
    staff.get_by_role("link", name="Move").click()
    _move_surely(staff, "For the client", "only be able to read it", "The document is moved.")

    staff.get_by_role("link", name="For the client").click()
    look(staff, name="a folder")
    _from_version_to_trash(desk, staff, client, look)


def test_in_lite_a_colleagues_look_leaves_it_new(
    desk: Desk, visit: Callable[..., Page], look: Callable[..., None]
) -> None:
    """DOC-3: only one's own look clears it there."""
    desk.office.give_edition(desk.firm, "lite")
    client = visit(desk.client, width=360)
    client.goto(f"{desk.portal}/documents")
    client.get_by_role("link", name="From the client").click()
    _upload(client, "scan.pdf")
    staff, colleague = visit(desk.owner), visit(desk.colleague)
    for page, is_new in ((colleague, True), (staff, True), (colleague, False)):
        page.goto(desk.profile)
        line = page.get_by_role("listitem").filter(has_text="scan.pdf")
        line.wait_for()
        assert bool(line.get_by_text("New", exact=True).count()) is is_new
        page.get_by_role("link", name="scan.pdf").click()
        page.get_by_role("heading", name="scan.pdf").wait_for()
    staff.goto(desk.profile)
    line = staff.get_by_role("listitem").filter(has_text="scan.pdf")
    line.wait_for()
    assert line.get_by_text("New", exact=True).count() == 0


def test_folders_are_planned_moved_and_taken_along(
    desk: Desk, visit: Callable[..., Page], look: Callable[..., None]
) -> None:
    """DOC-1, DOC-2, DOC-7: a template makes them; chosen documents come as one archive."""
    staff = visit(desk.owner)
    staff.goto(f"/f/{desk.firm.slug}/documents/templates")
    staff.get_by_role("link", name="New template").click()
    staff.get_by_label("Name").fill("Yearly")
    staff.get_by_label("Client sees and edits").fill("Taxes/2026\nPayslips")
    staff.get_by_role("button", name="Add template").click()
    staff.get_by_text("The template is saved.").wait_for()
    staff.goto(f"{desk.profile}/documents")
    staff.get_by_role("link", name="Apply a folder template").click()
    staff.get_by_label("Yearly").check()
    staff.get_by_role("button", name="Make the folders").click()
    staff.get_by_text("3 folders are made.").wait_for()
    staff.get_by_role("link", name="Taxes").click()
    staff.get_by_role("link", name="2026").click()
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        _upload(staff, name)
    staff.get_by_label("Choose a.pdf").check()
    staff.get_by_label("Choose c.pdf").check()
    look(staff, name="chosen documents")
    with staff.expect_download() as coming:
        staff.get_by_role("button", name="Download the chosen ones").click()
    with zipfile.ZipFile(coming.value.path()) as archive:
        assert archive.namelist() == ["a.pdf", "c.pdf"]
    staff.get_by_role("link", name="Move folder").click()
    _move_surely(staff, "Internal", "no longer see it", "The folder is moved.")
    client = visit(desk.client, width=360)
    client.goto(f"{desk.portal}/documents")
    client.get_by_role("link", name="Taxes").click()
    client.get_by_text("This folder is empty.").wait_for()


def _from_version_to_trash(
    desk: Desk, staff: Page, client: Page, look: Callable[..., None]
) -> None:
    """Staff put a second version there, which the client reads; then it is deleted, and back."""
    staff.get_by_role("link", name="Upload").first.click()
    _upload(staff, "scan.pdf", go=False)
    staff.get_by_role("link", name="scan.pdf").first.click()
    staff.get_by_text("Version 2").first.wait_for()
    client.goto(f"{desk.portal}/documents")
    client.get_by_role("link", name="scan.pdf").first.click()
    client.get_by_text("Version 1", exact=True).wait_for()
    with client.expect_download() as coming:
        client.get_by_role("link", name="Download", exact=True).click()
    assert coming.value.suggested_filename == "scan.pdf"
    assert client.get_by_role("link", name="Delete").count() == 0

    staff.get_by_role("link", name="Delete").click()
    staff.get_by_role("button", name="Delete").click()
    staff.get_by_text("The document is deleted.").wait_for()
    answer = client.reload()
    assert answer is not None
    assert answer.status == 404
    staff.goto(f"{desk.profile}/documents/trash")
    look(staff, name="the trash")
    staff.get_by_role("button", name=re.compile("Bring back.*scan.pdf")).click()
    staff.get_by_text("The document is back in its folder.").wait_for()
    client.goto(f"{desk.portal}/documents")
    client.get_by_role("link", name="scan.pdf").first.wait_for()


def test_a_request_brings_a_file_in_from_a_mail(
    desk: Desk, visit: Callable[..., Page], look: Callable[..., None]
) -> None:
    """DOC-7, POR-7: whoever has the mail sends it, without signing in."""
    staff = visit(desk.owner)
    staff.goto(f"{desk.profile}/documents")
    staff.get_by_role("link", name="Requests").click()
    look(staff, name="requests")
    staff.get_by_role("link", name="Ask for documents").first.click()
    staff.get_by_label("What you need").fill("The bank statements of 2025")
    look(staff, name="asking")
    staff.get_by_role("button", name="Send the request").click()
    staff.get_by_text("The request is sent.").wait_for()

    client = visit(width=360)
    client.goto(desk.link_in_mail())
    client.get_by_text("The bank statements of 2025").first.wait_for()
    look(client, name="what is asked")
    file = {"name": "statements.pdf", "mimeType": "application/pdf", "buffer": PDF}
    client.locator('input[type="file"]').set_input_files(file)  # type: ignore[arg-type]
    client.get_by_role("button", name="Send").click()
    client.get_by_text("Thank you. 1 document has arrived.").wait_for()

    staff.goto(f"{desk.profile}/documents/requests")
    staff.get_by_text("answered").wait_for()
    staff.goto(desk.profile)
    line = staff.get_by_role("listitem").filter(has_text="statements.pdf")
    line.get_by_text("New", exact=True).wait_for()


def _move_surely(page: Page, into: str, warning: str, notice: str) -> None:
    """Chooses a folder that is seen by others, is warned, and means it (DOC-2)."""
    page.get_by_label(into).check()
    page.get_by_role("button", name="Move").click()
    page.get_by_text(warning).first.wait_for()
    page.get_by_label("Yes, I want to change who sees it").check()
    page.get_by_role("button", name="Move").click()
    page.get_by_text(notice).wait_for()


def _upload(page: Page, name: str, *, go: bool = True) -> None:
    """Chooses a file on the upload page of the folder that is open, and sends it."""
    if go:
        page.get_by_role("link", name="Upload").first.click()
    page.get_by_role("heading", name=re.compile("Upload to")).wait_for()
    file = {"name": name, "mimeType": "application/pdf", "buffer": a_pdf("Bank statement")}
    page.locator('input[type="file"]').first.set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Upload", exact=True).click()
    page.get_by_text("1 document is uploaded.").wait_for()
