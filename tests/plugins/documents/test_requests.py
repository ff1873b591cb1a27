"""Asking clients for documents: they send them from the mail, without signing in."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from crm_core import NotAllowed, Refused, audit
from crm_core.address_settings import addresses_of_account, save_settings
from crm_core.inbox import inbox_page
from plugins.documents import request_store, requests, store
from plugins.documents.forms import NewRequest
from plugins.documents.values import Access
from tests.plugins.clamd.daemon import EICAR, NAME, Daemon, switch_on
from tests.plugins.documents.mailed import links
from tests.plugins.documents.making import a_request, top
from tests.plugins.documents.people import ANNA, BEN, put
from tests.web.browsing import form_of, press

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.plugins.documents.people import Practice
    from web.bootstrap import Deployment


def ask(practice: Practice) -> str:
    with practice.as_owner() as ctx:
        emails = addresses_of_account(ctx, practice.account)
        save_settings(ctx, practice.account, {"core.notify": dict.fromkeys(emails, True)})
        return a_request(ctx, practice.account)


def test_a_link_in_a_mail_brings_files_in_without_signing_in(
    practice: Practice, deployment: Deployment, app: Flask
) -> None:
    """DOC-7, POR-7: as often as wanted, until the request is closed; the team hears of it."""
    public_id = ask(practice)
    found = links(practice, deployment, app)
    assert set(found) == {ANNA, BEN}
    nobody = app.test_client()
    page = nobody.get(found[ANNA])
    assert page.status_code == 200
    assert "Bank statements" in page.text
    for name in ("one.pdf", "two.pdf"):
        data = {**form_of(nobody.get(found[ANNA]).text), "files": [(BytesIO(b"x"), name)]}
        answer = nobody.post(found[ANNA], data=data)
        assert answer.status_code == 200, answer.text
        assert "Thank you. 1 document has arrived." in answer.text
    with practice.as_owner() as ctx:
        documents = store.latest_documents(ctx, practice.account.id, 5)
        assert [(one.name, one.from_client, one.new) for one in documents] == [
            ("two.pdf", True, True),
            ("one.pdf", True, True),
        ]
        assert documents[0].uploaded_by.startswith("Carla Client")
        assert request_store.request_of(ctx, practice.account.id, public_id).received == 2
    with practice.as_employee() as ctx:
        assert inbox_page(ctx, 1).entries
    path = f"{practice.tab}/requests"
    press(practice.owner, path, f"{path}/{public_id}/close")
    assert nobody.get(found[ANNA]).status_code == 404
    assert nobody.get(found[BEN]).status_code == 404


def test_what_a_scanner_finds_behind_a_link_is_refused_and_the_link_goes_on(
    practice: Practice, deployment: Deployment, app: Flask
) -> None:
    """Nothing that was not looked at is kept, whoever sends it."""
    ask(practice)
    path = links(practice, deployment, app)[ANNA]
    nobody = app.test_client()

    def send(content: bytes) -> TestResponse:
        data = {**form_of(nobody.get(path).text), "files": [(BytesIO(content), "one.pdf")]}
        return nobody.post(path, data=data)

    folder = deployment.settings.folder / "files"
    with Daemon() as daemon:
        switch_on(practice.catalog, address=daemon.address)
        answer = send(EICAR)
        assert answer.status_code == 422
        assert f"one.pdf is not taken: {NAME} was found in it." in answer.text
    assert send(b"x").status_code == 503
    assert not [one for one in folder.rglob("*") if one.is_file()]
    with practice.as_owner() as ctx:
        assert store.latest_documents(ctx, practice.account.id, 5) == []
        told = audit.history(ctx, account_id=practice.account.id).entries[0]
        assert (told.event, told.after) == (
            "files.file_refused",
            {"file": "one.pdf", "found": NAME},
        )
        assert told.who.startswith("Carla Client")
    with practice.as_employee() as ctx:
        assert [str(one.what) for one in inbox_page(ctx, 1).entries] == [
            f"{NAME} was found in one.pdf, which {told.who} sent."
        ]
    with Daemon() as daemon:
        switch_on(practice.catalog, address=daemon.address)
        assert "Thank you. 1 document has arrived." in send(b"x").text


def test_large_files_come_in_by_a_link_too(
    practice: Practice, deployment: Deployment, app: Flask
) -> None:
    """DOC-7: what the form behind the link takes, the link takes."""
    ask(practice)
    path = links(practice, deployment, app)[ANNA]
    nobody = app.test_client()
    content = bytes(5 * 2**20)
    data = {**form_of(nobody.get(path).text), "files": FileStorage(BytesIO(content), "large.bin")}
    boundary, body = encode_multipart(data)
    kind = f"multipart/form-data; boundary={boundary}"
    assert nobody.post(path, data=body, content_type=kind).status_code == 200


def test_a_client_who_is_signed_in_finds_what_is_asked_first(practice: Practice) -> None:
    """DOC-7: on the home page as a thing to do, until something was sent."""
    public_id = ask(practice)
    anna = practice.browser_for(ANNA)
    home = f"/p/acme/{practice.account.public_id}"
    path = f"{practice.portal}/requests/{public_id}"
    assert path in anna.get(home).text
    with practice.as_client() as ctx:
        assert request_store.how_many_open(ctx, [practice.account.id]) == {practice.account.id: 1}
    assert put(anna, path, ("statement.pdf", b"x")).status_code == 303
    assert path not in anna.get(home).text


def test_a_request_ends_with_its_day(practice: Practice) -> None:
    """DOC-7: nothing more can be sent then, and the page says so."""
    public_id = ask(practice)
    with practice.as_client() as ctx:
        found = request_store.request_of(ctx, practice.account.id, public_id)
        later = evolve(ctx, now=ctx.now + timedelta(days=16))
        assert found.open_on(later.today) is False
        assert request_store.how_many_open(later, [practice.account.id]) == {}


@pytest.mark.parametrize("days", [-1, 366, 40_000])
def test_the_day_of_a_request_lies_within_a_year(practice: Practice, days: int) -> None:
    with practice.as_owner() as ctx:
        until = ctx.today + timedelta(days=days)
        wanted = NewRequest(what="x", folder=top(ctx, practice.account), until=until)
        with pytest.raises(Refused, match="within a year"):
            requests.ask_for_documents(ctx, practice.account, wanted)


def test_documents_are_asked_for_only_into_a_folder_that_clients_may_change(
    practice: Practice,
) -> None:
    """DOC-1: not into one that they only read, nor into a private one."""
    for access in (Access.SEES, Access.PRIVATE):
        with practice.as_owner() as ctx:
            place = top(ctx, practice.account, access)
            wanted = NewRequest(what="x", folder=place, until=ctx.today)
            with pytest.raises(Refused, match="may send documents to"):
                requests.ask_for_documents(ctx, practice.account, wanted)


def test_clients_ask_for_nothing_and_close_nothing(practice: Practice) -> None:
    public_id = ask(practice)
    with practice.as_client() as ctx:
        found = request_store.request_of(ctx, practice.account.id, public_id)
        with pytest.raises(NotAllowed):
            requests.close_request(ctx, practice.account, found)
    with practice.as_owner() as ctx:
        requests.close_request(ctx, practice.account, found)
    with practice.as_owner() as ctx:
        told = [entry.event for entry in audit.history(ctx, account_id=practice.account.id).entries]
    assert told[:2] == ["documents.request_closed", "documents.requested"]
