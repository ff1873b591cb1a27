"""Workers that are killed while they hand mails over: each mail arrives once, or is unsure."""

from __future__ import annotations

import random
import subprocess
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from crm_core.mailing import MailState, NewMail, queue_mail
from crm_core.store.mail_rows import MailRow
from crm_core.testing.builders import a_firm, as_owner
from tests.web.commands import CRM, Crm
from tests.web.servers import SENDER, Moods, mail_server

if TYPE_CHECKING:
    from crm_core.firms import Firm
    from web.bootstrap import Deployment
    from web.settings import MailServer

OVER = (MailState.SENT, MailState.FAILED, MailState.UNSURE)


class Workers:
    """The processes that hand over the mails of a firm."""

    def __init__(self, deployment: Deployment, firm: Firm, server: MailServer) -> None:
        self.deployment, self.firm = deployment, firm
        url = f"smtp://{server.host}:{server.port}"
        self.environment = Crm(deployment.settings).environment(
            CRM_SMTP_URL=url, CRM_MAIL_FROM=SENDER
        )

    def one(self) -> subprocess.Popen[bytes]:
        """A worker; what it had taken is due again two seconds after it was killed."""
        return subprocess.Popen(
            [CRM, "worker", "--lease", "2"],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def states(self) -> Counter[str]:
        """How many mails are how far."""
        with as_owner(
            self.deployment.store, self.deployment.catalog, self.firm, write=False
        ) as ctx:
            return Counter(row.state for row in MailRow.of(ctx, MailRow.state))


def _killed_at_random(
    deployment: Deployment, mails: int, kills: int, seconds: float, *, greylists: bool
) -> None:
    chance, firm = random.Random(11), a_firm(deployment.store, "acme")
    moods = Moods(
        never={f"{n}@x.example" for n in range(0, mails, 10)},
        hangs={f"{n}@x.example" for n in range(5, mails, 20)},
        later={f"{n}@x.example": 1 for n in range(1, mails, 25) if greylists},
    )
    with as_owner(deployment.store, deployment.catalog, firm) as ctx:
        new = NewMail(address="", subject="Papers", text="Here they are.", key="")
        for number in range(mails):
            queue_mail(ctx, evolve(new, address=f"{number}@x.example", key=f"{number}"))
    with mail_server(moods) as server:
        crew = Workers(deployment, firm, server)
        running = [crew.one(), crew.one()]
        began = time.monotonic()
        try:
            for _kill in range(kills):
                before = moods.begun
                while moods.begun == before and time.monotonic() - began < seconds:
                    time.sleep(0.02)
                time.sleep(chance.uniform(0, 0.3))
                victim = running.pop(0)
                victim.kill()
                victim.wait()
                running.append(crew.one())
            while sum(crew.states()[state] for state in OVER) < mails:
                assert time.monotonic() - began < seconds, crew.states()
                time.sleep(0.2)
        finally:
            for worker in running:
                worker.kill()
                worker.wait()
    _check(deployment, firm, moods)
    print(f"{mails} mails, {kills} kills: {dict(crew.states())}")


def _check(deployment: Deployment, firm: Firm, moods: Moods) -> None:
    """What the server has, beside what the firm sees."""
    arrived = Counter(mail["To"] for mail in moods.mails)
    with as_owner(deployment.store, deployment.catalog, firm, write=False) as ctx:
        for row in MailRow.of(ctx, MailRow.address, MailRow.state):
            times = arrived[row.address]
            right = {"sent": (1,), "failed": (0,), "unsure": (0, 1)}[row.state]
            assert times in right, (row.address, row.state, times)
            assert (row.address in moods.never) == (row.state == "failed"), row.address


def test_not_6_workers_that_are_killed_hand_each_mail_over_once(deployment: Deployment) -> None:
    """NOT-6: never knowingly sent twice."""
    _killed_at_random(deployment, 80, 3, 90, greylists=False)


@pytest.mark.deep
def test_not_6_ten_thousand_mails_and_twenty_kills(deployment: Deployment) -> None:
    """NOT-6, as the promise says it."""
    _killed_at_random(deployment, 10_000, 20, 1500, greylists=True)
