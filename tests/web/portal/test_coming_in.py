"""From an invitation into the portal, and out of it again, through the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core.account_changes import archive_account
from crm_core.firm_settings import Accent, demand_second_factor
from crm_core.links import link_contact
from crm_core.store.tables import FirmRecord
from crm_core.testing.builders import a_contact, a_firm, an_account, an_employee, as_owner
from tests.conftest import SERVED_AT
from tests.web.browsing import element, elements, form_of, is_signed_in, press, send, sign_in
from tests.web.portal.visiting import (
    ANNA,
    BEN,
    a_visitor,
    come_in,
    invite,
    link_in,
    login,
    mails,
)
from tests.web.servers import hand_over
from tests.web.signin.acting import html_of, plain_text
from web.signin.people import add_person
from web.stationery import COLOURS

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from crm_core.accounts import Account
    from crm_core.firms import Firm
    from web.bootstrap import Deployment


@pytest.fixture
def bakery(deployment: Deployment, owned_firm: Firm) -> Account:
    """An account of the firm, one of whose two contacts is Anna."""
    with as_owner(deployment.store, deployment.catalog, owned_firm) as ctx:
        account = an_account(ctx, "Bakery", emails=("front@client.example",))
        link_contact(ctx, account, a_contact(ctx, "Anna", ANNA))
    return account


def portal(account: Account) -> str:
    return f"/p/acme/{account.public_id}"


def test_por_1_an_invitation_is_a_page_in_the_name_and_colour_of_the_firm(
    client: FlaskClient, deployment: Deployment, owned_firm: Firm, bakery: Account
) -> None:
    """POR-1, NOT-3: what the mail says in text it says in HTML, and nothing typed is more there."""
    with as_owner(deployment.store, deployment.catalog, owned_firm) as ctx:
        FirmRecord.change(ctx.store, name="Acme <b>\r\nBcc: x@y.example", accent="purple").where(
            FirmRecord.id == ctx.firm.id
        ).execute()
    email_id = login(deployment, owned_firm, bakery, ANNA)
    said = "Come in.\n\n<script>alert(1)</script>"
    link = invite(client, deployment, bakery, email_id, said)
    mail = mails(deployment.settings.folder)[-1]
    assert mail["Bcc"] is None
    page = html_of(mail)
    head = elements(page, "p")[0]
    assert head.text.startswith("Acme <b>")
    assert COLOURS[Accent.PURPLE] in head.get("style")
    assert "<script" not in page
    assert [e.text for e in elements(page, "p")].count("Come in.") == 1
    assert {e.get("href") for e in elements(page, "a")} == {f"{SERVED_AT}{link}"}
    kept = client.get("/f/acme/settings/mail").text
    one = next(e for e in elements(kept, "a") if "/settings/mail/" in e.get("href"))
    frame = element(client.get(one.get("href")).text, "iframe")
    assert "Come in." in client.get(frame.get("src")).text


def test_por_1_who_is_invited_chooses_a_password_and_sees_that_account_alone(
    app: Flask, client: FlaskClient, deployment: Deployment, owned_firm: Firm, bakery: Account
) -> None:
    """POR-1, ACC-7: the link works once; what one sees is the account with LOGIN."""
    with as_owner(deployment.store, deployment.catalog, owned_firm) as ctx:
        other = an_account(ctx, "Mill", emails=(ANNA,))
    email_id = login(deployment, owned_firm, bakery, ANNA)
    assert "Pending activation" in client.get(f"/f/acme/accounts/{bakery.public_id}/info").text
    link = invite(client, deployment, bakery, email_id, "See you there.\r\nBcc: x@y.example")
    mail = mails(deployment.settings.folder)[-1]
    assert (mail["To"], mail["Bcc"]) == (ANNA, None)
    assert mail["Subject"] == "Acme invites you to its portal"
    assert "See you there." in plain_text(mail)
    assert plain_text(mail).endswith("-- \nAcme\n")
    anna = come_in(app, link)
    assert anna.get("/").location == portal(bakery)
    page = anna.get(portal(bakery)).text
    assert "There is nothing for you to do just now." in page
    assert "Bakery" in page
    assert "Mill" not in page
    assert anna.get(portal(other)).status_code == 404
    assert anna.get("/p/acme/" + "0" * 32).status_code == 404
    assert "Active" in client.get(f"/f/acme/accounts/{bakery.public_id}/info").text
    assert app.test_client().get(link).status_code == 404
    for staff_page in ("/f/acme/clients", f"/f/acme/accounts/{bakery.public_id}", "/f/acme/home"):
        assert anna.get(staff_page).status_code == 404, "a client is no member"


@pytest.mark.parametrize("spoiled", ["used", "withdrawn", "sent again", "altered", "elsewhere"])
def test_a_link_that_does_not_work_is_one_plain_page(
    app: Flask,
    client: FlaskClient,
    deployment: Deployment,
    owned_firm: Firm,
    bakery: Account,
    spoiled: str,
) -> None:
    """What it says is the same whatever is wrong, and names neither firm nor client."""
    email_id = login(deployment, owned_firm, bakery, ANNA)
    link = invite(client, deployment, bakery, email_id)
    if spoiled == "used":
        come_in(app, link)
    elif spoiled == "withdrawn":
        info = f"/f/acme/accounts/{bakery.public_id}/info"
        assert press(client, info, "/withdraw").status_code == 303
    elif spoiled == "sent again":
        invite(client, deployment, bakery, email_id)
    elif spoiled == "altered":
        link = link[:-4] + "AAAA"
    else:
        a_firm(deployment.store, "foreign")
        link = link.replace("/acme/", "/foreign/")
    answer = app.test_client().get(link)
    assert answer.status_code == 404
    assert element(answer.text, "h1").text == "This link does not work any more"
    for told in ("Acme", "Bakery", "Foreign", ANNA):
        assert told not in answer.text
    assert app.test_client().get(link.replace("/welcome/acme", "/welcome/never")).status_code == 404


def test_por_2_an_address_that_is_changed_is_invited_anew(
    app: Flask, client: FlaskClient, deployment: Deployment, owned_firm: Firm, bakery: Account
) -> None:
    """POR-2: the old link is dead, and the new address has its own."""
    link = invite(client, deployment, bakery, login(deployment, owned_firm, bakery, ANNA))
    info = client.get(f"/f/acme/accounts/{bakery.public_id}/info").text
    edit = next(e.get("href") for e in elements(info, "a") if e.text.startswith("Anna No."))
    new = "anna@elsewhere.example"
    assert send(client, edit, emails=new).status_code == 303
    assert app.test_client().get(link).status_code == 404
    assert hand_over(deployment.store, deployment.settings) == 1
    mail = mails(deployment.settings.folder)[-1]
    assert mail["To"] == new
    anna = come_in(app, link_in(mail))
    assert anna.get(portal(bakery)).status_code == 200
    assert sign_in(app.test_client(), new).status_code == 302


def test_por_3_one_sign_in_chooses_among_accounts_and_work(
    app: Flask, client: FlaskClient, deployment: Deployment, owned_firm: Firm, bakery: Account
) -> None:
    """POR-3: who is staff in one firm and a client in others finds all of it at the start."""
    person = add_person(deployment.store, ANNA, "correct horse battery")
    own = a_firm(deployment.store, "studio")
    with as_owner(deployment.store, deployment.catalog, own) as ctx:
        an_employee(ctx, person_id=person)
    with as_owner(deployment.store, deployment.catalog, owned_firm) as ctx:
        mill = an_account(ctx, "Mill", emails=(ANNA,))
    login(deployment, owned_firm, mill, ANNA)
    link = invite(client, deployment, bakery, login(deployment, owned_firm, bakery, ANNA))
    anna = app.test_client()
    page = anna.get(link).text
    assert 'type="password"' not in page, "they can sign in already"
    sign_in(anna, ANNA)
    assert anna.post(link, data=form_of(anna.get(link).text)).status_code == 303
    start = anna.get("/").text
    links = [e.get("href") for e in elements(start, "a") if e.inside(element(start, "section"))]
    assert links == ["/f/studio/home", portal(bakery), portal(mill)]
    assert "Switch account" in anna.get(portal(mill)).text
    assert "Your accounts at Acme" in anna.get("/p/acme/").text
    assert anna.get("/p/studio/").status_code == 404, "staff there, and no client"


def test_somebody_who_is_signed_in_with_another_address_may_take_the_link(
    app: Flask, client: FlaskClient, deployment: Deployment, owned_firm: Firm, bakery: Account
) -> None:
    """They read the mail; from then on that sign-in opens the portal."""
    link = invite(client, deployment, bakery, login(deployment, owned_firm, bakery, ANNA))
    add_person(deployment.store, "private@anna.example", "correct horse battery")
    anna = app.test_client()
    sign_in(anna, "private@anna.example")
    page = anna.get(link).text
    assert "private@anna.example" in page
    assert anna.post(link, data=form_of(page)).status_code == 303
    assert anna.get("/").location == portal(bakery)


def test_acc_8_who_loses_access_lands_at_the_sign_in_page_with_the_next_click(
    app: Flask, client: FlaskClient, deployment: Deployment, owned_firm: Firm, bakery: Account
) -> None:
    """ACC-8: unlinked while signed in; the session is over, and signing in leads nowhere."""
    anna = a_visitor(app, client, deployment, owned_firm, bakery, ANNA)
    info = f"/f/acme/accounts/{bakery.public_id}/info"
    page = client.get(info).text
    unlink = next(
        e.get("href") for e in elements(page, "a") if e.text.startswith("Unlink: Anna No.")
    )
    assert send(client, unlink, sure="1").status_code == 303
    answer = anna.get(f"{portal(bakery)}/details")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert not is_signed_in(anna)
    assert "can no longer sign in there" in anna.get("/sign-in").text
    sign_in(anna, ANNA)
    assert "can open no portal" in anna.get("/").text


def test_who_keeps_another_account_stays_signed_in(
    app: Flask, client: FlaskClient, deployment: Deployment, owned_firm: Firm, bakery: Account
) -> None:
    """The account that is gone is as one that never was; the other stands."""
    with as_owner(deployment.store, deployment.catalog, owned_firm) as ctx:
        mill = an_account(ctx, "Mill", emails=(ANNA,))
    login(deployment, owned_firm, mill, ANNA)
    anna = a_visitor(app, client, deployment, owned_firm, bakery, ANNA)
    with as_owner(deployment.store, deployment.catalog, owned_firm) as ctx:
        archive_account(ctx, bakery)
    assert anna.get(portal(bakery)).status_code == 404
    assert anna.get(portal(mill)).status_code == 200


def test_por_4_a_firm_may_demand_a_second_factor_of_clients_alone(
    app: Flask, client: FlaskClient, deployment: Deployment, owned_firm: Firm, bakery: Account
) -> None:
    """POR-4: from the next click on, and not of staff."""
    anna = a_visitor(app, client, deployment, owned_firm, bakery, ANNA)
    with as_owner(deployment.store, deployment.catalog, owned_firm) as ctx:
        demand_second_factor(ctx, demanded=False, of_clients=True)
    answer = anna.get(portal(bakery))
    assert answer.location.startswith("/me/second-factor?next=")
    assert client.get("/f/acme/clients").status_code == 200


def test_por_1_many_are_invited_at_once(
    app: Flask, client: FlaskClient, deployment: Deployment, owned_firm: Firm, bakery: Account
) -> None:
    """LST-3: the page offers who waits, and ticks whom nobody has invited yet."""
    with as_owner(deployment.store, deployment.catalog, owned_firm) as ctx:
        mill = an_account(ctx, "Mill", emails=(BEN,))
    a, b = login(deployment, owned_firm, bakery, ANNA), login(deployment, owned_firm, mill, BEN)
    page = client.get("/f/acme/clients/invite").text
    ticked = [
        e.get("value")
        for e in elements(page, "input", name="addresses")
        if "checked" in e.attributes
    ]
    assert ticked == [f"{bakery.public_id}-{a}", f"{mill.public_id}-{b}"]
    data = {**form_of(page), "addresses": [*ticked, "0" * 32 + "-1"], "message": "Hello"}
    assert client.post("/f/acme/clients/invite", data=data).status_code == 303
    assert hand_over(deployment.store, deployment.settings) == 2
    assert {mail["To"] for mail in mails(deployment.settings.folder)} == {ANNA, BEN}
    again = client.get("/f/acme/clients/invite").text
    assert not [e for e in elements(again, "input", name="addresses") if "checked" in e.attributes]
    assert app.test_client().get("/f/acme/clients/invite").status_code == 302
