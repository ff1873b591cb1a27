"""Every section of every plugin: for a rich, an empty and a foreign account."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve

from crm_core.accounts import account_of
from crm_core.context import Fragment, Item, To
from crm_core.contributions import DemoAccount, Place, Scope
from crm_core.demo.clients import demo_clients
from crm_core.links import link_contact
from crm_core.testing.builders import a_contact, an_account, as_owner, as_person, with_login
from crm_core.testing.recording import recorded
from web.sections import cards
from web.templating import Shown, render_fragment

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.catalog import Contributed
    from crm_core.context import Context
    from crm_core.contributions import Section
    from tests.contract.world import World

QUERIES = 1
"""The queries that a section may make."""

OF_DOCUMENTS = {"documents": 3, "approvals": 6, "signatures": 6}
"""Those more of sections with documents: what every plugin says of them is read along, in bulk."""

MOST_ITEMS = 5
ROUNDS = 4
"""How often the demonstration of each plugin is told of the rich account."""

LEAST_SECTIONS = 1


@pytest.fixture
def sections(world: World) -> tuple[Contributed[Section], ...]:
    found = world.deployment.catalog.everything.sections(Place.OVERVIEW)
    print(f"{len(found)} sections")
    assert len(found) >= LEAST_SECTIONS
    return found


@pytest.fixture
def rich(world: World) -> Account:
    """An account for which every plugin made up as much as it can, years of it."""
    with as_owner(world.deployment.store, world.deployment.catalog, world.here) as ctx:
        account = evolve(an_account(ctx, "Rich"), created=ctx.now.replace(year=ctx.now.year - 5))
        for number in range(MOST_ITEMS + 1):
            address = f"carl{number}@x.example"
            link_contact(ctx, account, a_contact(ctx, "Carl", address))
            with_login(ctx, account, address)
        told = [DemoAccount(account=account, trade=demo_clients(1)[0].trade, first=True)] * ROUNDS
        for dataset in ctx.modules.datasets:
            assert dataset.value.demo is not None, f"{dataset.name} shows nothing in the demo"
            dataset.value.demo(ctx, told, Random(1))
        return account


def loaded(ctx: Context, section: Section, account: Account) -> tuple[Any, int]:
    """What the section answers, and how many queries it made: settling a budget is none."""
    with recorded(ctx.store) as statements:
        answer = section.load(ctx, account)
        if isinstance(answer, Fragment):
            list(answer.values.get("items", ()))
    return answer, sum(statement.startswith("SELECT ") for statement in statements)


@pytest.mark.parametrize("whose", ["rich", "empty"])
def test_a_section_answers_a_fragment_within_its_queries_and_its_items(
    world: World, sections: tuple[Contributed[Section], ...], rich: Account, whose: str
) -> None:
    with as_owner(world.deployment.store, world.deployment.catalog, world.here) as ctx:
        account = rich if whose == "rich" else an_account(ctx, "Empty")
    with as_owner(world.deployment.store, world.deployment.catalog, world.here, write=False) as ctx:
        for section in sections:
            answer, queries = loaded(ctx, section.value, account)
            assert isinstance(answer, Fragment), section.name
            most = QUERIES + OF_DOCUMENTS.get(section.plugin, 0)
            assert queries <= most, section.name
            items = answer.values.get("items", ())
            assert len(items) == (MOST_ITEMS if whose == "rich" else 0), section.name
            assert all(isinstance(item, Item) for item in items), section.name


def test_an_empty_section_says_what_to_do_next(
    world: World, sections: tuple[Contributed[Section], ...]
) -> None:
    with as_owner(world.deployment.store, world.deployment.catalog, world.here) as ctx:
        account = an_account(ctx, "Empty")
        for section in sections:
            answer, _ = loaded(ctx, section.value, account)
            assert str(answer.values["empty"]), section.name
            (to, words) = answer.values["start"]
            assert isinstance(to, To), section.name
            assert str(words), section.name


def test_a_section_draws_and_all_its_links_lead_somewhere(
    world: World, sections: tuple[Contributed[Section], ...], rich: Account
) -> None:
    store, catalog = world.deployment.store, world.deployment.catalog
    with world.app.test_request_context(), as_owner(store, catalog, world.here, write=False) as ctx:
        account = account_of(ctx, rich.public_id)
        drawn = cards(ctx, Place.OVERVIEW, account)
        assert [card.name for card in drawn] == [section.name for section in sections]
        for card in drawn:
            assert card.html, f"{card.name} failed: {card.reference}"
        for section in sections:
            answer, _ = loaded(ctx, section.value, account)
            shown = Shown(ctx=ctx, account=account, route=section.name)
            assert render_fragment(shown, answer)
            for item in answer.values["items"]:
                assert item.to is not None, section.name
                assert world.app.url_for(item.to.route, firm="here", **item.to.parameters)


def test_view_all_is_a_tab_of_the_same_plugin_that_the_section_leads_to(
    world: World, sections: tuple[Contributed[Section], ...]
) -> None:
    routes = {route.name: route.value for route in world.deployment.catalog.everything.routes}
    for section in sections:
        target = routes[f"{section.plugin}.{section.value.all_route}"]
        assert target.scope is Scope.ACCOUNT, section.name
        assert target.view is not None, section.name
        assert target.tab is not None, section.name
        assert target.needs == section.value.needs, section.name


def test_a_section_shows_nothing_of_another_account_of_the_firm(
    world: World, sections: tuple[Contributed[Section], ...], rich: Account
) -> None:
    """Even handed a foreign account by mistake, it finds no row: the queries are scoped."""
    with as_owner(world.deployment.store, world.deployment.catalog, world.here) as ctx:
        empty = an_account(ctx, "Empty")
    with as_owner(world.deployment.store, world.deployment.catalog, world.here, write=False) as ctx:
        for section in sections:
            for account in (world.accounts["foreign"], empty):
                answer, _ = loaded(ctx, section.value, account)
                assert answer.values["items"] == (), section.name
    with as_owner(
        world.deployment.store, world.deployment.catalog, world.there, write=False
    ) as ctx:
        for section in sections:
            answer, _ = loaded(ctx, section.value, rich)
            assert answer.values["items"] == (), section.name


def test_the_overview_of_a_foreign_account_is_not_there(world: World, rich: Account) -> None:
    for who, status in (("owner", 200), ("stranger", 404), ("plain", 404)):
        path = f"/f/here/accounts/{rich.public_id}"
        assert world.client(who).get(path).status_code == status, who


def test_a_section_is_drawn_for_an_employee_with_no_right_at_all(
    world: World, sections: tuple[Contributed[Section], ...]
) -> None:
    store, catalog = world.deployment.store, world.deployment.catalog
    open_to_all = [s.name for s in sections if s.value.needs.for_everyone]
    plain = world.people["plain"]
    with (
        world.app.test_request_context(),
        as_person(store, catalog, world.here, plain, write=False) as ctx,
    ):
        drawn = cards(ctx, Place.OVERVIEW, world.accounts["own"])
    assert [card.name for card in drawn] == open_to_all
    assert all(card.html for card in drawn)
