"""What Google, Outlook and Thunderbird export becomes profiles that people can read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from attrs import frozen

from crm_core.exchange.importing import import_contacts
from crm_core.testing.builders import as_owner

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from crm_core.firms import Firm
    from web.bootstrap import Deployment

FOLDER = "contacts/csv/roundcubemail"


@frozen(kw_only=True)
class Export:
    """A file that a program exported, and what its only contact has to show."""

    file: str
    name: str
    emails: tuple[str, ...]
    address: str = ""
    role: str = ""


EXPORTS = (
    Export(
        file="Csv2vcard__gmail.csv",
        name="Firstname Middle Lastname",
        emails=("home@aaa.pl", "work@email.pl", "unknown@email.com", "other@email.com"),
        address="home_street, home_zip home_city, home_state, home_country",
        role="jobtitle",
    ),
    Export(
        file="Csv2vcard__outlook.csv",
        name="test1@domain.tld",
        emails=("test1@domain.tld", "test2@domain.tld", "test3@domain.tld"),
    ),
    Export(
        file="Csv2vcard__tb_plain.csv",
        name="Firstname Lastname",
        emails=("test@domain.tld", "next@domain.tld"),
        address="Priv address, xx-xxx City, region, USA",
        role="title",
    ),
)


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.file)
def test_an_exported_contact_can_be_read(
    export: Export, office: Any, corpora: Path, visit: Callable[..., Page], look: Callable[..., Any]
) -> None:
    firm, owner = office.open_firm(re.sub(r"[^a-z]+", "-", export.file.lower()).strip("-"))
    _bring_in(office.deployment, firm, corpora / FOLDER / export.file)
    page = visit(owner)
    page.goto("/")
    _open_info(page, export, look)


def test_the_same_on_a_phone_in_the_dark(
    office: Any, corpora: Path, visit: Callable[..., Page], look: Callable[..., Any]
) -> None:
    export = EXPORTS[0]
    firm, owner = office.open_firm("pocket")
    _bring_in(office.deployment, firm, corpora / FOLDER / export.file)
    page = visit(owner, width=360, theme="light")
    page.goto("/")
    light = _ground(page)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Dark theme").click()
    page.wait_for_url("**/home")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert _ground(page) != light
    _open_info(page, export, look)
    page.emulate_media(color_scheme="light")
    assert _ground(page) != light, "the choice of a person outlives that of the system"


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
def test_the_same_on_postgres(
    deployment: Deployment,
    serve: Callable[[Deployment], Any],
    corpora: Path,
    visit: Callable[..., Page],
    look: Callable[..., Any],
) -> None:
    export = EXPORTS[2]
    with serve(deployment) as office:
        firm, owner = office.open_firm("postgres")
        _bring_in(deployment, firm, corpora / FOLDER / export.file)
        page = visit(owner, at=office.url)
        page.goto("/")
        _open_info(page, export, look)
        page.context.close()


def _bring_in(deployment: Deployment, firm: Firm, file: Path) -> None:
    """Does what `crm import FILE` does."""
    with as_owner(deployment.store, deployment.catalog, firm, write=False) as ctx:
        pass
    summary = import_contacts(ctx, file)
    assert (summary.contacts, summary.accounts, list(summary.refused)) == (1, 1, [])


def _open_info(page: Page, export: Export, look: Callable[..., Any]) -> None:
    """Clicks from the list of clients to the Overview and on to the Info tab, and reads both."""
    page.get_by_role("link", name=export.name, exact=True).click()
    heading = page.get_by_role("heading", level=1)
    assert heading.inner_text() == export.name
    look(page)
    page.get_by_role("navigation", name="Client").get_by_role("link", name="Info").click()
    page.get_by_role("heading", name="Account details").wait_for()
    assert heading.inner_text() == export.name
    contact = page.get_by_role("article", name=export.name)
    for email in export.emails:
        assert contact.locator("a[href^='mailto:']", has_text=email).first.is_visible()
    for text in filter(None, (export.address, export.role)):
        assert contact.get_by_text(text, exact=True).is_visible()
    look(page)


def _ground(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))
