"""Mails of a firm through a real mail server: handed over once, or shown as unsure (NOT-6)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from attrs import define, evolve

from crm_core import audit
from crm_core.mailing import MailState, NewMail, mail_of, mails_page, queue_mail, send_again
from crm_core.permissions import Role
from crm_core.posting import PAUSES, Postman, waiting_mails
from crm_core.refusals import NotAllowed, NotFound, Refused
from crm_core.testing.builders import a_firm, a_person, an_employee, as_owner, as_person
from tests.web.browsing import elements, press
from tests.web.servers import SENDER, Moods, mail_server
from web.posting import FolderPost, SmtpPost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.mailing import Mail
    from crm_core.posting import Handed, Letter, Post
    from crm_core.store.database import Store

TO = "anna@x.example"
MAIL = NewMail(address=TO, subject="Your papers", text="Dear Anna,\n.\nhere they are.\n", key="one")


@define
class Office:
    """A firm, its mail server, and a clock that a test moves on."""

    store: Store
    catalog: Catalog
    firm: Firm
    moods: Moods
    post: Post
    now: datetime = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def queue(self, *mails: NewMail) -> None:
        """Puts these in line."""
        with as_owner(self.store, self.catalog, self.firm) as ctx:
            for mail in mails:
                queue_mail(evolve(ctx, now=self.now), mail)

    def work(self, later: timedelta = timedelta()) -> int:
        """Hands over what is due after so long."""
        self.now += later
        return Postman(store=self.store, post=self.post, clock=lambda: self.now).work()

    def mails(self) -> list[Mail]:
        """The firm's mails as people see them, the latest first."""
        with as_owner(self.store, self.catalog, self.firm, write=False) as ctx:
            return list(mails_page(ctx, (), "", 50).mails)

    def again(self) -> None:
        """Somebody sends the latest mail again."""
        with as_owner(self.store, self.catalog, self.firm) as ctx:
            send_again(evolve(ctx, now=self.now), self.mails_id())

    def mails_id(self) -> str:
        """The latest mail's public id; within a transaction."""
        return self._latest

    @property
    def latest(self) -> Mail:
        """The latest mail."""
        return self.mails()[0]

    _latest: str = ""


@pytest.fixture
def moods() -> Moods:
    return Moods()


@pytest.fixture
def office(store: Store, catalog: Catalog, owned_firm: Firm, moods: Moods) -> Iterator[Office]:
    with mail_server(moods) as server:
        yield Office(store, catalog, owned_firm, moods, SmtpPost(server))


def test_not_6_a_mail_is_in_line_with_its_change_and_is_handed_over_once(office: Office) -> None:
    """NOT-6: queued in the transaction of the event, sent by the worker, visible."""
    office.queue(MAIL, MAIL)
    assert [mail.state for mail in office.mails()] == [MailState.QUEUED]
    assert office.work() == 1
    assert office.work(timedelta(days=1)) == 0
    (mail,) = office.moods.mails
    assert mail["From"] == f'"{office.firm.name}" <{SENDER}>' or office.firm.name in mail["From"]
    assert SENDER in mail["From"]
    assert (mail["To"], mail["Subject"]) == (TO, "Your papers")
    assert mail.get_content().replace("\r\n", "\n") == MAIL.text
    assert re.fullmatch(r"<[0-9a-f]{32}@host\.example>", mail["Message-ID"])
    assert (office.latest.state, office.latest.text) == (MailState.SENT, MAIL.text)


def test_a_change_that_is_undone_sends_nothing(
    office: Office, store: Store, catalog: Catalog
) -> None:
    with pytest.raises(Refused), as_owner(store, catalog, office.firm) as ctx:
        queue_mail(ctx, MAIL)
        raise Refused(MAIL.subject)  # type: ignore[arg-type]
    assert office.mails() == []
    assert office.work() == 0


def test_an_address_that_is_refused_fails_with_the_servers_reason(office: Office) -> None:
    office.moods.never.add(TO)
    office.queue(MAIL)
    office.work()
    assert office.latest.state is MailState.FAILED
    assert office.latest.reason == "550 there is nobody of that name"
    assert office.work(timedelta(days=3)) == 0
    (waiting,) = waiting_mails(office.store, office.now - timedelta(hours=1))
    assert (waiting.failed, waiting.unsure) == (1, 0)


def test_a_text_that_is_refused_fails(office: Office) -> None:
    office.moods.too_big.add(TO)
    office.queue(MAIL)
    office.work()
    assert (office.latest.state, office.latest.reason) == (MailState.FAILED, "552 too much")


def test_a_greylisted_mail_waits_and_is_sent_later(office: Office) -> None:
    office.moods.later[TO] = 2
    office.queue(MAIL)
    office.work()
    assert (office.latest.state, office.latest.attempts) == (MailState.QUEUED, 1)
    assert office.latest.reason == "451 try again later"
    assert office.work(timedelta(seconds=30)) == 0, "it is left alone for a minute"
    assert office.work(timedelta(minutes=1)) == 1
    assert office.work(timedelta(minutes=5)) == 1
    assert office.latest.state is MailState.SENT
    assert len(office.moods.to(TO)) == 1


def test_what_is_never_taken_fails_after_two_days(office: Office) -> None:
    office.moods.later[TO] = 1000
    office.queue(MAIL)
    began, tried = office.now, 0
    while office.latest.state is MailState.QUEUED:
        tried += office.work(timedelta(minutes=30))
    assert tried == len(PAUSES) + 1
    assert office.latest.state is MailState.FAILED
    assert timedelta(days=1) < office.now - began < timedelta(days=3)


def test_not_6_what_nobody_answers_is_unsure_and_never_sent_again_but_by_hand(
    office: Office,
) -> None:
    """NOT-6: never knowingly sent twice."""
    office.moods.hangs.add(TO)
    office.queue(MAIL)
    office.work()
    assert office.latest.state is MailState.UNSURE
    assert office.work(timedelta(days=3)) == 0
    assert len(office.moods.to(TO)) == 1
    office.moods.hangs.clear()
    office._latest = office.latest.public_id
    office.again()
    assert office.work() == 1
    assert (office.latest.state, len(office.moods.to(TO))) == (MailState.SENT, 2)
    with as_owner(office.store, office.catalog, office.firm, write=False) as ctx:
        assert audit.history(ctx).entries[0].event == "mail.sent_again"
    with pytest.raises(Refused):
        office.again()


@pytest.mark.parametrize("begun", [True, False])
def test_a_worker_that_is_killed_leaves_a_mail_that_is_sent_or_unsure(
    office: Office, *, begun: bool
) -> None:
    class Killed(BaseException):
        """What ends a process ends no mail."""

    class Dying(SmtpPost):
        def hand_over(self, _letter: Letter, begin: Callable[[], bool]) -> Handed:
            if begun:
                begin()
            raise Killed

    assert isinstance(office.post, SmtpPost)
    sound, office.post = office.post, Dying(office.post.server)
    office.queue(MAIL)
    with pytest.raises(Killed):
        office.work()
    office.post = sound
    assert office.work(timedelta(minutes=9)) == 0, "the lease has not ended"
    office.work(timedelta(minutes=2))
    assert office.latest.state is (MailState.UNSURE if begun else MailState.SENT)
    assert len(office.moods.to(TO)) == (0 if begun else 1)


@pytest.mark.parametrize("begun", [True, False])
def test_a_mail_that_cannot_be_made_fails_alone(office: Office, *, begun: bool) -> None:
    class Stumbling(SmtpPost):
        def hand_over(self, letter: Letter, begin: Callable[[], bool]) -> Handed:
            if letter.address != "odd@x.example":
                return super().hand_over(letter, begin)
            if begun:
                begin()
            raise ValueError(letter.address)

    assert isinstance(office.post, SmtpPost)
    office.post = Stumbling(office.post.server)
    office.queue(evolve(MAIL, address="odd@x.example"), evolve(MAIL, key="two"))
    assert office.work() == 2
    after, odd = office.mails()
    assert after.state is MailState.SENT
    assert odd.state is (MailState.UNSURE if begun else MailState.FAILED)
    assert re.fullmatch(r"reference \w{4}-\w\w", odd.reason)


def test_a_server_that_is_down_is_asked_again(office: Office) -> None:
    assert isinstance(office.post, SmtpPost)
    with mail_server(Moods()) as gone:
        pass
    there, office.post = office.post, SmtpPost(gone)
    office.queue(MAIL, evolve(MAIL, key="two"))
    office.work()
    assert {mail.state for mail in office.mails()} == {MailState.QUEUED}
    assert [bool(mail.reason) for mail in office.mails()] == [False, True], "one was tried"
    assert office.work(timedelta(seconds=30)) == 0
    office.post = there
    office.work(timedelta(minutes=1))
    assert {mail.state for mail in office.mails()} == {MailState.SENT}


def test_a_worker_whose_lease_has_ended_leaves_the_mail_to_the_other_one(office: Office) -> None:
    assert isinstance(office.post, SmtpPost)
    other = Office(**{**vars_of(office), "post": SmtpPost(office.post.server)})

    class Slow(SmtpPost):
        def hand_over_bytes(self, address, body, begin):  # type: ignore[no-untyped-def]
            other.now = office.now + timedelta(minutes=11)
            other.work()
            return super().hand_over_bytes(address, body, begin)

    office.post = Slow(office.post.server)
    office.queue(MAIL)
    office.work()
    assert office.latest.state is MailState.SENT
    assert len(office.moods.to(TO)) == 1


def vars_of(office: Office) -> dict[str, object]:
    """What another office of the same firm is made of."""
    names = ("store", "catalog", "firm", "moods", "post", "now")
    return {name: getattr(office, name) for name in names}


def test_line_breaks_in_names_and_subjects_are_harmless(office: Office) -> None:
    office.firm = evolve(office.firm, name="Firm\r\nBcc: x@evil.example")
    office.queue(evolve(MAIL, subject="Papers\r\nBcc: x@evil.example\n\nText"))
    office.work()
    (mail,) = office.moods.mails
    assert mail["Subject"] == "Papers Bcc: x@evil.example Text"
    assert mail["Bcc"] is None


def test_a_secret_text_is_forgotten_once_the_server_has_it(office: Office) -> None:
    office.queue(evolve(MAIL, secret=True))
    assert office.latest.text == MAIL.text
    office.work()
    assert (office.latest.state, office.latest.text) == (MailState.SENT, "")


def test_without_a_server_a_mail_is_a_file_and_its_text_stays_readable(
    office: Office, tmp_path: Path
) -> None:
    office.post = FolderPost(tmp_path / "outbox")
    office.queue(evolve(MAIL, secret=True))
    office.work()
    (file,) = (tmp_path / "outbox").iterdir()
    assert b"Your papers" in file.read_bytes()
    assert (office.latest.state, office.latest.text) == (MailState.SENT, MAIL.text)


def test_an_address_beyond_ascii_is_reached_or_refused_with_a_reason(office: Office) -> None:
    office.queue(evolve(MAIL, address="anna@bücher.example"))
    office.work()
    assert office.latest.state is MailState.SENT
    office.queue(evolve(MAIL, address="änna@x.example", key="two"))
    office.work()
    assert office.latest.state is MailState.SENT or office.latest.reason


def test_people_see_the_mails_of_their_firm_alone_and_need_the_right(
    office: Office, client: FlaskClient, store: Store, catalog: Catalog
) -> None:
    office.moods.never.add(TO)
    office.queue(MAIL, evolve(MAIL, key="two", address="bob@x.example", subject="Hello"))
    office.work()
    page = client.get("/f/acme/settings/mail").text
    assert [e.text for e in elements(page, "nav", class_="tabs")][1] == "All Sent (1) Failed (1)"
    assert "550 there is nobody of that name" in page
    failed = client.get("/f/acme/settings/mail?state=failed").text
    assert "Your papers" in failed
    assert "Hello" not in failed
    (mail,) = (m for m in office.mails() if m.state is MailState.FAILED)
    assert "here they are." in client.get(f"/f/acme/settings/mail/{mail.public_id}").text
    office.moods.never.clear()
    answer = press(client, "/f/acme/settings/mail", "/again")
    assert answer.status_code == 303
    office.work(timedelta(days=400))
    assert len(office.moods.to(TO)) == 1
    other, person = a_firm(store), a_person(store)
    with as_owner(store, catalog, other) as ctx:
        assert mails_page(ctx, (), "", 50).mails == []
        with pytest.raises(NotFound):
            mail_of(ctx, mail.public_id)
    with as_owner(store, catalog, office.firm) as ctx:
        an_employee(ctx, person_id=person)
        assert ctx.viewer.role is Role.OWNER
    with as_person(store, catalog, office.firm, person) as ctx, pytest.raises(NotAllowed):
        mails_page(ctx, (), "", 50)
