"""The portal in a real browser: the whole way of clients, from the invitation to the last click.

Staff invite two contacts of one client and one of another; the mails arrive at a mail server; the
clients come in, set a second factor, see exactly their accounts, and are out once they are
unlinked. Preferences stop the mails that they name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from attrs import define, evolve, field
from passlib.totp import TOTP

from crm_core.delivering import notification_work
from crm_core.links import link_contact
from crm_core.notification_types import Audience, NotificationType
from crm_core.notify import tell_clients
from crm_core.testing.builders import a_contact, an_account, as_owner
from crm_core.words import words_of
from crm_core.working import Worker
from tests.browser.conftest import PASSWORD
from tests.conftest import ADDRESS
from tests.web.plugins import Trial, a_plugin
from tests.web.servers import Moods, hand_over, mail_server
from web.scribe import MailScribe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from crm_core.accounts import Account
    from web.settings import Settings

_ = words_of("papers")
ANNA, BEN, CEES = "anna@client.example", "ben@client.example", "cees@client.example"
SHARED, ASKED = (
    NotificationType(
        name=f"papers.{name}", title=title, help=_("About papers."), audience=Audience.CLIENT
    )
    for name, title in (("shared", _("Papers shared")), ("asked", _("Papers asked for")))
)


@define
class Practice:
    """A firm with two clients, its mail server, and the worker between them."""

    trial: Trial
    moods: Moods
    accounts: dict[str, Account] = field(factory=dict)

    def send_mails(self, app: Any = None) -> None:
        """Does what the worker does: writes what is to be written, and hands it over."""
        deployment = self.trial.deployment
        own = notification_work(MailScribe(deployment, app=app))
        Worker(store=deployment.store, catalog=deployment.catalog, own=own).work()
        hand_over(deployment.store, deployment.settings)

    def link_to(self, address: str) -> str:
        """The link in the latest mail to this address."""
        body = self.moods.to(address)[-1].get_body(("plain",))
        assert body is not None
        (link,) = re.findall(r"http\S+/welcome/\S+", body.get_content())
        return str(link)

    def subjects(self, address: str) -> list[str]:
        return [mail["Subject"] for mail in self.moods.to(address)]


@pytest.fixture
def practice(settings: Settings, tmp_path: Path) -> Iterator[Practice]:
    moods = Moods()
    plugin = a_plugin(tmp_path, "papers", notification_types=(SHARED, ASKED))
    with mail_server(moods) as server:
        trial = Trial.of(evolve(settings, mail_server=server), plugin)
        made = Practice(trial, moods)
        with as_owner(trial.deployment.store, trial.deployment.catalog, trial.firm) as ctx:
            made.accounts["Oven"] = an_account(ctx, "Oven", first_name="Anna", emails=(ANNA,))
            link_contact(ctx, made.accounts["Oven"], a_contact(ctx, "Ben", BEN))
            made.accounts["Mill"] = an_account(ctx, "Mill", first_name="Cees", emails=(CEES,))
        yield made
        trial.deployment.store.close()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_whole_way_of_clients_and_out_again(
    practice: Practice,
    serve: Callable[..., Any],
    visit: Callable[..., Page],
    look: Callable[..., None],
) -> None:
    """POR-1, POR-3, POR-4, ACC-8, NOT-2, C5, C6, C9, C10."""
    oven, mill = (practice.accounts[name].public_id for name in ("Oven", "Mill"))
    with serve(practice.trial.deployment) as office:
        staff = visit(ADDRESS, at=office.url)
        _invite_all(staff, oven, mill, look)
        practice.send_mails(office.app)
        assert "It is all there, Anna." in practice.moods.to(ANNA)[0].as_string()

        anna, ben, cees = (visit(at=office.url, width=360) for _client in range(3))
        for client, address in ((anna, ANNA), (ben, BEN), (cees, CEES)):
            client.goto(practice.link_to(address))
            client.get_by_label("Choose a password").fill(PASSWORD)
            client.get_by_role("button", name="Open the portal").click()
            client.get_by_role("heading", name="To do").wait_for()
        look(anna, name="the portal")
        secret = _set_up_factor(anna)
        anna.goto(f"/p/acme/{oven}")
        assert _status(cees, f"/p/acme/{oven}") == 404
        assert _status(cees, f"/p/acme/{mill}") == 200
        assert _status(ben, f"/p/acme/{oven}/details") == 200
        look(ben, name="own details")
        assert "Anna" not in ben.content()
        again = visit(at=office.url, width=360)
        _sign_in(again, ANNA, _code(secret, later=30))
        again.wait_for_url(f"**/p/acme/{oven}")

        _stop(staff, f"/f/acme/accounts/{oven}/info", ANNA, "Papers shared")
        _tell(practice)
        practice.send_mails(office.app)
        asked, shared = "A paper is asked of you", "A paper is shared with you"
        assert practice.subjects(ANNA)[1:] == [asked]
        assert sorted(practice.subjects(BEN)[1:]) == [asked, shared]
        assert len(practice.subjects(CEES)) == 1

        _unlink(staff, f"/f/acme/accounts/{oven}/info", "Anna")
        for client in (anna, again):
            client.get_by_role("link", name="Your details").click()
            client.wait_for_url("**/sign-in")
            client.get_by_text("You can no longer sign in there.").wait_for()
        assert _status(ben, f"/p/acme/{oven}") == 200


def _invite_all(staff: Page, oven: str, mill: str, look: Callable[..., None]) -> None:
    """Gives all three access; Anna is invited with a message, the others from the list."""
    _give_access(staff, f"/f/acme/accounts/{oven}/info", ANNA, BEN)
    _give_access(staff, f"/f/acme/accounts/{mill}/info", CEES)
    staff.goto(f"/f/acme/accounts/{oven}/info")
    staff.get_by_role("link", name=re.compile(f"Send invitation.*{ANNA}")).click()
    staff.get_by_label("Personal message").fill("It is all there, Anna.")
    staff.get_by_role("button", name="Send invitation").click()
    staff.get_by_text(f"{ANNA} is invited.").wait_for()
    look(staff, name="the Info tab")
    staff.goto("/f/acme/clients")
    staff.get_by_role("link", name="Invite to the portal").click()
    assert not staff.get_by_label(ANNA).is_checked()
    look(staff, name="whom to invite")
    staff.get_by_role("button", name="Send invitations").click()
    staff.get_by_text("2 addresses are invited.").wait_for()


def _sign_in(client: Page, address: str, code: str) -> None:
    """Signs in with password and code."""
    client.goto("/sign-in")
    client.get_by_label("E-mail address").fill(address)
    client.get_by_label("Password").fill(PASSWORD)
    client.get_by_role("button", name="Sign in", exact=True).click()
    client.get_by_role("textbox", name="Code").fill(code)
    client.get_by_role("button", name="Sign in", exact=True).click()


def _unlink(staff: Page, info: str, name: str) -> None:
    """Takes a contact off the account."""
    staff.goto(info)
    staff.get_by_role("link", name=re.compile(f"Unlink.*{name}")).click()
    staff.get_by_label("Yes, I am sure").check()
    staff.get_by_role("button", name="Unlink").click()
    staff.get_by_text("is unlinked.").wait_for()


def _status(client: Page, path: str) -> int:
    """The status with which a page answers."""
    answer = client.goto(path)
    assert answer is not None
    return answer.status


def _give_access(staff: Page, info: str, *addresses: str) -> None:
    """Switches LOGIN and NOTIFY on, as staff do."""
    staff.goto(info)
    for address in addresses:
        for setting in ("LOGIN", "NOTIFY"):
            switch = staff.get_by_role("switch", name=f"{setting}: {address}")
            switch.click()
            staff.get_by_text(f"{setting} is on for {address}.").wait_for()


def _stop(staff: Page, info: str, address: str, title: str) -> None:
    """Takes a type of notification from an address (C10)."""
    staff.goto(info)
    staff.get_by_role("link", name=re.compile(f"Notification preferences.*{address}")).click()
    staff.get_by_label(title).uncheck()
    staff.get_by_role("button", name="Save").click()
    staff.get_by_text(f"The notifications of {address} are saved.").wait_for()


def _tell(practice: Practice) -> None:
    """The module tells the clients of the Oven of two things."""
    deployment, oven = practice.trial.deployment, practice.accounts["Oven"]
    with as_owner(deployment.store, deployment.catalog, practice.trial.firm) as ctx:
        tell_clients(ctx, SHARED, oven, _("A paper is shared with you"), None, "1")
        tell_clients(ctx, ASKED, oven, _("A paper is asked of you"), None, "1")


def _set_up_factor(client: Page) -> str:
    """Sets an app up under one's own sign-in, and answers its secret."""
    client.get_by_role("link", name="Your sign-in").click()
    client.goto("/me/second-factor")
    secret = client.locator("code").first.inner_text().replace(" ", "")
    client.get_by_role("textbox", name="Code").fill(_code(secret))
    client.get_by_role("button", name="Switch on").click()
    client.get_by_role("heading", name="Your recovery codes").wait_for()
    client.get_by_role("link", name="I have kept them").click()
    return secret


def _code(secret: str, later: int = 0) -> str:
    totp = TOTP(key=secret, format="base32")
    return str(totp.generate(totp.now() + later).token)
