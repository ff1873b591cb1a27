"""Telling clients and colleagues of things: whom, once, and in whose inbox (NOT-1 to NOT-5)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from attrs import define, evolve

from crm_core import reminders
from crm_core.access import assign_team
from crm_core.account_changes import archive_account, bring_account_back
from crm_core.accounts import account_of
from crm_core.address_settings import addresses_of_account, save_settings
from crm_core.context import To
from crm_core.contexts import WORKER
from crm_core.delivering import ClientLetter, StaffLetter, Written, forget, notification_work
from crm_core.firms import firm_named
from crm_core.inbox import inbox_page, mark_all_read, mark_read, unread_count
from crm_core.kept_words import kept_place, kept_words, place_in, words_in
from crm_core.links import link_contact
from crm_core.loading import load
from crm_core.mailing import mails_page
from crm_core.modules import switch_module
from crm_core.notification_types import Audience, MailWish, NotificationType
from crm_core.notify import tell_clients, tell_staff
from crm_core.notify_wishes import save_mail_wishes, save_wishes, wishes_of_address
from crm_core.outbox import happened_in
from crm_core.refusals import NotAllowed, NotFound, Refused
from crm_core.store.outbox_rows import OutboxRow
from crm_core.testing.builders import (
    a_contact,
    a_person,
    an_account,
    an_employee,
    as_owner,
    as_person,
)
from crm_core.words import counted_words_of, words_of
from crm_core.working import Worker
from tests.web.plugins import Trial, a_plugin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from crm_core.accounts import Account
    from crm_core.context import Context
    from crm_core.work import Happened
    from web.settings import Settings

_ = words_of("ears")
SHARED = NotificationType(
    name="ears.shared", title=_("Shared"), help=_("Shared."), audience=Audience.CLIENT
)
ASKED = NotificationType(
    name="ears.asked", title=_("Asked"), help=_("Asked."), audience=Audience.CLIENT
)
HEARD = NotificationType(
    name="ears.heard",
    title=_("Heard"),
    help=_("Heard."),
    audience=Audience.STAFF,
    mail=MailWish.AT_ONCE,
)
SEEN = NotificationType(name="ears.seen", title=_("Seen"), help=_("Seen."), audience=Audience.STAFF)
WHAT = _("A paper is there")


class Plain:
    """A scribe that keeps what it was asked to write."""

    def to_client(self, ctx: Context, letter: ClientLetter) -> Written:
        about = f" ({letter.account})" if letter.names_account else ""
        return Written(subject=f"{letter.what}{about}", text="", html="", unsubscribe="")

    def to_staff(self, ctx: Context, letter: StaffLetter) -> Written:
        named = ", ".join(f"{entry.account}: {entry.what}" for entry in letter.entries)
        return Written(subject=named, text="", html="", unsubscribe="")


@define
class Office:
    """A firm with a plugin that tells of things, a client with an address, and a worker."""

    trial: Trial
    own: Mapping[str, Any]
    account: Account
    member: int
    emil: int

    def owner(self) -> AbstractContextManager[Context]:
        deployment = self.trial.deployment
        firm = firm_named(deployment.store, self.trial.firm.slug)
        return as_owner(deployment.store, deployment.catalog, firm)

    def employee(self) -> AbstractContextManager[Context]:
        deployment = self.trial.deployment
        firm = firm_named(deployment.store, self.trial.firm.slug)
        return as_person(deployment.store, deployment.catalog, firm, self.emil)

    def work(self) -> None:
        deployment = self.trial.deployment
        late = datetime(2031, 1, 1, tzinfo=UTC)
        Worker(
            store=deployment.store, catalog=deployment.catalog, own=self.own, clock=lambda: late
        ).work()

    def in_line(self) -> list[tuple[str, Happened]]:
        """What waits for the worker."""
        with self.owner() as ctx:
            rows = OutboxRow.of(ctx).where(OutboxRow.state == "waiting").order_by(OutboxRow.id)
            return [(row.work, happened_in(row.text)) for row in rows]

    def do_again(self, work: list[tuple[str, Happened]]) -> None:
        """What a second worker does after one that was killed before its mark."""
        with self.owner() as ctx:
            for name, happened in work:
                self.own[name].value.act(ctx, happened)

    def job(self, name: str, now: datetime) -> None:
        with self.owner() as ctx:
            self.own[name].value.act(evolve(ctx, now=now, origin=WORKER))

    def mails(self) -> list[tuple[str, str]]:
        """The mails in line, the first first: to whom, and their subjects."""
        with self.owner() as ctx:
            found = mails_page(ctx, (), "", 100).mails
            return [(mail.address, mail.subject) for mail in reversed(found)]

    def key(self, ctx: Context, address: str, account: Account | None = None) -> int:
        found = addresses_of_account(ctx, account or self.account)
        return next(key for key, one in found.items() if one.address == address)

    def notify(self, ctx: Context, address: str, account: Account | None = None) -> None:
        """Switches NOTIFY on for an address."""
        key = self.key(ctx, address, account)
        save_settings(ctx, account or self.account, {"core.notify": {key: True}})


@pytest.fixture
def office(settings: Settings, tmp_path: Path) -> Iterator[Office]:
    ears = a_plugin(tmp_path, "ears", notification_types=(SHARED, ASKED, HEARD, SEEN))
    trial = Trial.of(settings, ears)
    store, catalog = trial.deployment.store, trial.deployment.catalog
    emil = a_person(store)
    with as_owner(store, catalog, trial.firm) as ctx:
        account = an_account(ctx, "Bakery")
        link_contact(ctx, account, a_contact(ctx, "Anna", "anna@x.example", "a@work.example"))
        link_contact(ctx, account, a_contact(ctx, "Bob", "bob@x.example"))
        member = an_employee(ctx, accounts=(account,), person_id=emil)
        made = Office(trial, notification_work(Plain()), account, member, emil)
        for address in ("anna@x.example", "bob@x.example"):
            made.notify(ctx, address)
    yield made
    store.close()


def test_not_1_types_carry_the_name_of_their_plugin_and_come_once(tmp_path: Path) -> None:
    """NOT-1: each plugin declares its own types."""
    foreign = a_plugin(tmp_path, "foreign", notification_types=(SHARED,))
    twice = a_plugin(
        tmp_path,
        "twice",
        notification_types=2 * (evolve(SHARED, name="twice.shared"),),
    )
    loaded = load([foreign, twice], {})
    assert {failure.plugin for failure in loaded.failures} == {"foreign", "twice"}
    with pytest.raises(ValueError, match="not for"):
        tell_clients(None, HEARD, None, WHAT, None, "key")  # type: ignore[arg-type]


def test_words_and_places_are_kept_as_they_are() -> None:
    _n = counted_words_of("ears")
    inner = _n("{count} paper", "{count} papers", count=3)
    words = _("{a} {b} {c} {d}", a=inner, b=Decimal("1.50"), c=date(2026, 2, 3), d='"<{x}>"\r\n')
    assert words_in(kept_words(words)) == words
    assert words_in(kept_words(words)).arguments == words.arguments
    to = To("shell.home", {"account": "x"})
    assert (place_in(kept_place(to)), place_in(kept_place(None))) == (to, None)


def test_not_2_and_3_every_address_that_wants_it_is_mailed_once_and_no_other(
    office: Office,
) -> None:
    """NOT-2 and NOT-3: NOTIFY and the type decide; on several accounts the mail names it."""
    with office.owner() as ctx:
        other = an_account(ctx, "Butcher")
        link_contact(ctx, other, twin := a_contact(ctx, "Twin", "BOB@x.example"))
        link_contact(ctx, office.account, twin)
        office.notify(ctx, "BOB@x.example")
        anna = office.key(ctx, "anna@x.example")
        save_wishes(ctx, office.account, anna, {"ears.asked": False})
        for _time in range(2):
            tell_clients(ctx, SHARED, office.account, WHAT, None, "one")
        tell_clients(ctx, ASKED, office.account, _("A question"), None, "one")
        tell_clients(ctx, SHARED, other, _("Nobody hears"), None, "two")
    with pytest.raises(Refused), office.owner() as ctx:
        tell_clients(ctx, SHARED, office.account, _("Undone"), None, "three")
        raise Refused(WHAT)
    work = office.in_line()
    office.work()
    assert office.mails() == [
        ("anna@x.example", "A paper is there"),
        ("bob@x.example", "A paper is there (Bakery)"),
        ("bob@x.example", "A question (Bakery)"),
    ]
    office.do_again(work)
    assert len(office.mails()) == 3


def test_not_2_nobody_hears_of_an_archived_account_or_of_a_module_that_is_off(
    office: Office,
) -> None:
    with office.owner() as ctx:
        tell_clients(ctx, SHARED, office.account, WHAT, None, "one")
        archive_account(ctx, office.account)
        archived = account_of(ctx, office.account.public_id)
        tell_clients(ctx, SHARED, archived, WHAT, None, "two")
    office.work()
    with office.owner() as ctx:
        bring_account_back(ctx, archived)
        anna = office.key(ctx, "anna@x.example")
        save_wishes(ctx, office.account, anna, {"ears.shared": False})
        tell_clients(ctx, SHARED, office.account, WHAT, None, "three")
        tell_staff(ctx, SEEN, office.account, WHAT, None, "three")
        switch_module(ctx, "ears")
    with office.owner() as ctx:
        assert wishes_of_address(ctx, office.account, anna).wanted == {}
    office.work()
    assert office.mails() == []
    with office.employee() as ctx:
        assert (unread_count(ctx), inbox_page(ctx, 5).entries) == (0, [])
    with office.owner() as ctx:
        switch_module(ctx, "ears")
    with office.owner() as ctx:
        wanted = wishes_of_address(ctx, office.account, anna).wanted
        assert wanted == {"ears.asked": True, "ears.shared": False}
        forget(evolve(ctx, now=ctx.now + timedelta(days=400)))
    with office.employee() as ctx:
        assert unread_count(ctx) == 1
        with pytest.raises(NotAllowed):
            save_wishes(ctx, office.account, anna, {"ears.shared": True})


def test_not_4_a_thing_that_is_told_again_is_one_entry_and_unread_again(office: Office) -> None:
    """NOT-4: one entry per thing, for those who follow the account, less whoever does it."""
    with office.owner() as ctx:
        assign_team(ctx, office.account, [office.member, ctx.viewer.member_id])
        tell_staff(ctx, HEARD, office.account, WHAT, To("shell.home"), "one")
        tell_staff(ctx, SEEN, None, _("For all"), None, "one", members=[office.member, 10**9])
        assert unread_count(ctx) == 0
    work = office.in_line()
    office.work()
    office.do_again(work)
    assert office.mails() == [("emil@firm.example", "Bakery: A paper is there")]
    with office.employee() as ctx:
        assert unread_count(ctx) == 2
        page = inbox_page(ctx, 1)
        assert [entry.public_id for entry in page.entries] == [page.after]
        (first,) = inbox_page(ctx, 1, after=page.after).entries
        assert str(first.what) == "A paper is there"
        assert mark_read(ctx, first.public_id).to == To("shell.home")
        assert unread_count(ctx) == 1
        newest = inbox_page(ctx, 5, unread=True).entries[0].public_id
    with office.owner() as ctx:
        tell_staff(ctx, HEARD, office.account, _("Two papers are there"), None, "one")
        with pytest.raises(NotFound):
            mark_read(ctx, newest)
    with office.employee() as ctx:
        mark_all_read(ctx, newest)
        (left,) = inbox_page(ctx, 5, unread=True).entries
        assert (left.public_id, str(left.what)) == (first.public_id, "Two papers are there")
        assert len(inbox_page(ctx, 5).entries) == 2
    with office.owner() as ctx:
        assign_team(ctx, office.account, [])
    office.work()
    with office.employee() as ctx:
        assert unread_count(ctx) == 0
        assert [str(entry.what) for entry in inbox_page(ctx, 5).entries] == ["For all"]
        with pytest.raises(NotFound):
            mark_read(ctx, first.public_id)
    assert len(office.mails()) == 1


def test_not_4_mail_comes_at_once_or_once_a_day_or_never_as_one_chooses(office: Office) -> None:
    """NOT-4: mail by type; the daily one has what is unread, by account, and none where nothing."""
    night = datetime(2030, 1, 31, 6, 0, tzinfo=UTC)
    with office.owner() as ctx:
        butcher = an_account(ctx, "Butcher")
        assign_team(ctx, butcher, [office.member])
    with office.employee() as ctx:
        save_mail_wishes(ctx, {"ears.heard": MailWish.NEVER})
    with office.owner() as ctx:
        tell_staff(ctx, HEARD, office.account, _("Not mailed"), None, "one")
        tell_staff(ctx, SEEN, butcher, _("Third"), None, "three")
        tell_staff(ctx, SEEN, office.account, _("First"), None, "one")
        tell_staff(ctx, SEEN, office.account, _("Read"), None, "two")
    office.work()
    with office.employee() as ctx:
        read = inbox_page(ctx, 5, unread=True).entries
        mark_read(ctx, next(one.public_id for one in read if str(one.what) == "Read"))
    assert office.mails() == []
    for _time in range(2):
        office.job("core.daily_mail", night)
    assert office.mails() == [("emil@firm.example", "Bakery: First, Butcher: Third")]
    with office.owner() as ctx:
        told = evolve(ctx, now=night + timedelta(hours=1))
        tell_staff(told, SEEN, butcher, _("Again"), None, "three")
    office.job("core.daily_mail", night + timedelta(days=1))
    assert office.mails()[1:] == [("emil@firm.example", "Butcher: Again")]


def test_not_5_reminders_come_until_the_count_is_reached_or_the_thing_is_done(
    office: Office,
) -> None:
    """NOT-5: N times every D days; waiting while archived; by hand besides; once a day."""
    start = datetime(2030, 1, 31, 7, 0, tzinfo=UTC)

    def sent_after(days: int) -> int:
        for _time in range(2):
            office.job("core.remind", start + timedelta(days=days))
        office.work()
        return len(office.mails()) // 2

    def how_far(key: str) -> Any:
        with office.owner() as ctx:
            return reminders.reminders_of(ctx, [key]).get(key)

    with office.owner() as ctx:
        begun = evolve(ctx, now=start)
        for key in ("ears.sign", "ears.done"):
            reminders.start(begun, key, SHARED, office.account, WHAT, None, every_days=3, times=2)
        reminders.stop(begun, "ears.done")
        with pytest.raises(Refused):
            reminders.start(begun, "x", SHARED, office.account, WHAT, None, every_days=0, times=1)
        with pytest.raises(NotFound):
            reminders.remind_now(begun, "ears.done")
    assert [sent_after(days) for days in (2, 3, 4)] == [0, 1, 1]
    assert (how_far("ears.sign").sent, how_far("ears.sign").due) == (1, date(2030, 2, 6))
    with office.owner() as ctx:
        reminders.remind_now(evolve(ctx, now=start + timedelta(days=5)), "ears.sign")
        archive_account(ctx, office.account)
    with pytest.raises(Refused), office.owner() as ctx:
        reminders.remind_now(ctx, "ears.sign")
    assert (how_far("ears.sign").sent, how_far("ears.sign").due) == (1, date(2030, 2, 8))
    assert [sent_after(days) for days in (6, 9)] == [1, 1]
    with office.owner() as ctx:
        bring_account_back(ctx, account_of(ctx, office.account.public_id))
    assert [sent_after(days) for days in (10, 20)] == [2, 2]
    assert (how_far("ears.sign").sent, how_far("ears.sign").due) == (2, None)
    assert office.mails()[0] == ("anna@x.example", "Reminder: A paper is there")
    with office.owner() as ctx:
        assert not OutboxRow.of(ctx).where(OutboxRow.state == "parked").exists()


def test_the_core_does_its_own_jobs_at_their_hours(office: Office) -> None:
    deployment = office.trial.deployment
    came: dict[str, list[int]] = {}
    for hour in range(24):
        now = datetime(2030, 1, 31, hour, 30, tzinfo=UTC)
        worker = Worker(
            store=deployment.store,
            catalog=deployment.catalog,
            own=office.own,
            clock=partial(datetime, 2030, 1, 31, hour, 30, tzinfo=UTC),
        )
        worker.plan()
        worker.work()
        with office.owner() as ctx:
            for row in OutboxRow.of(ctx).where(OutboxRow.ended == now):
                came.setdefault(row.work, []).append(hour)
    # The firm's clock is an hour ahead.
    assert came["core.daily_mail"] == [0, 6]
    assert came["core.remind"] == [0, 7]
