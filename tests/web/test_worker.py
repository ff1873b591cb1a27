"""The command `crm worker`, as processes that are killed at random: each effect once by its key."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from crm_core import bus
from crm_core.store.outbox_rows import OutboxRow
from crm_core.store.tables import AccountRow
from crm_core.testing.builders import a_firm, as_owner
from crm_core.work import Happened
from tests.core.parked import parked_work
from tests.web.commands import CRM, Crm
from tests.web.plugins import an_installed_plugin
from web.bootstrap import assemble

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crm_core.context import Context
    from crm_core.firms import Firm
    from web.bootstrap import Deployment
    from web.settings import Settings

CODE = """
from datetime import timedelta

from crm_core import *
from crm_core.testing.builders import an_account

_ = words_of("bells")
MANIFEST = Manifest(name="bells", title=_("Bells"), description=_("Made for a test."), api=1)
RANG = Event(name="bells.rang", title=_("A bell rang"))


def hear(ctx, told):
    an_account(ctx, told.key)


def toll(ctx):
    an_account(ctx, "job")


@hookimpl
def events():
    return (RANG,)


@hookimpl
def reactions():
    return (Reaction(name="hears", title=_("Hears"), to=(RANG,), when=When.AFTER, act=hear),)


@hookimpl
def jobs():
    return (Job(name="tolls", title=_("Tolls"), every=timedelta(days=1), act=toll),)
"""


@pytest.fixture
def bells(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bells]:
    """A firm with an installed plugin that makes an account for each bell that rang."""
    site = tmp_path / "site"
    an_installed_plugin(site, "bells", CODE)
    monkeypatch.setenv("PYTHONPATH", str(site))
    monkeypatch.syspath_prepend(str(site))
    editions = settings.folder / "editions.toml"
    editions.write_text('[pro]\ntitle = "Pro"\nplugins = ["bells"]\n')
    settings = evolve(settings, editions=editions)
    deployment = assemble(settings)
    assert not deployment.failures
    yield Bells(settings, deployment, a_firm(deployment.store, "acme"))
    deployment.store.close()


class Bells:
    """The firm, and the worker processes that work for it."""

    def __init__(self, settings: Settings, deployment: Deployment, firm: Firm) -> None:
        self.deployment, self.firm = deployment, firm
        crm = Crm(settings)
        self.environment = crm.environment(CRM_EDITIONS=str(settings.editions))

    @contextmanager
    def acting(self) -> Iterator[Context]:
        """The owner, in a transaction."""
        with as_owner(self.deployment.store, self.deployment.catalog, self.firm) as ctx:
            yield ctx

    def ring(self, bells: int) -> None:
        """Lets this many bells ring."""
        with self.acting() as ctx:
            (event,) = (e for e in ctx.modules.events if e.name == "bells.rang")
            for number in range(bells):
                bus.tell(ctx, event, Happened(event=event.name, key=f"{number:05}"))

    def worker(self) -> subprocess.Popen[bytes]:
        """A process that works; what it had taken is due again two seconds after it was killed."""
        return subprocess.Popen(
            [CRM, "worker", "--lease", "2"],
            env={**self.environment, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def done(self) -> int:
        """How much is done."""
        with self.acting() as ctx:
            return int(OutboxRow.of(ctx).where(OutboxRow.state == "done").count())

    def written(self) -> list[str]:
        """The names of the accounts that were made."""
        with self.acting() as ctx:
            return sorted(row.name for row in AccountRow.of(ctx, AccountRow.name))


def _killed_at_random(bells: Bells, rows: int, kills: int) -> None:
    chance = random.Random(7)
    bells.ring(rows)
    workers = [bells.worker(), bells.worker()]
    began = time.monotonic()
    try:
        for _kill in range(kills):
            before = bells.done()
            while bells.done() == before and before < rows:
                time.sleep(0.05)
            time.sleep(chance.uniform(0, 0.4))
            victim = workers.pop(0)
            victim.kill()
            victim.communicate()
            workers.append(bells.worker())
        while bells.done() < rows + 1:
            assert time.monotonic() - began < 60 + rows / 10, f"{bells.done()} done"
            time.sleep(0.2)
        for worker in workers:
            assert worker.stdout is not None
            assert worker.stdout.readline().startswith(b"Working")
            worker.send_signal(signal.SIGTERM)
        assert [worker.wait(timeout=20) for worker in workers] == [0, 0]
    finally:
        for worker in workers:
            worker.kill()
            worker.communicate()
    assert bells.written() == [*(f"bells.hears:{number:05}" for number in range(rows)), "job"]


def test_two_workers_that_are_killed_do_each_piece_once(bells: Bells) -> None:
    _killed_at_random(bells, rows=300, kills=3)


@pytest.mark.deep
def test_ten_thousand_pieces_are_done_once_though_workers_are_killed_twenty_times(
    bells: Bells,
) -> None:
    _killed_at_random(bells, rows=10_000, kills=20)


def test_serving_can_do_the_work_too(bells: Bells, tmp_path: Path) -> None:
    bells.ring(3)
    log = tmp_path / "log"
    with log.open("wb") as said:
        served = subprocess.Popen(
            [CRM, "serve", "--port", "0", "--with-worker"],
            env={**bells.environment, "PYTHONUNBUFFERED": "1"},
            stdout=said,
            stderr=said,
        )
    try:
        began = time.monotonic()
        while bells.done() < 4:
            assert time.monotonic() - began < 30, log.read_text()
            time.sleep(0.1)
        os.kill(served.pid, signal.SIGTERM)
        assert served.wait(timeout=20) == 0
    finally:
        served.kill()
        served.wait()
    assert "Stopped." in log.read_text()
    assert "Traceback" not in log.read_text()


def test_the_doctor_says_what_nobody_has_done(bells: Bells, settings: Settings) -> None:
    crm = Crm(settings)
    with bells.acting() as ctx:
        parked_work(ctx)
    bells.ring(1)
    with bells.acting() as ctx:
        OutboxRow.change(ctx, due=ctx.now - timedelta(hours=2)).where(
            OutboxRow.state == "waiting"
        ).execute()
    said = crm("doctor", CRM_EDITIONS=bells.environment["CRM_EDITIONS"])
    assert said.code == 1
    assert "WRONG firm acme: background work that failed for good: 1; see" in said.out
    assert "Does crm worker run?" in said.out
