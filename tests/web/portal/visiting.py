"""Clients for tests of the portal: invited on the pages, come in through the link of the mail."""

from __future__ import annotations

import email
import email.policy
import re
from typing import TYPE_CHECKING

from crm_core.testing.builders import as_owner, with_login
from tests.conftest import PASSWORD
from tests.web.browsing import form_of, send
from tests.web.servers import hand_over
from tests.web.signin.acting import plain_text

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from crm_core.accounts import Account
    from crm_core.firms import Firm
    from web.bootstrap import Deployment

ANNA, BEN = "anna@client.example", "ben@client.example"


def login(deployment: Deployment, firm: Firm, account: Account, address: str) -> int:
    """Switches LOGIN on for an address of the account and answers its key."""
    with as_owner(deployment.store, deployment.catalog, firm) as ctx:
        return with_login(ctx, account, address)


def invite(
    staff: FlaskClient, deployment: Deployment, account: Account, email_id: int, message: str = ""
) -> str:
    """Staff send the invitation; answers the path of the link in the mail that arrived."""
    path = f"/f/acme/accounts/{account.public_id}/info/addresses/{email_id}/invite"
    assert send(staff, path, message=message).status_code == 303
    assert hand_over(deployment.store, deployment.settings) >= 1
    return link_in(mails(deployment.settings.folder)[-1])


def mails(folder: Path) -> list[email.message.EmailMessage]:
    """The mails in the outbox folder, the oldest first."""
    files = sorted((folder / "outbox").glob("*.eml"), key=lambda one: one.stat().st_mtime_ns)
    return [
        email.message_from_bytes(one.read_bytes(), policy=email.policy.default)  # type: ignore[misc]
        for one in files
    ]


def link_in(mail: email.message.EmailMessage) -> str:
    """The path of the one link to the portal in a mail."""
    (found,) = re.findall(r"https?://[^/\s]+(/welcome/\S+)", plain_text(mail))
    return str(found)


def come_in(app: Flask, link: str, password: str = PASSWORD) -> FlaskClient:
    """Somebody new opens the link, chooses a password, and is in the portal."""
    browser = app.test_client()
    answer = browser.post(link, data={**form_of(browser.get(link).text), "password": password})
    assert answer.status_code == 303, answer.text
    return browser


def a_visitor(
    app: Flask, staff: FlaskClient, deployment: Deployment, firm: Firm, account: Account, to: str
) -> FlaskClient:
    """A client of the account who is invited at this address and has come in."""
    email_id = login(deployment, firm, account, to)
    return come_in(app, invite(staff, deployment, account, email_id))
