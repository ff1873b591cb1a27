"""What the shell holds for every route, whoever wrote its view. Who may what: tests/contract."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from crm_core.firms import firm_named
from crm_core.modules import change_edition, switch_module
from crm_core.permissions import MANAGE_ACCOUNTS
from crm_core.store.tables import FirmRecord, MemberRow
from crm_core.testing.builders import a_firm, an_account, an_employee, as_owner
from tests.conftest import PASSWORD
from tests.contract.snapshots import Snapshots
from tests.web.browsing import form_of
from web.signin.people import add_person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.routing import Rule

    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store
    from web.bootstrap import Deployment

LEAST_ROUTES = 26
NEVER = "0" * 32


@pytest.fixture
def snapshots(
    deployment: Deployment, engine: str, request: pytest.FixtureRequest
) -> Iterator[Snapshots]:
    server = request.getfixturevalue("postgres_server") if engine == "postgres" else None
    looking = Snapshots.of(deployment, server)
    yield looking
    looking.close()


def of_firms(app: Flask) -> list[Rule]:
    """The routes below a firm; fewer than were there once means that some are not met."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/f/<firm>/")]
    rules = [rule for rule in rules if rule.endpoint != "firm_start"]
    print(f"{len(rules)} routes")
    assert len(rules) >= LEAST_ROUTES
    return rules


def path_of(rule: Rule, account: str) -> str:
    path = rule.rule.replace("<firm>", "acme").replace("<account>", account)
    return re.sub(r"<[^>]+>", NEVER, path)


def test_a_request_without_a_session_is_led_to_the_sign_in_page(
    app: Flask, owned_firm: Firm
) -> None:
    for rule in of_firms(app):
        browser = app.test_client()
        token = form_of(browser.get("/sign-in").text, "/sign-in")["csrf_token"]
        path = path_of(rule, NEVER)
        for method in sorted(rule.methods & {"GET", "HEAD", "POST"}):
            answer = browser.open(path, method=method, data={"csrf_token": token})
            assert answer.location.startswith("/sign-in"), (method, path)
            if method == "GET":
                assert browser.get(answer.location).status_code == 200


def test_per_2_another_firms_account_answers_as_one_that_never_existed(
    app: Flask, client: FlaskClient, store: Store, catalog: Catalog
) -> None:
    """PER-2."""
    with as_owner(store, catalog, a_firm(store, "other")) as ctx:
        foreign = an_account(ctx, "Secret bakery").public_id
    for rule in of_firms(app):
        if "<account>" not in rule.rule or "GET" not in rule.methods:
            continue
        answers = [client.get(path_of(rule, account)) for account in (foreign, NEVER)]
        assert [answer.status_code for answer in answers] == [404, 404]
        bodies = [
            re.sub(r'value="[^"]{32,}"', "", answer.text).replace(account, "")
            for answer, account in zip(answers, (foreign, NEVER), strict=True)
        ]
        assert bodies[0] == bodies[1]


def test_a_firm_that_is_not_mine_answers_as_one_that_never_existed(
    app: Flask, client: FlaskClient, store: Store
) -> None:
    a_firm(store, "other")
    for rule in of_firms(app):
        if "GET" in rule.methods:
            bodies = set()
            for slug in ("other", "never"):
                answer = client.get(path_of(rule, NEVER).replace("/f/acme/", f"/f/{slug}/"))
                assert answer.status_code == 404, (rule, slug)
                bodies.add(re.sub(r'value="[^"]{32,}"', "", answer.text).replace(slug, ""))
            assert len(bodies) == 1, rule


def test_a_member_who_is_deactivated_is_out_with_the_next_request(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm, browser_for: Callable
) -> None:
    person = add_person(store, "emil@firm.example", PASSWORD)
    with as_owner(store, catalog, owned_firm) as ctx:
        member = an_employee(ctx, person_id=person)
    emil = browser_for("emil@firm.example")
    assert emil.get("/f/acme/clients").status_code == 200
    with as_owner(store, catalog, owned_firm) as ctx:
        MemberRow.change(ctx, active=False).where(MemberRow.id == member).execute()
    assert emil.get("/f/acme/clients").status_code == 404


def test_a_module_that_the_firm_switched_off_is_gone_and_comes_back_with_its_rows(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm
) -> None:
    with as_owner(store, catalog, owned_firm) as ctx:
        account = an_account(ctx).public_id
        switch_module(ctx, "notes")
    overview = f"/f/acme/accounts/{account}"
    assert client.get(f"{overview}/notes").status_code == 404
    assert "/notes" not in client.get(overview).text
    with as_owner(store, catalog, firm_named(store, "acme")) as ctx:
        switch_module(ctx, "notes")
    assert client.get(f"{overview}/notes").status_code == 200
    assert "/notes" in client.get(overview).text


def test_what_the_firms_edition_does_not_hold_is_gone(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm
) -> None:
    with as_owner(store, catalog, owned_firm) as ctx:
        account = an_account(ctx).public_id
        change_edition(ctx, "one that is gone")
    overview = client.get(f"/f/acme/accounts/{account}")
    assert "No module of this firm" in overview.text
    assert client.get(f"/f/acme/accounts/{account}/notes").status_code == 404


def test_who_lacks_the_right_is_told_which_one(
    store: Store, catalog: Catalog, owned_firm: Firm, browser_for: Callable
) -> None:
    person = add_person(store, "emil@firm.example", PASSWORD)
    with as_owner(store, catalog, owned_firm) as ctx:
        an_employee(ctx, person_id=person)
    answer = browser_for("emil@firm.example").get("/f/acme/clients/new")
    assert answer.status_code == 403
    assert str(MANAGE_ACCOUNTS.title) in answer.text


def test_reading_and_asking_for_heads_writes_nothing(
    app: Flask,
    client: FlaskClient,
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
    snapshots: Snapshots,
) -> None:
    with as_owner(store, catalog, owned_firm) as ctx:
        account = an_account(ctx).public_id
    before = snapshots.digest()
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods & {"GET", "HEAD", "OPTIONS"}):
            answer = client.open(path_of(rule, account), method=method)
            assert answer.status_code < 500, (method, rule)
            if method == "HEAD":
                assert not answer.data
    assert snapshots.digest() == before


def test_a_view_that_reads_cannot_write(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm
) -> None:
    import peewee

    with (
        pytest.raises(peewee.PeeweeException, match=r"(?i)read.?only"),
        as_owner(store, catalog, owned_firm, write=False),
    ):
        FirmRecord.change(store, name="Written").execute()
