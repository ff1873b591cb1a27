"""The worker: each piece of work once, whatever fails, and nothing is lost (architecture.md)."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from attrs import define, evolve, field, frozen

from crm_core import bus, outbox
from crm_core.account_changes import archive_account
from crm_core.audit import history, record
from crm_core.contexts import context_for_person
from crm_core.events import ACCOUNT_ARCHIVED, Event
from crm_core.modules import switch_module
from crm_core.parking import give_up, outbox_of, parked_of, retry
from crm_core.refusals import NotAllowed, NotFound, Refused
from crm_core.store.database import FirmScope
from crm_core.store.outbox_rows import OutboxRow
from crm_core.store.tables import AccountRow
from crm_core.testing.builders import a_firm, a_person, an_account, an_employee, as_owner
from crm_core.words import words_of
from crm_core.work import Happened, Job, Reaction, When
from crm_core.working import LEASE, MODULE_IS_OFF, Worker, slot_of
from tests.web.plugins import EDITION, a_plugin
from web.bootstrap import assemble

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crm_core.context import Context
    from crm_core.firms import Firm
    from web.bootstrap import Deployment
    from web.settings import Settings

_ = words_of("tests")
RANG = Event(name="bells.rang", title=_("A bell rang"))
DRAWN = Event(name="bells.drawn", title=_("A bell was drawn"))
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@define
class Bells:
    """A firm with a plugin that makes an account for each bell; what it does can be changed."""

    deployment: Deployment
    firm: Firm
    now: datetime = START
    act: Callable[[Context, Happened], None] = lambda ctx, told: _written(ctx, told.key)
    job: Callable[[Context], None] = lambda ctx: _written(ctx, "job")
    prepare: Callable[[Context, Happened], str] = lambda ctx, told: told.about
    before: Callable[[Context, Happened], None] = lambda ctx, told: None
    within: Callable[[Context, Happened], None] = lambda ctx, told: None
    tried: list[str] = field(factory=list)

    def worker(self, **more: Any) -> Worker:
        """A worker whose clock is the test's."""
        deployment = self.deployment
        return Worker(
            store=deployment.store, catalog=deployment.catalog, clock=lambda: self.now, **more
        )

    def ring(self, *keys: str, firm: Firm | None = None) -> None:
        """Lets a bell ring for each key, in one transaction."""
        store, catalog = self.deployment.store, self.deployment.catalog
        with as_owner(store, catalog, firm or self.firm) as ctx:
            for key in keys:
                bus.tell(evolve(ctx, now=self.now), RANG, Happened(event=RANG.name, key=key))

    def written(self) -> list[str]:
        """The names of the accounts that were made."""
        with as_owner(self.deployment.store, self.deployment.catalog, self.firm) as ctx:
            return sorted(row.name for row in AccountRow.of(ctx))

    def rows(self, state: str) -> list[Any]:
        """What stands in the outbox in this state."""
        with as_owner(self.deployment.store, self.deployment.catalog, self.firm) as ctx:
            return list(OutboxRow.of(ctx).where(OutboxRow.state == state))

    def work_for(self, minutes: int) -> None:
        """Works, and again after each minute."""
        for _minute in range(minutes):
            self.worker().work()
            self.now += timedelta(minutes=1)


def _written(ctx: Context, name: str) -> None:
    an_account(ctx, name)


@pytest.fixture
def bells(settings: Settings, tmp_path: Path) -> Any:
    """A firm with the plugin `bells`, on each engine."""
    made: list[Bells] = []

    def after(ctx: Context, told: Happened) -> None:
        made[0].tried.append(told.key)
        made[0].act(ctx, told)

    def prepares(ctx: Context, told: Happened) -> str:
        return made[0].prepare(ctx, told)

    def asked(ctx: Context, told: Happened) -> None:
        made[0].before(ctx, told)

    def joins(ctx: Context, told: Happened) -> None:
        made[0].within(ctx, told)

    def tolls(ctx: Context) -> None:
        made[0].job(ctx)

    plugin = a_plugin(
        tmp_path,
        "bells",
        events=(RANG, DRAWN),
        reactions=(
            Reaction(
                name="draws",
                title=_("Draws"),
                to=(DRAWN,),
                when=When.AFTER,
                prepare=prepares,
                act=lambda ctx, told, drawn: _written(ctx, drawn),
            ),
            Reaction(name="hears", title=_("Hears"), to=(RANG,), when=When.AFTER, act=after),
            Reaction(
                name="asked",
                title=_("Is asked"),
                to=(ACCOUNT_ARCHIVED,),
                when=When.BEFORE,
                act=asked,
            ),
            Reaction(
                name="joins",
                title=_("Joins"),
                to=(ACCOUNT_ARCHIVED,),
                when=When.WITHIN,
                act=joins,
            ),
        ),
        jobs=(
            Job(
                name="tolls",
                title=_("Tolls"),
                every=timedelta(days=1),
                act=tolls,
            ),
        ),
    )
    editions = settings.folder / "editions.toml"
    editions.write_text(
        f'[{EDITION}]\ntitle = "Trial"\nplugins = ["bells"]\n[pro]\ntitle = "P"\nplugins = []\n'
    )
    deployment = assemble(evolve(settings, editions=editions), sources=[plugin])
    assert not deployment.failures
    made.append(Bells(deployment, a_firm(deployment.store, "acme", edition=EDITION)))
    yield made[0]
    deployment.store.close()


def test_work_is_done_once_for_each_key(bells: Bells) -> None:
    bells.ring("one", "two")
    bells.ring("two", "three")
    assert bells.worker().work() == 3
    assert bells.written() == ["bells.hears:one", "bells.hears:three", "bells.hears:two"]
    bells.ring("one")
    assert bells.worker().work() == 0
    assert {row.text for row in bells.rows("done")} == {""}, "what was told is kept no longer"


def test_what_takes_long_is_prepared_while_others_can_write(bells: Bells) -> None:
    store, catalog = bells.deployment.store, bells.deployment.catalog

    def write() -> None:
        with as_owner(store, catalog, bells.firm) as ctx:
            _written(ctx, "meanwhile")
        store.close()

    def draw(ctx: Context, told: Happened) -> str:
        other = threading.Thread(target=write)
        other.start()
        other.join()
        return f"drawn: {told.about}"

    bells.prepare = draw
    with as_owner(store, catalog, bells.firm) as ctx:
        record(evolve(ctx, now=bells.now), DRAWN, about="a bell")
    assert bells.worker().work() == 1
    assert bells.written() == ["drawn: a bell", "meanwhile"]


def test_only_what_comes_after_is_prepared() -> None:
    with pytest.raises(ValueError, match="only what comes after"):
        Reaction(
            name="draws",
            title=_("Draws"),
            to=(DRAWN,),
            when=When.WITHIN,
            prepare=lambda ctx, told: None,
            act=lambda ctx, told: None,
        )


def test_what_an_undone_change_would_have_led_to_is_not_done(bells: Bells) -> None:
    def ring_and_fail() -> None:
        with as_owner(bells.deployment.store, bells.deployment.catalog, bells.firm) as ctx:
            bus.tell(ctx, RANG, Happened(event=RANG.name, key="one"))
            raise Refused(_("No."))

    with pytest.raises(Refused):
        ring_and_fail()
    assert bells.worker().work() == 0


def test_what_fails_leaves_nothing_and_is_tried_again_with_longer_and_longer_pauses(
    bells: Bells,
) -> None:
    def fail_thrice(ctx: Context, told: Happened) -> None:
        _written(ctx, f"try {len(bells.tried)}")
        if len(bells.tried) < 4:
            raise ValueError

    bells.act = fail_thrice
    bells.ring("one")
    bells.work_for(minutes=1)
    assert (len(bells.tried), bells.written()) == (1, [])
    bells.work_for(minutes=5)
    assert len(bells.tried) == 2, "after one minute, and not again before five more"
    bells.work_for(minutes=31)
    assert (len(bells.tried), bells.written()) == (4, ["try 4"])
    assert len(set(bells.tried)) == 1, "the key is the same each time"


def test_what_fails_five_times_is_parked_and_people_retry_it_or_give_it_up(bells: Bells) -> None:
    def fail(ctx: Context, told: Happened) -> None:
        raise ValueError

    bells.act = fail
    bells.ring("one", "two")
    bells.worker().work()
    store, catalog = bells.deployment.store, bells.deployment.catalog
    with as_owner(store, catalog, bells.firm) as ctx:
        seen = outbox_of(ctx)
    assert (seen.waiting, len(seen.failing), len(seen.parked)) == (2, 2, 0)
    bells.work_for(minutes=200)
    assert len(bells.tried) == 10
    with as_owner(store, catalog, bells.firm) as ctx:
        seen = outbox_of(ctx)
        assert (seen.waiting, len(seen.failing), len(seen.parked)) == (0, 0, 2)
        again, over = seen.parked
        assert (str(again.title), again.attempts, len(again.reference)) == ("Hears", 5, 7)
        retry(ctx, again.public_id)
        give_up(ctx, over.public_id)
    with as_owner(store, catalog, bells.firm) as ctx:
        assert [entry.event for entry in history(ctx).entries[:2]] == [
            "outbox.work_given_up",
            "outbox.work_retried",
        ]
        with pytest.raises(NotFound):
            parked_of(ctx, again.public_id)

    bells.act = lambda ctx, told: _written(ctx, told.key)
    with as_owner(store, catalog, bells.firm) as ctx:
        assert outbox_of(ctx).failing == [], "what is tried anew has not failed yet"
    bells.now = datetime.now(UTC)
    assert bells.worker().work() == 1
    assert len(bells.written()) == 1
    bells.ring("one", "two")
    assert bells.worker().work() == 0, "what was given up stays given up"


def test_only_who_manages_the_firm_sees_what_is_parked(bells: Bells) -> None:
    store, catalog = bells.deployment.store, bells.deployment.catalog
    person = a_person(store)
    with as_owner(store, catalog, bells.firm) as ctx:
        an_employee(ctx, person_id=person)
    with store.firm_transaction(bells.firm.id, write=False):
        ctx = context_for_person(store, catalog, bells.firm, person)
        with pytest.raises(NotAllowed):
            outbox_of(ctx)


def test_what_a_killed_worker_had_taken_is_taken_when_its_lease_ends(bells: Bells) -> None:
    bells.ring("one", "two", "three")
    assert len(bells.worker()._take(bells.firm)) == 3
    bells.now += LEASE - timedelta(seconds=1)
    assert bells.worker().work() == 0
    bells.now += timedelta(seconds=1)
    assert bells.worker().work() == 3
    assert len(bells.written()) == 3


def test_work_that_no_worker_survives_is_parked_and_takes_nothing_with_it(bells: Bells) -> None:
    def kill(ctx: Context, told: Happened) -> None:
        if told.key.endswith("deadly"):
            raise KeyboardInterrupt
        _written(ctx, told.key)

    bells.act = kill
    bells.ring("deadly", "one", "two")
    for _time in range(12):
        with suppress(KeyboardInterrupt):
            bells.worker().work()
        bells.now += LEASE
    assert bells.written() == ["bells.hears:one", "bells.hears:two"]
    (parked,) = bells.rows("parked")
    assert (parked.key, parked.attempts) == ("bells.hears:deadly", 5)


def test_two_workers_never_do_the_same(bells: Bells) -> None:
    bells.ring(*(f"bell {number}" for number in range(30)))
    one, two = bells.worker(), bells.worker()
    first, second = one._take(bells.firm), two._take(bells.firm)
    assert not {taken.id for taken in first} & {taken.id for taken in second}
    late = first[0]
    bells.now += LEASE
    assert two.work() == 30, "both leases ended, and one worker does it all"
    one._do(bells.firm, late)
    assert len(bells.written()) == 30, "who comes late finds that it is done"


def test_what_is_due_and_held_by_somebody_else_is_not_waited_for(
    bells: Bells, monkeypatch: pytest.MonkeyPatch
) -> None:
    bells.ring("one")
    monkeypatch.setattr(Worker, "_take", lambda _self, _firm: [])
    assert bells.worker().work() == 0


def test_a_worker_that_is_stopped_gives_back_what_it_did_not_begin(bells: Bells) -> None:
    bells.ring("one", "two", "three")
    assert bells.worker().work(lambda: not bells.tried) == 1
    assert bells.worker().work() == 2


def test_work_of_a_module_that_is_off_waits_for_it(bells: Bells) -> None:
    bells.ring("one")
    store, catalog = bells.deployment.store, bells.deployment.catalog
    with as_owner(store, catalog, bells.firm) as ctx:
        switch_module(ctx, "bells")
    for _time in range(10):
        bells.worker().work()
        assert bells.worker().plan() == 0, "and its jobs do not come"
        bells.now += MODULE_IS_OFF
    assert (bells.tried, bells.rows("parked")) == ([], [])
    bells.firm = evolve(bells.firm, switched_off=frozenset({"bells"}))
    with as_owner(store, catalog, bells.firm) as ctx:
        switch_module(ctx, "bells")
    bells.worker().work()
    assert bells.tried == ["bells.hears:one"]


def test_a_job_comes_once_a_day_after_the_firms_own_midnight(bells: Bells) -> None:
    worker = bells.worker()
    assert [worker.plan(), worker.plan(), worker.work(), worker.plan()] == [1, 0, 1, 0]
    bells.now = datetime(2026, 3, 2, 22, 59, tzinfo=UTC)
    assert worker.plan() == 0
    bells.now += timedelta(minutes=1)
    assert [worker.plan(), worker.work()] == [1, 1], "it is midnight in Amsterdam"
    assert bells.written() == ["job", "job"]
    assert len(bells.rows("done")) == 1, "a job has one row"


def test_a_job_that_failed_for_good_comes_again_at_its_next_time(bells: Bells) -> None:
    def fail(ctx: Context) -> None:
        raise ValueError

    bells.job = fail
    bells.worker().plan()
    bells.work_for(minutes=200)
    assert len(bells.rows("parked")) == 1
    assert bells.worker().plan() == 0
    bells.job = lambda ctx: _written(ctx, "job")
    bells.now += timedelta(days=1)
    assert [bells.worker().plan(), bells.worker().work()] == [1, 1]
    assert bells.written() == ["job"]


def test_slots_begin_at_round_times(bells: Bells) -> None:
    def slots(every: timedelta, *minutes: int) -> list[str]:
        job = Job(name="job", title=_("Job"), every=every, act=lambda ctx: None)
        return [slot_of(bells.firm, job, START + timedelta(minutes=m)) for m in minutes]

    first, second, third = slots(timedelta(minutes=15), 0, 14, 15)
    assert first == second != third
    assert len(set(slots(timedelta(days=7), *range(0, 14 * 1440, 60)))) in (2, 3)


def test_what_was_done_long_ago_is_forgotten_but_for_jobs(bells: Bells) -> None:
    bells.ring("one")
    bells.worker().plan()
    bells.worker().work()
    bells.now += timedelta(days=29)
    assert bells.worker().sweep() == 0
    bells.now += timedelta(days=2)
    assert bells.worker().sweep() == 1
    assert [row.work for row in bells.rows("done")] == ["bells.tolls"]


def test_firms_take_turns_and_one_that_fails_does_not_stop_the_others(bells: Bells) -> None:
    other = a_firm(bells.deployment.store, "other", edition=EDITION)
    firms: list[str] = []
    bells.act = lambda ctx, told: firms.append(ctx.firm.slug)
    bells.ring(*(f"bell {number}" for number in range(50)))
    bells.now += timedelta(seconds=1)
    bells.ring("theirs", firm=other)
    bells.worker().work()
    assert firms.index("other") <= 20
    assert len(firms) == 51


@frozen
class Archiving:
    """What became of archiving a client."""

    refused: str
    archived: bool
    accounts: tuple[str, ...]


def archived(bells: Bells) -> Archiving:
    """Archives a client and answers what became of it."""
    store, catalog = bells.deployment.store, bells.deployment.catalog
    with as_owner(store, catalog, bells.firm) as ctx:
        account = an_account(ctx, "Bakery")
    refused = ""
    try:
        with as_owner(store, catalog, bells.firm) as ctx:
            archive_account(ctx, account)
    except Refused as refusal:
        refused = str(refusal.sentence)
    with as_owner(store, catalog, bells.firm) as ctx:
        row = AccountRow.of(ctx).where(AccountRow.id == account.id).get()
    return Archiving(refused, row.archived is not None, tuple(bells.written()))


def test_before_a_change_a_module_may_refuse_it(bells: Bells) -> None:
    def refuse(ctx: Context, told: Happened) -> None:
        _written(ctx, "stays not")
        raise Refused(_("Not while it rings."))

    bells.before = refuse
    assert archived(bells) == Archiving("Not while it rings.", False, ("Bakery",))


def test_a_module_that_cannot_say_whether_it_agrees_has_not_agreed(bells: Bells) -> None:
    def fail(ctx: Context, told: Happened) -> None:
        raise ValueError

    bells.before = fail
    seen = archived(bells)
    assert "Is asked could not say whether it may be. Reference" in seen.refused
    assert not seen.archived


def test_with_a_change_a_module_writes_in_the_same_transaction(bells: Bells) -> None:
    bells.within = lambda ctx, told: _written(ctx, f"{told.event} by {told.member_id is not None}")
    seen = archived(bells)
    assert seen.archived
    assert f"{ACCOUNT_ARCHIVED.name} by True" in seen.accounts
    assert bells.worker().work() == 0


def test_a_module_that_fails_with_a_change_is_tried_again_after_it(bells: Bells) -> None:
    def fail_at_first(ctx: Context, told: Happened) -> None:
        bells.tried.append(told.key)
        _written(ctx, f"try {len(bells.tried)}")
        if len(bells.tried) == 1:
            raise ValueError

    bells.within = fail_at_first
    seen = archived(bells)
    assert (seen.archived, seen.accounts) == (True, ("Bakery",))
    bells.now = datetime.now(UTC)
    bells.worker().work()
    assert bells.written() == ["Bakery", "try 2"]
    assert len(set(bells.tried)) == 1


def test_what_the_worker_does_is_done_on_behalf_of_the_owner(bells: Bells) -> None:
    bells.ring("one")
    bells.worker().work()
    with as_owner(bells.deployment.store, bells.deployment.catalog, bells.firm) as ctx:
        entry = history(ctx).entries[0]
    assert (entry.who, entry.browser) == ("Olga Owner", "worker")


def test_a_job_cannot_come_more_often_than_once_a_minute() -> None:
    with pytest.raises(ValueError, match="once a minute"):
        Job(name="job", title=_("Job"), every=timedelta(seconds=59), act=lambda ctx: None)


def test_nobody_reads_another_firms_outbox(bells: Bells) -> None:
    bells.ring("one")
    other = a_firm(bells.deployment.store, "other", edition=EDITION)
    with bells.deployment.store.firm_transaction(other.id, write=False):
        assert not list(OutboxRow.of(FirmScope(bells.deployment.store, other)))
    assert outbox.MOST_ATTEMPTS == 5
