"""What people do with their sign-in: read mail, use an app, type codes."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

from attrs import frozen
from passlib.totp import TOTP

from tests.conftest import ADDRESS, PASSWORD, SERVED_AT
from tests.web.browsing import element, elements, form_of, send, sign_in
from web.signin.rows import CredentialRow

if TYPE_CHECKING:
    from email.message import EmailMessage
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from crm_core.store.database import Store

_SECRETS = re.compile(r'(name="(?:csrf_token|_once)" value=")[^"]*')


def plain_text(mail: EmailMessage) -> str:
    """What a mail says in plain text."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def html_of(mail: EmailMessage) -> str:
    """The page that a mail is, for programs that show it."""
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())


@frozen
class Outbox:
    """The folder in which mails lie."""

    folder: Path

    def mails(self, to: str = "") -> list[EmailMessage]:
        """The mails in the order in which they were written; to one address, or all."""
        paths = sorted(self.folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        found = [
            message_from_bytes(path.read_bytes(), policy=policy.default)  # type: ignore[arg-type]
            for path in paths
        ]
        return [mail for mail in found if not to or mail["To"] == to]  # type: ignore[misc]

    def link(self, to: str) -> str:
        """The link in the latest mail to this address."""
        (link,) = re.findall(r"http\S+", plain_text(self.mails(to)[-1]))
        return str(link)

    def path(self, to: str) -> str:
        """The path of that link, here."""
        return self.link(to).removeprefix(SERVED_AT)


@frozen
class Phone:
    """An authenticator app that knows the secret."""

    secret: str

    def code(self, later: int = 0) -> str:
        """The code that it shows now, or so many seconds later."""
        import time

        return str(TOTP(key=self.secret, format="base32").generate(time.time() + later).token)


@frozen
class Factor:
    """A second factor that was set up: the phone, and the recovery codes."""

    phone: Phone
    codes: tuple[str, ...]


def set_up_factor(client: FlaskClient) -> Factor:
    """Sets a second factor up, with a code of half a minute ago: the next one is still good."""
    page = client.get("/me/second-factor").text
    phone = Phone(element(page, "code").text.replace(" ", ""))
    done = client.post("/me/second-factor", data={**form_of(page), "code": phone.code(-30)})
    if done.status_code != 200:  # another half of a minute began just then
        done = client.post(
            "/me/second-factor", data={**form_of(done.text), "code": phone.code(-30)}
        )
    assert done.status_code == 200, done.text
    codes = tuple(code.text for code in elements(done.text, "code"))
    assert len(codes) == 10
    return Factor(phone, codes)


def type_code(client: FlaskClient, code: str) -> TestResponse:
    """Fills in the page that follows the password."""
    return send(client, "/sign-in/code", code=code)


def forgot(client: FlaskClient, address: str = ADDRESS) -> TestResponse:
    """Asks for a link for a new password."""
    return send(client, "/sign-in/forgotten", address=address)


def confirm(client: FlaskClient, password: str = PASSWORD, **more: str) -> TestResponse:
    """Proves again who one is."""
    return send(client, "/me/confirm", password=password, **more)


def guess(client: FlaskClient, times: int, address: str = ADDRESS) -> list[int]:
    """Types so many wrong passwords; answers the statuses."""
    return [sign_in(client, address, f"wrong horse {n}").status_code for n in range(times)]


def lock_out(store: Store, person_id: int) -> None:
    """Makes a person one who may not sign in."""
    with store.deployment_transaction(write=True):
        CredentialRow.change(store, active=False).where(
            CredentialRow.person_id == person_id
        ).execute()


def without_secrets(html: str) -> str:
    """The page without what differs each time that it is loaded."""
    return _SECRETS.sub(r"\1", html)
