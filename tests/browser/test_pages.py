"""Pages in their states, in both themes, at every width: nothing unsound, nothing too wide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import frozen

from crm_core.accounts import AccountType, NewAccount, create_account
from crm_core.contacts import Detail, NewContact
from crm_core.postal import PostalAddress
from crm_core.tags import TagChange, add_tag, set_tags
from crm_core.testing.builders import an_account, an_employee, as_owner
from plugins.notes.actions import write_note
from plugins.notes.forms import NewNote

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.firms import Firm

FEW = 8
"""Lines on a page of a list, in these tests: each costs its time."""

LONG = "Wolfeschlegelsteinhausenbergerdorff"
NAMES = {
    "long": ("Administratie- en belastingadvieskantoor " * 5)[:200].strip(),
    "unbroken": (LONG * 6)[:200],
    "hebrew": "משרד רואי חשבון כהן ושות׳ (Haarlem) 12",
    "arabic": "شركة المحاسبة المتحدة ذ.م.م. – B.V.",
    "mixed": "\u202eBakker & <b>Zonen</b> \U0001f9fe",
}
LONG_EMAIL = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 55}.example"

MARKDOWN = """# Yearly meeting

Two things, *both* **urgent**, says [the site](https://example.org/a/very/long/path/that/goes/on):

1. the oven lease
2. `VAT-2026-Q3`

> quoted

```
a line of code that is long enough to leave a phone if nothing holds it back, and then some more
```
"""


@frozen
class Stand:
    """A firm with what the pages show: a bare client, a rich one, and a crowd."""

    firm: Firm
    owner: str
    bare: Account
    rich: Account

    @property
    def root(self) -> str:
        return f"/f/{self.firm.slug}"

    def of(self, account: Account, path: str = "") -> str:
        return f"{self.root}/accounts/{account.public_id}{path}"


@pytest.fixture(scope="session")
def stand(office) -> Stand:
    firm, owner = office.open_firm("stand")
    with as_owner(office.store, office.catalog, firm) as ctx:
        bare = an_account(ctx, first_name="Bare", last_name="Client")
        rich = create_account(
            ctx,
            NewAccount(
                type=AccountType.BUSINESS,
                company_name="Bakkerij de Haan B.V.",
                company_address=PostalAddress(
                    street="Grote Markt 12",
                    postcode="2011 RD",
                    city="Haarlem",
                    region="Noord-Holland",
                    country="Netherlands",
                ),
                description="Director, primary contact",
                contact=NewContact(
                    first_name="Anna",
                    last_name="de Haan",
                    company="De Haan Holding",
                    phone="+31 6 0000 1042",
                    emails=("anna@dehaan.example", "administratie@dehaan.example"),
                    address=PostalAddress(street="Kade 1", city="Haarlem"),
                    details=(
                        Detail(label="Birthday", value="1975-12-12"),
                        Detail(label="Notes", value="two\nlines"),
                    ),
                ),
            ),
        )
        write_note(ctx, rich, NewNote(text=MARKDOWN, pinned=True))
        for number in range(FEW + 3):
            write_note(ctx, rich, NewNote(text=f"Note {number} about {LONG}", pinned=False))
        for number in range(FEW + 3):
            an_account(ctx, f"Client {number:03}")
    return Stand(firm, owner, bare, rich)


@pytest.fixture(autouse=True)
def _short_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.pages.clients.PAGE", FEW)
    monkeypatch.setattr("plugins.notes.views.PAGE", FEW)


def test_the_pages_outside_a_firm(office, stand, visit, look) -> None:
    page = visit()
    page.goto("/sign-in")
    look(page)
    page.get_by_label("E-mail address").fill("nobody@people.example")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    assert "do not belong together" in page.get_by_role("alert").inner_text()
    look(page)

    _person, stranger = office.add_person("stranger")
    page = visit(stranger)
    page.goto("/")
    assert "in no firm's team" in page.inner_text("main")
    look(page, name="no firm")

    person, busy = office.add_person("busy")
    for name in ("north", "south"):
        firm, _owner = office.open_firm(name)
        with as_owner(office.store, office.catalog, firm) as ctx:
            an_employee(ctx, person_id=person)
    page = visit(busy)
    page.goto("/")
    assert page.get_by_role("listitem").count() == 2
    look(page, name="two firms")


def test_the_list_of_clients_empty_with_one_and_with_many(office, stand, visit, look) -> None:
    firm, owner = office.open_firm("quiet")
    page = visit(owner)
    page.goto(f"/f/{firm.slug}/clients")
    assert "no clients yet" in page.inner_text("main")
    look(page, name="no clients")
    with as_owner(office.store, office.catalog, firm) as ctx:
        an_account(ctx, "Alone")
    page.reload()
    assert page.get_by_role("row").count() == 2
    look(page, name="one client")

    page = visit(stand.owner)
    page.goto(f"{stand.root}/clients")
    assert page.get_by_role("row").count() == FEW + 1
    look(page, name="many clients")
    page.get_by_role("link", name="Next").click()
    page.get_by_role("link", name="Previous").wait_for()
    look(page, name="the last clients")


def test_an_employee_to_whom_nobody_is_assigned(office, visit, look) -> None:
    person, address = office.add_person("idle")
    firm, _owner = office.open_firm("idle-firm")
    with as_owner(office.store, office.catalog, firm) as ctx:
        an_employee(ctx, person_id=person)
    page = visit(address)
    page.goto(f"/f/{firm.slug}/clients")
    assert "No client is assigned to you yet" in page.inner_text("main")
    look(page, name="nothing assigned")
    answer = page.goto(f"/f/{firm.slug}/clients/new")
    assert answer.status == 403
    look(page, name="403")


def test_the_form_for_a_new_client_blank_and_with_mistakes(stand, visit, look) -> None:
    page = visit(stand.owner)
    page.goto(f"{stand.root}/clients/new")
    look(page, name="blank")
    for label in ("Account name", "City"):
        page.get_by_label(label).evaluate("e => e.removeAttribute('maxlength')")
        page.get_by_label(label).fill("x" * 201)
    page.get_by_role("button", name="Add client").click()
    assert page.get_by_role("alert").get_by_role("link").count() == 2
    look(page, name="with mistakes")


def test_the_overview_with_and_without_notes_and_with_a_failing_section(
    stand, visit, look, monkeypatch
) -> None:
    page = visit(stand.owner)
    page.goto(stand.of(stand.bare))
    page.get_by_role("link", name="Write the first note").wait_for()
    look(page, name="without notes")
    page.goto(stand.of(stand.rich))
    assert page.locator(".rows li").count() == 5
    look(page, name="with notes")
    monkeypatch.setattr("plugins.notes.store.latest_notes", _broken)
    page.reload()
    assert "Not available just now" in page.inner_text("main")
    look(page, name="with a failing section")


def test_the_info_tab_bare_and_rich(stand, visit, look) -> None:
    page = visit(stand.owner)
    for account in (stand.bare, stand.rich):
        page.goto(stand.of(account, "/info"))
        look(page)


def test_the_pages_of_notes(stand, visit, look) -> None:
    page = visit(stand.owner)
    page.goto(stand.of(stand.bare, "/notes"))
    look(page, name="no notes")
    page.goto(stand.of(stand.rich, "/notes"))
    assert page.get_by_role("article").count() == FEW
    look(page, name="many notes")
    page.get_by_role("link", name="Older notes").click()
    page.get_by_role("link", name="Newest notes").wait_for()
    look(page, name="older notes")
    page.goto(stand.of(stand.rich, "/notes/new"))
    look(page, name="new note")
    page.get_by_role("button", name="Save note").click()
    page.get_by_role("alert").wait_for()
    look(page, name="new note without a text")
    page.goto(stand.of(stand.rich, "/notes"))
    page.get_by_role("link", name="Delete").first.click()
    page.get_by_role("button", name="Delete note").wait_for()
    look(page, name="deleting")
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("link", name="Edit").first.click()
    look(page, name="editing")
    page.locator("input[name=version]").evaluate("e => e.value = '77'")
    page.get_by_label("Note", exact=False).first.fill("Another text")
    page.get_by_role("button", name="Save note").click()
    page.get_by_role("heading", name="What is saved now").wait_for()
    look(page, name="conflict")


def test_the_pages_of_what_is_missing_and_what_failed(stand, visit, look, monkeypatch) -> None:
    page = visit(stand.owner)
    assert page.goto(f"{stand.root}/nothing-here").status == 404
    look(page, name="404")
    monkeypatch.setattr("plugins.notes.store.notes_page", _broken)
    assert page.goto(stand.of(stand.rich, "/notes")).status == 500
    assert "Reference" in page.inner_text("main")
    look(page, name="500")


def test_the_menu_on_a_phone(stand, visit, look) -> None:
    page = visit(stand.owner, width=360)
    page.goto(stand.of(stand.rich))
    menu = page.get_by_role("navigation", name="Main")
    assert not menu.is_visible()
    page.get_by_role("button", name="Menu").click()
    assert menu.is_visible()
    look(page, name="menu open")


@pytest.mark.parametrize("kind", NAMES)
def test_names_of_every_length_and_direction(office, kind: str, visit, look) -> None:
    firm, owner = office.open_firm(f"names-{kind}")
    name = NAMES[kind]
    with as_owner(office.store, office.catalog, firm) as ctx:
        account = create_account(
            ctx,
            NewAccount(
                type=AccountType.BUSINESS,
                name=name,
                company_name=name,
                company_address=PostalAddress(street=name, city=name),
                description=name,
                contact=NewContact(
                    first_name=name,
                    company=name[::-1],
                    emails=(LONG_EMAIL,),
                    details=(Detail(label=name, value=name),),
                ),
            ),
        )
        write_note(ctx, account, NewNote(text=name, pinned=True))
    assert len(LONG_EMAIL) >= 250
    page = visit(owner)
    page.goto(f"/f/{firm.slug}/clients")
    look(page, name=f"clients, {kind}")
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("heading", level=1).wait_for()
    look(page, name=f"overview, {kind}")
    for tab in ("info", "notes"):
        page.goto(f"/f/{firm.slug}/accounts/{account.public_id}/{tab}")
        assert page.get_by_role("heading", level=1).inner_text() == name
        look(page, name=f"{tab}, {kind}")
    page.goto(f"/f/{firm.slug}/accounts/{account.public_id}/info")
    assert LONG_EMAIL in page.inner_text("main")


def test_long_texts_beside_them_leave_room_for_the_names(office, visit) -> None:
    firm, owner = office.open_firm("room")
    with as_owner(office.store, office.catalog, firm) as ctx:
        account = an_account(ctx, "Bakery", emails=(LONG_EMAIL,), phone="1" * 50)
        tags = {add_tag(ctx, TagChange(name=f"{LONG} {number}")).id for number in range(8)}
        set_tags(ctx, account, tags)
    page = visit(owner)
    for place in ("clients", "contacts"):
        page.goto(f"/f/{firm.slug}/{place}")
        for width in (1920, 1280, 768, 360):
            page.set_viewport_size({"width": width, "height": 800})
            name = page.get_by_role("row").nth(1).get_by_role("link")
            assert name.bounding_box()["height"] < 60, (place, width)


def _broken(*_arguments: object, **_more: object) -> None:
    raise RuntimeError("broken on purpose")
