"""Proving again who one is, and a firm that demands a second factor."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from attrs import frozen

from crm_core import PUBLIC, Page, Redirect, Route, Scope, To
from crm_core.firm_settings import demand_second_factor
from crm_core.forms import File, Input, ask
from crm_core.refusals import NotAllowed
from crm_core.testing.builders import a_firm, an_employee, as_owner, as_person
from tests.conftest import ADDRESS, PASSWORD
from tests.web.browsing import elements, form_of, send, sign_in
from tests.web.plugins import Trial, _, a_plugin, a_template
from tests.web.signin.acting import confirm, set_up_factor

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import time_machine
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store
    from web.settings import Settings

INVITE = "/f/acme/settings/team/invite"
COLLEAGUE = {"name": "Iris", "address": "iris@firm.example", "role": "employee"}


@pytest.fixture
def client(clock: time_machine.Traveller, client: FlaskClient) -> FlaskClient:
    """The owner's browser, signed in by the clock of the test."""
    return client


@pytest.fixture
def later(clock: time_machine.Traveller, client: FlaskClient) -> FlaskClient:
    """The owner's browser, a quarter of an hour after signing in."""
    clock.shift(timedelta(minutes=15))
    return client


def test_a_quarter_of_an_hour_after_signing_in_it_is_open(
    clock: time_machine.Traveller, client: FlaskClient
) -> None:
    clock.shift(timedelta(minutes=14, seconds=59))
    assert client.get(INVITE).status_code == 200


def test_then_it_asks_first_and_leads_back(later: FlaskClient) -> None:
    asked = later.get(f"{INVITE}?x=1")
    assert asked.status_code == 303
    assert asked.location == f"/me/confirm?next={INVITE}?x%3D1"
    page = later.get(asked.location)
    assert "What you sent was not saved" not in page.text
    answer = later.post(asked.location, data={**form_of(page.text), "password": PASSWORD})
    assert answer.location == f"{INVITE}?x=1"
    assert later.get(INVITE).status_code == 200


def test_other_pages_stay_open(later: FlaskClient) -> None:
    assert later.get("/f/acme/clients").status_code == 200
    assert later.get("/me").status_code == 200
    assert later.get("/me/sessions").status_code == 200


def sent_too_late(
    clock: time_machine.Traveller, client: FlaskClient, path: str = INVITE, **filled: object
) -> str:
    """The page that answers a form which was filled in for a quarter of an hour."""
    secrets = form_of(client.get(INVITE).text)
    clock.shift(timedelta(minutes=15))
    answer = client.post(path, data={**secrets, **filled})
    assert answer.status_code == 401
    assert "What you sent is kept on this page and not saved yet" in answer.text
    return answer.text


def prove(client: FlaskClient, page: str, password: str = PASSWORD, **more: str) -> TestResponse:
    """Proves on that page who one is; goes on as a browser does, with the same body."""
    (form,) = (f for f in elements(page, "form") if "/me/confirm" in f.get("action"))
    filled = {**form_of(page, form.get("action")), "password": password, **more}
    answer = client.post(form.get("action"), data=filled)
    if answer.status_code == 307:
        return client.post(answer.location, data=filled)
    return answer


def test_what_was_sent_too_late_waits_for_the_proof_and_is_sent_on(
    clock: time_machine.Traveller, client: FlaskClient
) -> None:
    page = sent_too_late(clock, client, **COLLEAGUE)
    assert PASSWORD not in page
    assert "Iris" not in client.get("/f/acme/settings/team").text
    answer = prove(client, page)
    assert (answer.status_code, answer.location) == (303, "/f/acme/settings/team")
    assert "Iris" in client.get("/f/acme/settings/team").text


def test_a_wrong_password_keeps_what_waits(
    clock: time_machine.Traveller, client: FlaskClient
) -> None:
    page = sent_too_late(clock, client, **COLLEAGUE)
    refused = prove(client, page, "wrong horse battery")
    assert refused.status_code == 422
    assert "This is not your password" in refused.text
    assert "kept on this page" in refused.text
    assert "Iris" not in client.get("/f/acme/settings/team").text
    assert prove(client, refused.text).status_code == 303
    assert "Iris" in client.get("/f/acme/settings/team").text


def test_with_a_second_factor_it_waits_for_the_code_too(
    clock: time_machine.Traveller, client: FlaskClient
) -> None:
    factor = set_up_factor(client)
    page = sent_too_late(clock, client, **COLLEAGUE)
    assert prove(client, page, code="000000").status_code == 422
    assert prove(client, page, code=factor.phone.code()).status_code == 303
    assert "Iris" in client.get("/f/acme/settings/team").text


def test_what_waited_is_checked_again_and_shown_as_it_was_typed(
    clock: time_machine.Traveller, client: FlaskClient
) -> None:
    hostile = '"><script>alert(1)</script>&amp;=%3D+é'
    typed = {"name": hostile, "address": "no address", "role": "employee"}
    page = sent_too_late(clock, client, **typed)
    assert not elements(page, "script")
    answer = prove(client, page)
    assert answer.status_code == 422
    kept = form_of(answer.text)
    assert (kept["name"], kept["address"]) == (hostile, "no address")


def test_what_waited_acts_once_however_often_it_is_sent(
    clock: time_machine.Traveller, client: FlaskClient
) -> None:
    """quality.md, 5."""
    page = sent_too_late(clock, client, **COLLEAGUE)
    first, second = prove(client, page), prove(client, page)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert client.get("/f/acme/settings/history").text.count("Colleague invited") == 1


def test_several_choices_wait_as_well(
    clock: time_machine.Traveller,
    client: FlaskClient,
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
) -> None:
    from crm_core.team import list_members
    from crm_core.testing.builders import a_person

    person = a_person(store)
    with as_owner(store, catalog, owned_firm) as ctx:
        key = an_employee(ctx, person_id=person)
        (member,) = (m for m in list_members(ctx) if m.id == key)
    path = f"/f/acme/settings/team/{member.public_id}"
    typed = {**form_of(client.get(path).text), "rights": ["tags.manage", "fields.manage"]}
    assert prove(client, sent_too_late(clock, client, path, **typed)).status_code == 303
    with as_owner(store, catalog, owned_firm) as ctx:
        (member,) = (m for m in list_members(ctx) if m.id == key)
        assert member.rights == {"tags.manage", "fields.manage"}


def test_a_button_is_pressed_for_one_after_the_proof(
    clock: time_machine.Traveller,
    client: FlaskClient,
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
) -> None:
    from crm_core.membership import deactivate
    from crm_core.team import list_members
    from crm_core.testing.builders import a_person

    person = a_person(store)
    with as_owner(store, catalog, owned_firm) as ctx:
        key = an_employee(ctx, person_id=person)
        (member,) = (m for m in list_members(ctx) if m.id == key)
        deactivate(ctx, member)
    page = sent_too_late(clock, client, f"/f/acme/settings/team/{member.public_id}/reactivate")
    assert prove(client, page).status_code == 303
    with as_owner(store, catalog, owned_firm) as ctx:
        assert [m.active for m in list_members(ctx) if m.id == key] == [True]


@pytest.mark.parametrize("elsewhere", ["//evil.example/", "https://evil.example/", "/\\evil", ""])
def test_what_waits_is_sent_on_to_nowhere_outside(
    clock: time_machine.Traveller, client: FlaskClient, elsewhere: str
) -> None:
    page = sent_too_late(clock, client, **COLLEAGUE)
    (form,) = (f for f in elements(page, "form") if "/me/confirm" in f.get("action"))
    filled = {**form_of(page, form.get("action")), "password": PASSWORD}
    answer = client.post(form.get("action"), data={**filled, "_carried_to": elsewhere})
    assert (answer.status_code, answer.location) == (307, "/")


def test_nobody_else_can_have_something_sent_on(
    clock: time_machine.Traveller, client: FlaskClient
) -> None:
    """quality.md, 1: a page elsewhere has no token, and a link carries nothing."""
    clock.shift(timedelta(minutes=15))
    forged = {"_carried": "name=Iris", "_carried_to": INVITE, "password": PASSWORD}
    assert client.post("/me/confirm", data=forged).status_code == 400
    assert client.post(INVITE, data=forged).status_code == 400
    linked = client.get("/me/confirm", query_string=forged)
    assert "_carried" not in linked.text


def test_a_wrong_password_opens_nothing(later: FlaskClient) -> None:
    answer = confirm(later, "wrong horse battery")
    assert answer.status_code == 422
    assert "This is not your password" in answer.text
    assert later.get(INVITE).status_code == 303


def test_with_a_second_factor_it_wants_the_code_too(
    clock: time_machine.Traveller, client: FlaskClient
) -> None:
    factor = set_up_factor(client)
    clock.shift(timedelta(minutes=15))
    assert confirm(client, code="").status_code == 422
    assert confirm(client, code="000000").status_code == 422
    assert client.get(INVITE).status_code == 303
    assert confirm(client, code=factor.phone.code()).status_code == 303
    assert client.get(INVITE).status_code == 200
    clock.shift(timedelta(minutes=15))
    assert confirm(client, code=factor.codes[0]).status_code == 303


@pytest.mark.parametrize("elsewhere", ["//evil.example/", "https://evil.example/", "/\\evil", ""])
def test_it_leads_nowhere_outside(later: FlaskClient, elsewhere: str) -> None:
    path = "/me/confirm"
    secrets = form_of(later.get(path).text)
    answer = later.post(
        path, query_string={"next": elsewhere}, data={**secrets, "password": PASSWORD}
    )
    assert answer.location == "/"


def test_who_may_not_is_told_that_and_not_asked_for_a_password(
    later: FlaskClient,
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
    browser_for: Callable[..., FlaskClient],
    clock: time_machine.Traveller,
) -> None:
    emil = employee(store, catalog, owned_firm, browser_for)
    clock.shift(timedelta(minutes=15))
    assert emil.get(INVITE).status_code == 403


def test_a_firm_that_demands_a_factor_opens_to_nobody_without(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm, owner_person: int
) -> None:
    a_firm(store, "other", owner_person)
    with as_owner(store, catalog, owned_firm) as ctx:
        demand_second_factor(ctx, demanded=True)
    for path in ("/f/acme/clients", "/f/acme/settings/team"):
        answer = client.get(path)
        assert (answer.status_code, answer.location) == (303, f"/me/second-factor?next={path}")
    secrets = form_of(client.get("/f/other/clients/new").text)
    sent = client.post("/f/acme/clients/new", data={**secrets, "type": "business"})
    assert sent.location == "/me/second-factor?next=/f/acme/clients/new"
    for path in ("/f/other/clients", "/me", "/me/password", "/"):
        assert client.get(path).status_code == 200, path


def test_setting_one_up_opens_it_and_leads_back(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm
) -> None:
    with as_owner(store, catalog, owned_firm) as ctx:
        demand_second_factor(ctx, demanded=True)
    way = client.get("/f/acme/clients").location
    page = client.get(way).text
    from tests.web.browsing import element
    from tests.web.signin.acting import Phone

    code = Phone(element(page, "code").text.replace(" ", "")).code()
    done = client.post(way, data={**form_of(page), "code": code})
    assert [a.get("href") for a in elements(done.text, "a", class_="primary")] == [
        "/f/acme/clients"
    ]
    assert client.get("/f/acme/clients").status_code == 200


def test_a_stranger_to_the_firm_learns_nothing_of_its_demand(
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
    browser_for: Callable[..., FlaskClient],
) -> None:
    from web.signin.people import add_person

    add_person(store, "eve@firm.example", PASSWORD)
    with as_owner(store, catalog, owned_firm) as ctx:
        demand_second_factor(ctx, demanded=True)
    assert browser_for("eve@firm.example").get("/f/acme/clients").status_code == 404


def test_the_demand_needs_the_right_and_stands_in_the_history(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm, owner_person: int
) -> None:
    from crm_core.testing.builders import a_person

    emil = a_person(store)
    with as_owner(store, catalog, owned_firm) as ctx:
        an_employee(ctx, person_id=emil)
    with pytest.raises(NotAllowed), as_person(store, catalog, owned_firm, emil) as ctx:
        demand_second_factor(ctx, demanded=True)
    for demanded in (True, True, False):
        with as_owner(store, catalog, owned_firm) as ctx:
            demand_second_factor(ctx, demanded=demanded)
    page = client.get("/f/acme/settings/history").text
    assert page.count("Firm settings changed") == 2


def employee(
    store: Store, catalog: Catalog, firm: Firm, browser_for: Callable[..., FlaskClient]
) -> FlaskClient:
    """The browser of a member without any right."""
    from web.signin.people import add_person

    person = add_person(store, "emil@firm.example", PASSWORD)
    with as_owner(store, catalog, firm) as ctx:
        an_employee(ctx, person_id=person)
    return browser_for("emil@firm.example")


def test_signing_in_is_such_a_proof(later: FlaskClient) -> None:
    send(later, "/me/confirm", password=PASSWORD)
    secrets = form_of(later.get("/f/acme/clients").text, "/sign-out")
    later.post("/sign-out", data=secrets)
    sign_in(later, ADDRESS)
    assert later.get(INVITE).status_code == 200


@frozen
class WithFile:
    """A form that asks for a file."""

    name: str = ask(_("Name"))
    paper: File | None = ask(_("Paper"), default=None, input=Input.FILE, largest=1_000)


@frozen
class WithPassword:
    """A form that asks for a password of something else."""

    key: str = ask(_("Key"), input=Input.PASSWORD)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("of", [WithFile, WithPassword])
def test_a_file_and_a_password_do_not_wait_and_that_is_said(
    clock: time_machine.Traveller, settings: Settings, tmp_path: Path, of: type[object]
) -> None:
    route = Route(
        name="safe",
        path="safe",
        scope=Scope.FIRM,
        needs=PUBLIC,
        view=lambda ctx, form: Page(template, "Safe", {"form": form}),
        form=of,
        submit=lambda ctx, value: Redirect(To("shell.clients")),
        step_up=True,
    )
    shown = (
        '{% from "shell/forms.html" import form_card with context %}'
        '{{ form_card(form, "", "", "") }}'
    )
    template = a_template(tmp_path, "extra", shown)
    trial = Trial.of(settings, a_plugin(tmp_path, "extra", routes=(route,)))
    path = "/f/acme/extra/safe"
    secrets = form_of(trial.client.get(path).text)
    clock.shift(timedelta(minutes=15))
    sent = {**secrets, "name": "Deed", "key": "a secret key"}
    answer = trial.client.post(path, data=sent)
    assert answer.location == f"/me/confirm?next={path}&again=1"
    page = trial.client.get(answer.location).text
    assert "What you sent was not saved" in page
    assert "secret" not in answer.text + page
