"""Notifications as people meet them: mails, their way out, the inbox (NOT-2 to NOT-4)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from attrs import define, evolve

from crm_core import audit
from crm_core.access import assign_team
from crm_core.account_changes import archive_account
from crm_core.accounts import account_of
from crm_core.address_settings import addresses_of_account, save_settings
from crm_core.context import To
from crm_core.contexts import WORKER
from crm_core.delivering import notification_work
from crm_core.firms import firm_named
from crm_core.inbox import inbox_page
from crm_core.links import link_contact, unlink_contact
from crm_core.notification_types import Audience, MailWish, NotificationType
from crm_core.notify import tell_clients, tell_staff
from crm_core.store.outbox_rows import OutboxRow
from crm_core.store.tables import FirmRecord
from crm_core.testing.builders import a_contact, an_account, as_owner
from crm_core.words import words_of
from crm_core.working import Worker
from tests.web.browsing import elements, form_of, send
from tests.web.harmless import assert_harmless
from tests.web.plugins import Trial, a_plugin
from tests.web.servers import SENDER, Moods, hand_over, mail_server
from web.app import create_app
from web.once import new_key
from web.scribe import MailScribe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

    from crm_core.accounts import Account
    from crm_core.words import Words
    from web.settings import Settings

_ = words_of("ears")
ANNA = "anna@x.example"
NASTY = '<script>alert("x")</script>\r\nBcc: all@x.example'
HEARD = NotificationType(
    name="ears.heard",
    title=_("Heard"),
    help=_("Heard."),
    audience=Audience.STAFF,
    mail=MailWish.AT_ONCE,
)
SHARED = NotificationType(
    name="ears.shared",
    title=_("Paper shared"),
    help=_("A paper was shared."),
    audience=Audience.CLIENT,
)
ASKED = evolve(SHARED, name="ears.asked", title=_("Question asked"))


@define
class Office:
    """A firm whose plugin tells of things, its owner's browser, and a real mail server."""

    trial: Trial
    moods: Moods
    settings: Settings
    account: Account

    def owner(self) -> Any:
        deployment = self.trial.deployment
        firm = firm_named(deployment.store, self.trial.firm.slug)
        return as_owner(deployment.store, deployment.catalog, firm)

    def tell(self, kind: NotificationType, what: Words, key: str) -> None:
        with self.owner() as ctx:
            tell_clients(ctx, kind, self.account, what, To("shell.overview"), key)
        self.send()

    def send(self) -> None:
        """What the worker does."""
        deployment = self.trial.deployment
        own = notification_work(MailScribe(deployment))
        Worker(store=deployment.store, catalog=deployment.catalog, own=own).work()
        hand_over(deployment.store, self.settings)

    @property
    def last(self) -> EmailMessage:
        return self.moods.mails[-1]

    @property
    def stop(self) -> str:
        """The path of the link that stops mails like the last one."""
        return str(self.last["List-Unsubscribe"]).strip("<>").removeprefix("http://127.0.0.1:8000")


@pytest.fixture
def office(settings: Settings, tmp_path: Path) -> Iterator[Office]:
    moods = Moods()
    with mail_server(moods) as server:
        mailing = evolve(settings, mail_server=server)
        ears = a_plugin(tmp_path, "ears", notification_types=(SHARED, ASKED, HEARD))
        trial = Trial.of(mailing, ears)
        with as_owner(trial.deployment.store, trial.deployment.catalog, trial.firm) as ctx:
            account = an_account(ctx, "Bakery <b>")
            link_contact(ctx, account, a_contact(ctx, "Anna", ANNA))
            (key,) = addresses_of_account(ctx, account)
            save_settings(ctx, account, {"core.notify": {key: True}})
            assign_team(ctx, account, [ctx.viewer.member_id])
        yield Office(trial, moods, mailing, account)
    trial.deployment.store.close()


def parts(mail: EmailMessage) -> tuple[str, str]:
    """The two ways in which a mail says the same."""
    plain, html = mail.iter_parts()
    assert mail.get_content_type() == "multipart/alternative"
    return plain.get_content(), html.get_content()  # type: ignore[attr-defined]


def at(page: str, tag: str, address: str) -> str:
    """Where the first link or form leads that has such an address."""
    name = "action" if tag == "form" else "href"
    return next(e.get(name) for e in elements(page, tag) if re.search(address, e.get(name)))


def keyed(page: str) -> dict[str, str]:
    """What a button of the page sends."""
    token = elements(page, "input", name="csrf_token")[0].get("value")
    return {"csrf_token": token, "_once": new_key()}


def test_not_3_a_mail_comes_from_the_firm_in_two_ways_with_a_button_and_a_way_out(
    office: Office,
) -> None:
    """NOT-3: sender, account where there are several, hostile text harmless, RFC 8058."""
    with office.owner() as ctx:
        other = an_account(ctx, "Butcher")
        link_contact(ctx, other, addresses_of_account(ctx, office.account).popitem()[1].contact_id)
        FirmRecord.change(ctx.store, name=f"Acme {NASTY}", reply_to="desk@acme.example").where(
            FirmRecord.id == ctx.firm.id
        ).execute()
    office.tell(SHARED, _("See {name}", name=NASTY), "one")
    mail = office.last
    assert (mail["To"], mail["Reply-To"], mail["Bcc"]) == (ANNA, "desk@acme.example", None)
    assert SENDER in mail["From"]
    assert "Acme" in mail["From"]
    assert mail["Subject"].endswith("(Bakery <b>)")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    plain, html = parts(mail)
    place = f"http://127.0.0.1:8000/f/acme/accounts/{office.account.public_id}"
    for said in (plain, html):
        assert place in said
        assert f"http://127.0.0.1:8000{office.stop}" in said
    assert NASTY.partition("\r")[0] in plain
    assert "<script" not in html
    assert [e.get("href") for e in elements(html, "a")] == [
        place,
        f"http://127.0.0.1:8000{office.stop}",
    ]
    page = office.trial.client.get("/f/acme/settings/mail").text
    assert_harmless(page)
    link = at(page, "a", r"/settings/mail/[0-9a-f]{32}$")
    frame = next(iter(elements(office.trial.client.get(link).text, "iframe")))
    assert frame.get("sandbox") == ""
    framed = office.trial.client.get(frame.get("src"))
    assert framed.text.replace("\r\n", "\n").strip() == html.replace("\r\n", "\n").strip()
    assert "sandbox" in framed.headers["Content-Security-Policy"]
    assert "script-src" not in framed.headers["Content-Security-Policy"]


def test_not_3_a_mail_speaks_the_language_of_the_firm_where_the_readers_is_not_known(
    office: Office,
) -> None:
    with office.owner() as ctx:
        FirmRecord.change(ctx.store, language="nl").where(FirmRecord.id == ctx.firm.id).execute()
    office.tell(SHARED, _("Due {day}", day=datetime(2026, 2, 3, tzinfo=UTC).date()), "one")
    assert office.last["Subject"] == "Due 3 februari 2026"
    assert 'lang="nl"' in parts(office.last)[1]


def test_not_2_the_link_in_a_mail_stops_what_it_names_and_nothing_else(office: Office) -> None:
    """NOT-2: one click without a session, asked before for people, and on again."""
    outside = create_app(office.trial.deployment).test_client()
    office.tell(SHARED, _("One"), "one")
    stop, click = office.stop, {"List-Unsubscribe": "One-Click"}
    page = outside.get(stop)
    assert page.status_code == 200
    assert "Paper shared" in page.text
    assert ANNA not in page.text
    assert_harmless(page.text)
    office.tell(SHARED, _("Opening it changed nothing"), "two")
    assert outside.post(stop, data=click).status_code == 200
    assert outside.post(stop, data=click).status_code == 200
    for kind, key in ((SHARED, "three"), (ASKED, "three")):
        office.tell(kind, _("Three"), key)
    assert [mail["Subject"] for mail in office.moods.mails] == [
        "One",
        "Opening it changed nothing",
        "Three",
    ]
    assert "Question asked" in outside.get(office.stop).text
    again = outside.post(stop, data={"again": "1"})
    assert "They come again" in again.text
    office.tell(SHARED, _("Four"), "four")
    assert office.last["Subject"] == "Four"
    with office.owner() as ctx:
        told = [
            entry for entry in audit.history(ctx, size=50).entries if "notifications" in entry.event
        ]
        assert [entry.who for entry in told] == ["a link in a mail"] * 2
    stale = outside.get("/unsubscribe/anything")
    assert stale.status_code == 404
    for wrong in (stop[:-6], f"{stop}x", stop.swapcase(), "/unsubscribe/%F0%9F%98%80"):
        answer = outside.post(wrong.replace("/UNSUBSCRIBE/", "/unsubscribe/"), data=click)
        assert (answer.status_code, answer.text) == (404, stale.text)
    with office.owner() as ctx:
        link_contact(ctx, office.account, a_contact(ctx, "Other"))
        contact = addresses_of_account(ctx, office.account).popitem()[1].contact_id
        unlink_contact(ctx, office.account, contact)
    assert outside.post(stop, data=click).text == stale.text


def test_not_4_a_colleague_stops_mails_of_a_type_by_their_link(office: Office) -> None:
    client = office.trial.client

    def told(what: str) -> None:
        with office.owner() as ctx:
            by_clock = evolve(ctx, origin=WORKER)
            to = To("shell.info", {"account": office.account.public_id})
            tell_staff(by_clock, HEARD, office.account, _(what), to, "one")
        office.send()

    told("One")
    assert office.last["Subject"] == "Bakery <b>: One"
    assert "/inbox/preferences" in parts(office.last)[0]
    assert client.post(office.stop, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    told("Two")
    assert len(office.moods.mails) == 1
    page = client.get("/f/acme/inbox/preferences").text
    assert form_of(page)["mail_ears_heard"] == "never"
    send(client, "/f/acme/inbox/preferences", mail_ears_heard="at once")
    told("Three")
    assert len(office.moods.mails) == 2


def test_not_4_the_inbox_counts_opens_and_marks(office: Office) -> None:
    """NOT-4: on every page how much is unread; opening an entry marks it and leads there."""
    client = office.trial.client
    with office.owner() as ctx:
        by_clock = evolve(ctx, origin=WORKER)
        for number in range(1, 53):
            to = To("shell.info", {"account": office.account.public_id})
            tell_staff(by_clock, HEARD, office.account, _(f"No. {number} <b>"), to, f"{number}")
        tell_staff(by_clock, HEARD, office.account, _("No page"), None, "none")
    assert "53<span" in client.get("/f/acme/home").text
    page = client.get("/f/acme/inbox").text
    assert_harmless(page)
    assert "No. 3 &lt;b&gt;" not in page
    following = next(e.get("href") for e in elements(page, "a", rel="next"))
    assert "No. 3 &lt;b&gt;" in client.get(following).text
    info = f"/f/acme/accounts/{office.account.public_id}/info"
    for target in ("/f/acme/inbox?show=all", info):
        opened = client.post(at(page, "form", "/open$"), data=keyed(page))
        assert opened.headers["Location"] == target
        page = client.get("/f/acme/inbox").text
    assert "51<span" in page
    client.post(at(page, "form", "newest="), data=keyed(page))
    assert "You have read everything" in client.get("/f/acme/inbox").text
    shown = client.get("/f/acme/inbox?show=all").text
    client.post(at(shown, "form", "/unread"), data=keyed(shown))
    with office.owner() as ctx:
        assert len(inbox_page(ctx, 100, unread=True).entries) == 1


def test_not_2_the_info_tab_leads_to_the_preferences_of_each_address(office: Office) -> None:
    """NOT-2, C10: two people who switch different types both keep theirs."""
    client = office.trial.client
    info = client.get(f"/f/acme/accounts/{office.account.public_id}/info").text
    link = at(info, "a", "/notifications$")
    mine = theirs = form_of(client.get(link).text)
    assert mine["seen"].split() == ["ears.asked", "ears.shared"]
    for form, wanted in ((mine, ["ears.asked"]), (theirs, ["ears.shared"])):
        fresh = form_of(client.get(link).text)
        answer = client.post(link, data={**fresh, "seen": form["seen"], "wanted": wanted})
        assert answer.status_code == 303
    assert form_of(client.get(link).text)["seen"] == ""
    with office.owner() as ctx:
        entry = audit.history(ctx, size=1).entries[0]
        assert entry.after == {"address": ANNA, "off": ["Question asked"]}
        archive_account(ctx, office.account)
        assert account_of(ctx, office.account.public_id).archived
        assert not OutboxRow.of(ctx).where(OutboxRow.state == "parked").exists()
