"""The menus show what would open, and nothing else (PER-4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from crm_core.permissions import MANAGE_FIRM, MANAGE_TAGS
from crm_core.testing.builders import an_employee, as_owner
from tests.conftest import PASSWORD
from tests.contract.world import GIVEN
from tests.web.browsing import elements
from web.menus import SHELL_ROUTES
from web.signin.people import add_person

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store

CLIENTS = "/f/acme/clients"
SETTINGS = "/f/acme/settings/"


def linked(html: str, label: str) -> set[str]:
    """Where the links of a menu lead."""
    every = elements(html)
    (menu,) = (e for e in every if e.tag == "nav" and e.get("aria-label") == label)
    return {e.get("href") for e in every if e.tag == "a" and e.inside(menu)}


def someone(
    store: Store, catalog: Catalog, firm: Firm, browser_for: Callable[..., FlaskClient], right: str
) -> FlaskClient:
    """The browser of an employee with this one right, or with none."""
    person = add_person(store, "emil@firm.example", PASSWORD)
    with as_owner(store, catalog, firm) as ctx:
        rights = [given for given in ctx.modules.permissions if given.name == right]
        an_employee(ctx, *rights, person_id=person)
    return browser_for("emil@firm.example")


def pages_of_settings(client: FlaskClient) -> set[str]:
    """The settings that the owner sees: all that there are."""
    return linked(client.get(f"{SETTINGS}firm").text, "Settings")


@pytest.mark.parametrize("right", ["", *GIVEN])
def test_the_settings_that_stand_in_the_menu_are_those_that_open(
    client: FlaskClient,
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
    browser_for: Callable[..., FlaskClient],
    right: str,
) -> None:
    """PER-4"""
    every = pages_of_settings(client)
    assert len(every) >= 9
    colleague = someone(store, catalog, owned_firm, browser_for, right)
    opens = {page for page in every if colleague.get(page).status_code == 200}
    main = linked(colleague.get(CLIENTS).text, "Main")
    assert main & every <= opens
    assert bool(main & every) == bool(opens)
    for page in opens:
        assert linked(colleague.get(page).text, "Settings") == opens
    assert {CLIENTS, "/f/acme/contacts"} <= main


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_page_that_asks_for_another_right_moves_in_the_menu_by_itself(
    app: Flask,
    client: FlaskClient,
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
    browser_for: Callable[..., FlaskClient],
) -> None:
    """PER-4: right and entry come from the route."""
    routes = app.extensions[SHELL_ROUTES]
    assert routes["shell.settings_tags"].needs is MANAGE_TAGS
    colleague = someone(store, catalog, owned_firm, browser_for, MANAGE_TAGS.name)
    page = f"{SETTINGS}tags"
    assert page in linked(colleague.get(page).text, "Settings")
    routes["shell.settings_tags"] = evolve(routes["shell.settings_tags"], needs=MANAGE_FIRM)
    assert page not in linked(colleague.get(CLIENTS).text, "Main")
