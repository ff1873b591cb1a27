"""Every card of the home page, of plugins and of the shell: for a full firm and an empty one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from crm_core.access import assign
from crm_core.context import Fragment, Item, To
from crm_core.contributions import Place, Scope
from crm_core.demo.clients import demo_clients
from crm_core.demo.filling import fill_firm
from crm_core.membership import add_member
from crm_core.permissions import Role
from crm_core.team import list_members
from crm_core.testing.builders import a_person, an_account, as_owner, as_person
from crm_core.testing.recording import recorded
from web.sections import cards, sections_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm_core.catalog import Contributed
    from crm_core.context import Context
    from crm_core.contributions import Section
    from tests.contract.world import World

QUERIES = 1
MOST_ITEMS = 5
LEAST_CARDS = 3


def loaded(ctx: Context) -> Mapping[str, tuple[Contributed[Section], Fragment, int]]:
    """Each card that the viewer may see, what it answers, and its queries."""
    found: dict[str, Any] = {}
    for name, section in sections_of(ctx, Place.HOME).items():
        with recorded(ctx.store) as statements:
            answer = section.value.load(ctx)
            assert isinstance(answer, Fragment), name
            list(answer.values["items"])
        found[name] = (section, answer, len(statements))
    assert len(found) >= LEAST_CARDS
    return found


@pytest.mark.parametrize("much", [True, False])
def test_a_card_answers_within_its_query_and_its_items(world: World, *, much: bool) -> None:
    store, catalog = world.deployment.store, world.deployment.catalog
    if much:
        with as_owner(store, catalog, world.here) as ctx:
            fill_firm(ctx, demo_clients(20))
    with as_owner(store, catalog, world.here, write=False) as ctx:
        for name, (_section, answer, queries) in loaded(ctx).items():
            assert queries <= QUERIES, name
            items = answer.values["items"]
            assert len(items) <= MOST_ITEMS, name
            assert not much or items, f"{name} shows nothing in the demonstration"
            assert all(isinstance(item, Item) and item.to for item in items), name
            (to, words) = answer.values["start"]
            assert isinstance(to, To), name
            assert str(words), name
            assert str(answer.values["empty"]), name


def test_a_card_draws_and_all_its_links_lead_somewhere(world: World) -> None:
    store, catalog = world.deployment.store, world.deployment.catalog
    with as_owner(store, catalog, world.here) as ctx:
        fill_firm(ctx, demo_clients(20))
    with world.app.test_request_context(), as_owner(store, catalog, world.here, write=False) as ctx:
        routes = {route.name: route.value for route in catalog.everything.routes}
        for card in cards(ctx, Place.HOME):
            assert card.html, card.name
            if card.all_of and not card.name.startswith("shell."):
                assert routes[card.all_of.route].scope is Scope.FIRM, card.name
        for name, (_section, answer, _queries) in loaded(ctx).items():
            for item in answer.values["items"]:
                assert world.app.url_for(item.to.route, firm="here", **item.to.parameters), name


def test_r4_a_card_says_nothing_of_clients_that_the_viewer_does_not_see(world: World) -> None:
    """R4: an employee sees what they are assigned to, on the home page as elsewhere."""
    store, catalog = world.deployment.store, world.deployment.catalog
    person = a_person(store)
    with as_owner(store, catalog, world.here) as ctx:
        fill_firm(ctx, demo_clients(20))
        add_member(ctx, person, "Eva Employee", "eva@x.example", Role.EMPLOYEE)
        own = an_account(ctx, "Seen by Eva")
        member = next(one for one in list_members(ctx) if one.person_id == person)
        assign(ctx, own.id, member.id)
    with as_person(store, catalog, world.here, person) as ctx:
        for name, (_section, answer, _queries) in loaded(ctx).items():
            accounts = {item.to.parameters.get("account") for item in answer.values["items"]}
            assert accounts <= {own.public_id, None}, name
    with as_owner(store, catalog, world.there, write=False) as ctx:
        items = [i.what for _s, answer, _q in loaded(ctx).values() for i in answer.values["items"]]
        assert items == ["Bakery"], "another firm's home page knows its own client alone"
