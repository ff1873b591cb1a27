"""The worker: huey's consumer in this process, which looks after the outboxes of all firms.

What is to be done stands in the database alone (see `crm_core.outbox`): huey wakes, and forgets.
"""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog
from huey import MemoryHuey, crontab
from huey.consumer import Consumer

from crm_core.delivering import notification_work
from crm_core.files import file_work
from crm_core.guarding import guarded
from crm_core.posting import Postman
from crm_core.refusals import Unavailable
from crm_core.working import Worker
from web.letter_box import carry
from web.outbox_folder import OUTBOX
from web.posting import SmtpPost, post_of
from web.scribe import MailScribe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import timedelta

    from flask import Flask

    from web.bootstrap import Deployment

log = structlog.get_logger("crm")

PAUSE = 1
"""Seconds between two looks into the outboxes."""

THREADS = 3
"""One does the work, one hands over mails, one looks whose time has come."""


@contextmanager
def at_work(deployment: Deployment, lease: timedelta, app: Flask | None = None) -> Iterator[None]:
    """Lets threads of this process do the work of all firms until the block ends.

    What is being done then is done to its end; what was only taken is given back. To be asked to
    terminate ends the block, as an interrupt does. Called from the main thread. Mails lead to the
    pages of `app`; without one it is made once there is a mail to write.
    """
    stopping = threading.Event()
    consumer = Consumer(
        _huey(deployment, lease, stopping, app), workers=THREADS, scheduler_interval=1
    )
    interrupted = signal.getsignal(signal.SIGINT)
    consumer.start()
    # It has put handlers of its own in place, for a process in which it is alone.
    signal.signal(signal.SIGINT, interrupted)
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGHUP, _end)
    try:
        yield
    finally:
        stopping.set()
        consumer.stop(graceful=True)


def _huey(
    deployment: Deployment, lease: timedelta, stopping: threading.Event, app: Flask | None
) -> MemoryHuey:
    own = {**notification_work(MailScribe(deployment, app=app)), **file_work()}
    worker = Worker(store=deployment.store, catalog=deployment.catalog, lease=lease, own=own)
    post = post_of(deployment.settings)
    postman = Postman(store=deployment.store, post=post, lease=lease)
    huey = MemoryHuey("crm", results=False)

    def work() -> None:
        _guarded("worker.work", lambda: worker.work(lambda: not stopping.is_set()))
        if not stopping.is_set():
            again.schedule(delay=PAUSE)

    def hand_over() -> None:
        _guarded("worker.post", lambda: postman.work(lambda: not stopping.is_set()))
        if isinstance(post, SmtpPost):
            _guarded("worker.letters", lambda: carry(deployment.settings.folder / OUTBOX, post))
        if not stopping.is_set():
            handing_over.schedule(delay=PAUSE)

    def plan() -> None:
        _guarded("worker.plan", worker.plan)

    def sweep() -> None:
        _guarded("worker.sweep", worker.sweep)
        _guarded("worker.forget_mails", postman.sweep)

    again = huey.task()(work)
    handing_over = huey.task()(hand_over)
    planning = huey.periodic_task(crontab(minute="*"))(plan)
    huey.periodic_task(crontab(minute="30", hour="3"))(sweep)
    planning()
    again()
    handing_over()
    return huey


def _guarded(what: str, call: Callable[[], object]) -> None:
    """Nothing ends the worker: the log says what failed, and it looks again."""
    try:
        guarded(what, call)
    except Unavailable as unavailable:
        log.warning("the worker waits", what=what, reason=str(unavailable.sentence))


def _end(_number: int, _frame: object) -> None:
    sys.exit(0)
