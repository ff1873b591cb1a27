"""Mails: whole files in the outbox, headers of one line, links to the configured address."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from crm_core.refusals import Refused, StorageFull, Unavailable
from tests.conftest import ADDRESS, PASSWORD
from tests.web.browsing import element, elements, form_of, send, sign_in
from tests.web.signin.acting import Outbox, forgot, html_of, plain_text
from web.app import create_app
from web.commands.serving import serve_until_stopped
from web.mail import Mail, pretend_to_send
from web.mail import send as send_mail
from web.settings import Settings
from web.signin.people import add_person
from web.signin.rows import AttemptRow
from web.words import _

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from web.bootstrap import Deployment

SPOOFED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "gopher",
    "X-Forwarded-Port": "1",
    "X-Forwarded-Prefix": "/evil",
    "X-Original-Host": "evil.example",
    "Forwarded": "host=evil.example",
}


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """Mails are no business of the database."""
    return str(request.param)


def with_settings(deployment: Deployment, **changed: object) -> Flask:
    """The application of a deployment with other settings."""
    return create_app(evolve(deployment, settings=evolve(deployment.settings, **changed)))


def test_links_carry_the_configured_address(deployment: Deployment, outbox: Outbox) -> None:
    add_person(deployment.store, ADDRESS, PASSWORD)
    client = with_settings(deployment, base_url="https://crm.firm.example").test_client()
    there = "http://evil.example"
    secrets = form_of(client.get("/sign-in/forgotten", base_url=there).text)
    answer = client.post(
        "/sign-in/forgotten",
        data={**secrets, "address": ADDRESS},
        headers=SPOOFED,
        base_url=there,
    )
    assert answer.status_code == 200
    assert outbox.link(ADDRESS).startswith("https://crm.firm.example/sign-in/reset/")
    assert not [mail for mail in outbox.mails() if "evil" in mail.as_string()]


def test_without_one_they_carry_the_default(stranger: FlaskClient, outbox: Outbox) -> None:
    forgot(stranger)
    assert outbox.link(ADDRESS).startswith("http://127.0.0.1:8000/sign-in/reset/")


def test_every_mail_of_signing_in_does(client: FlaskClient, outbox: Outbox) -> None:
    for name, text in SPOOFED.items():
        client.environ_base[f"HTTP_{name.upper().replace('-', '_')}"] = text
    send(client, "/me/address", address="new@firm.example")
    send(client, outbox.path("new@firm.example"))
    sign_in(client, "new@firm.example")
    send(client, "/me/password", current=PASSWORD, password="another horse entirely")
    mails = outbox.mails()
    assert len(mails) == 4
    for mail in mails:
        assert "http://127.0.0.1:8000/" in plain_text(mail)
        assert "evil" not in mail.as_string()
        assert "gopher" not in mail.as_string()


@pytest.mark.parametrize(
    ("host", "port", "wanted"),
    [
        ("127.0.0.1", 8123, "http://127.0.0.1:8123"),
        ("192.168.1.5", 80, "http://192.168.1.5:80"),
        ("0.0.0.0", 8123, "http://127.0.0.1:8123"),
        ("::1", 8123, "http://[::1]:8123"),
    ],
)
def test_where_it_is_served_is_the_default(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch, host: str, port: int, wanted: str
) -> None:
    class Server:
        def run(self) -> None: ...
        def close(self) -> None: ...

    monkeypatch.setattr("waitress.create_server", lambda *_, **__: Server())
    app = with_settings(deployment, base_url="")
    serve_until_stopped(app, host, port)
    assert app.config["CRM_BASE_URL"] == wanted


def test_a_configured_address_stays_wherever_it_is_served(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Server:
        def run(self) -> None: ...
        def close(self) -> None: ...

    monkeypatch.setattr("waitress.create_server", lambda *_, **__: Server())
    app = with_settings(deployment, base_url="https://crm.firm.example")
    serve_until_stopped(app, "127.0.0.1", 8123)
    assert app.config["CRM_BASE_URL"] == "https://crm.firm.example"


@pytest.mark.parametrize(
    "url",
    [
        "crm.firm.example",
        "ftp://crm.firm.example",
        "https://",
        "https://crm.firm.example/path",
        "https://crm.firm.example?x",
        "https://me@crm.firm.example",
        "https://crm.firm.example:port",
        "https://crm.firm.example\r\nBcc: x",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_no_link_can_begin_with_is_refused(url: str) -> None:
    with pytest.raises(Refused, match="CRM_BASE_URL must look like"):
        Settings.from_environment({"CRM_BASE_URL": url})


def test_settings_of_the_operator() -> None:
    read = Settings.from_environment(
        {"CRM_BASE_URL": "https://crm.firm.example:8443/", "CRM_TRUSTED_PROXIES": "1"}
    )
    assert (read.base_url, read.trusted_proxies) == ("https://crm.firm.example:8443", 1)
    assert Settings.from_environment({}).trusted_proxies == 0
    for text in ("x", "-1", "1.5", "999"):
        with pytest.raises(Refused, match="CRM_TRUSTED_PROXIES"):
            Settings.from_environment({"CRM_TRUSTED_PROXIES": text})


def test_only_a_trusted_proxy_says_who_it_forwards_for(deployment: Deployment) -> None:
    add_person(deployment.store, ADDRESS, PASSWORD)
    client = with_settings(deployment, trusted_proxies=1).test_client()
    client.environ_base["HTTP_X_FORWARDED_FOR"] = "198.51.100.9, 203.0.113.7"
    sign_in(client, ADDRESS, "wrong horse battery")
    with deployment.store.deployment_transaction(write=False):
        assert [row.network for row in AttemptRow.of(deployment.store)] == ["203.0.113.7/32"]


def test_a_mail_is_one_whole_file(stranger: FlaskClient, outbox: Outbox) -> None:
    forgot(stranger)
    (path,) = outbox.folder.iterdir()
    assert path.suffix == ".eml"
    assert (outbox.folder.stat().st_mode & 0o777) == 0o700
    (mail,) = outbox.mails()
    assert mail["To"] == ADDRESS
    assert mail["Date"]


def test_headers_are_one_line_each(app: Flask, outbox: Outbox) -> None:
    hostile = "Hi\r\nBcc: victim@firm.example\n\nBody\x0b\x0c\x85\u2028X"
    with app.app_context():
        send_mail(Mail(to=ADDRESS, language="en", subject=_("{x}", x=hostile), text=_("Text")))
    raw = next(outbox.folder.iterdir()).read_bytes()
    head = raw.partition(b"\n\n")[0]
    assert b"\nBcc" not in head
    assert outbox.mails()[0]["Bcc"] is None


def test_a_mail_says_the_same_as_a_page_whose_link_is_a_button(app: Flask, outbox: Outbox) -> None:
    """Whatever people typed is text there; the paragraph that is the link leads to it."""
    link, nasty = "http://127.0.0.1:8000/there?a=1&b=2", '<script>alert("x")</script>'
    text = _("Hello {name},\n\nOpen this:\n\n{link}\n\nThat is all.\n", name=nasty, link=link)
    with app.app_context():
        send_mail(Mail(to=ADDRESS, language="nl", subject=_("{x}", x=nasty), text=text, link=link))
    (mail,) = outbox.mails()
    assert mail.get_content_type() == "multipart/alternative"
    assert plain_text(mail).splitlines() == str(text).splitlines()
    page = html_of(mail)
    assert "<script" not in page
    assert [e.text for e in elements(page, "p")] == [
        nasty,
        f"Hello {nasty},",
        "Open this:",
        "Openen",
        link,
        "That is all.",
    ]
    assert [e.get("href") for e in elements(page, "a")] == [link, link]
    assert element(page, "html").get("lang") == "nl"
    assert mail["Auto-Submitted"] == "auto-generated"


def test_pretending_leaves_nothing(app: Flask, outbox: Outbox) -> None:
    with app.app_context():
        pretend_to_send(Mail(to=ADDRESS, language="en", subject=_("Subject"), text=_("Text")))
    assert not list(outbox.folder.iterdir())


def test_a_full_disk_and_a_folder_that_cannot_be_written_are_said(
    app: Flask, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = Mail(to=ADDRESS, language="en", subject=_("Subject"), text=_("Text"))

    def full(_descriptor: int) -> None:
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as patch, app.app_context():
        patch.setattr("os.fsync", full)
        with pytest.raises(StorageFull):
            send_mail(mail)
    assert not list(outbox.folder.iterdir())
    outbox.folder.rename(outbox.folder.with_name("moved"))
    Path(outbox.folder).write_text("not a folder")
    with app.app_context(), pytest.raises(Unavailable, match="could not be written"):
        send_mail(mail)
