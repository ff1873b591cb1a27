"""What every form keeps: no forgery, no double effect, no lost update."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.contract.expected import FILLED, with_files
from web.pages import SHELL_ROUTES

if TYPE_CHECKING:
    from crm_core.contributions import Route
    from tests.contract.snapshots import Snapshots
    from tests.contract.world import World

LEAST_FORMS, LEAST_VERSIONED = 17, 3


HANDING_OVER = "shell.settings_team_hand_over"
NOT_EVEN_ASKED_AGAIN = {HANDING_OVER: 403, "shell.info_delete": 404}
"""Forms whose effect takes away the right to send them, or what they are about."""


def posting(world: World) -> dict[str, Route]:
    """Every route that takes a POST, by its name."""
    routes = (*SHELL_ROUTES, *world.deployment.catalog.everything.routes)
    return {route.name: route.value for route in routes if route.value.submit}


def test_every_form_has_an_example(world: World) -> None:
    assert {name for name, route in posting(world).items() if route.form} == set(FILLED)


def test_a_post_without_its_token_is_refused_and_changes_nothing(
    world: World, snapshots: Snapshots
) -> None:
    world.app.config["WTF_CSRF_ENABLED"] = True
    for endpoint in posting(world):
        client, url, filled = world.asker(endpoint), world.fresh(endpoint), world.data(endpoint)
        before = snapshots.digest()
        for token in (None, "", "forged"):
            data = with_files({**filled, "_once": world.key()})
            if token is not None:
                data["csrf_token"] = token
            answer = client.post(url, data=data)
            assert answer.status_code == 400, endpoint
        assert snapshots.digest() == before, endpoint


def test_a_post_without_a_key_of_its_own_is_refused(world: World, snapshots: Snapshots) -> None:
    for endpoint in posting(world):
        client, url, filled = world.asker(endpoint), world.fresh(endpoint), world.data(endpoint)
        before = snapshots.digest()
        for key in ("", "short", "Z" * 32):
            data = with_files({**filled, "_once": key})
            assert client.post(url, data=data).status_code == 400, endpoint
        assert snapshots.digest() == before, endpoint


def test_a_form_that_is_sent_twice_acts_once(world: World, snapshots: Snapshots) -> None:
    met = 0
    for endpoint in sorted(posting(world), key=lambda name: name == HANDING_OVER):
        client, url = world.asker(endpoint), world.fresh(endpoint)
        data = {**world.data(endpoint), "_once": world.key()}
        first = client.post(url, data=with_files(data))
        assert first.status_code == 303, (endpoint, first.text)
        after = snapshots.digest()
        if endpoint in NOT_EVEN_ASKED_AGAIN:
            answer = client.post(url, data=with_files(data))
            assert answer.status_code == NOT_EVEN_ASKED_AGAIN[endpoint]
        else:
            second = client.post(url, data=with_files(data))
            assert (second.status_code, second.headers["Location"]) == (
                303,
                first.headers["Location"],
            ), endpoint
        assert snapshots.digest() == after, endpoint
        if endpoint == "shell.settings_modules_switch":
            client.post(url, data={"sure": "1", "_once": world.key()})
        met += 1
    print(f"{met} forms were sent twice")
    assert met >= LEAST_FORMS


def test_a_form_with_an_old_version_is_refused(world: World, snapshots: Snapshots) -> None:
    met = 0
    for endpoint in posting(world):
        if "version" not in FILLED.get(endpoint, {}):
            continue
        client, url = world.asker(endpoint), world.fresh(endpoint)
        before = snapshots.digest()
        data = with_files({**FILLED[endpoint], "version": "0", "_once": world.key()})
        answer = client.post(url, data=data)
        assert answer.status_code == 409, endpoint
        assert snapshots.digest() == before, endpoint
        assert "Somebody else saved this" in answer.text
        # The next try carries the version that is saved now.
        assert re.search(r'name="version" value="[1-9]', answer.text), endpoint
        met += 1
    print(f"{met} forms with a version")
    assert met >= LEAST_VERSIONED
