"""The page with which a client begins: what is to be done first, and counted for the choice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from crm_core.context import Item, Page, item_list
from crm_core.contributions import Menu, Place, Route, Scope, Section
from crm_core.permissions import SEE_ACCOUNTS, USE_PORTAL
from crm_core.testing.builders import a_client, an_account, as_owner, with_login
from crm_core.words import words_of
from tests.conftest import PASSWORD
from tests.web.browsing import elements, sign_in
from tests.web.plugins import Trial, a_plugin, a_template
from web.signin.people import add_person

if TYPE_CHECKING:
    from pathlib import Path

    from crm_core.accounts import Account
    from crm_core.context import Context, Fragment
    from web.settings import Settings

_ = words_of("tests")
ANNA = "anna@client.example"


class ToDo:
    """A module's things to do, by the names of accounts."""

    def __init__(self) -> None:
        self.left = {"Bakery": 2}

    def load(self, ctx: Context, account: Account) -> Fragment | None:
        count = self.left.get(account.name, 0)
        items = [Item(what=f"Sign paper {n}") for n in range(count)]
        return item_list(items, empty=_("Nothing")) if items else None

    def count(self, ctx: Context, keys: list[int]) -> dict[int, int]:
        return {keys[0]: self.left["Bakery"]} if self.left["Bakery"] else {}


def fails(*_asked: Any) -> Any:
    raise RuntimeError("broken")


def a_card(name: str, load: Any, **more: Any) -> Section:
    return Section(
        name=name, title=_(name.title()), place=Place.PORTAL, load=load, needs=USE_PORTAL, **more
    )


def plain(ctx: Context, account: Account) -> Fragment:
    return item_list([Item(what="A paper")], empty=_("Nothing"))


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_is_to_be_done_stands_first_and_leaves_when_it_is_done(
    settings: Settings, tmp_path: Path
) -> None:
    """2.15, POR-3: cards by the modules; a broken one breaks neither page nor count."""
    to_do = ToDo()
    body = "{% extends 'shell/portal.html' %}{% block body %}All papers{% endblock %}"
    template = a_template(tmp_path, "papers", body)
    papers = a_plugin(
        tmp_path,
        "papers",
        sections=(
            a_card("papers", plain, order=1, all_route="all"),
            a_card("signing", to_do.load, open_items=to_do.count, order=700),
            a_card("broken", fails, open_items=fails, order=10),
        ),
        routes=(
            Route(
                name="all",
                scope=Scope.PORTAL,
                needs=USE_PORTAL,
                view=lambda ctx, account: Page(template, _("Papers")),
                menu=Menu(title=_("Papers")),
            ),
        ),
    )
    trial = Trial.of(settings, papers)
    store, catalog = trial.deployment.store, trial.deployment.catalog
    person = add_person(store, ANNA, PASSWORD)
    with as_owner(store, catalog, trial.firm) as ctx:
        bakery = an_account(ctx, "Bakery", emails=(ANNA,))
        a_client(ctx, bakery, person)
        mill = an_account(ctx, "Mill", emails=(ANNA,))
        with_login(ctx, mill)
    anna = trial.client.application.test_client()
    sign_in(anna, ANNA)
    assert "2 things to do" in anna.get("/").text
    root = f"/p/acme/{bakery.public_id}"
    page = anna.get(root).text
    assert titles(page) == ["Broken", "Signing", "Papers", "Who works for you"]
    assert "Not available just now" in page
    assert "Sign paper 1" in page
    menu = [e.text for e in elements(page, "a") if e.parent and e.parent.tag == "nav"]
    assert menu == ["Home", "Papers", "Your details"]
    assert "All papers" in anna.get(f"{root}/papers").text
    to_do.left["Bakery"] = 0
    assert titles(anna.get(root).text) == ["Broken", "Papers", "Who works for you"]
    assert "things to do" not in anna.get("/").text
    assert trial.client.get(f"{root}/papers").status_code == 404, "staff are no clients"


def titles(page: str) -> list[str]:
    return [e.text for e in elements(page, "h2") if e.get("id").startswith("section-")]


def test_the_portal_takes_rights_of_clients_alone_and_the_firm_none_of_theirs() -> None:
    """A contribution that nobody could open, or that everybody could, is not built."""
    for place, needs in ((Place.PORTAL, SEE_ACCOUNTS), (Place.OVERVIEW, USE_PORTAL)):
        with pytest.raises(ValueError, match="which nobody there has"):
            Section(name="x", title=_("X"), place=place, load=plain, needs=needs)
    for scope, needs in ((Scope.PORTAL, SEE_ACCOUNTS), (Scope.ACCOUNT, USE_PORTAL)):
        with pytest.raises(ValueError, match="which nobody there has"):
            Route(name="x", scope=scope, needs=needs, view=plain)
    with pytest.raises(ValueError, match="only the portal counts"):
        Section(
            name="x",
            title=_("X"),
            place=Place.OVERVIEW,
            load=plain,
            needs=SEE_ACCOUNTS,
            open_items=lambda ctx, keys: {},
        )
