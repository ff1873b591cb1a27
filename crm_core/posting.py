"""Handing mails over to a mail server: each once, whatever happens to server and worker.

A mail is taken with a lease. Until the server has asked for its text, whoever is killed has sent
nothing, and it is tried again when the lease ends. From then on it is marked as `sending`: if no
answer comes, or the worker is killed, nobody knows whether the server has it, and it is `unsure`.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Protocol

import structlog
from attrs import frozen

from crm_core.firms import firms_in_order, list_firms
from crm_core.guarding import Failed, guarded
from crm_core.mailing import ARE_KEPT, MailState
from crm_core.refusals import Unavailable
from crm_core.store.database import FirmScope
from crm_core.store.mail_rows import MailRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crm_core.firms import Firm
    from crm_core.store.database import Scoped, Store

log = structlog.get_logger("crm")

LEASE = timedelta(minutes=10)
AT_A_TIME = 20
MOST_FIRMS = 100
LONGEST_REASON = 300

PAUSES = (1, 5, 15, 60, 180, 360, 720, 720, 720)
"""Minutes between an attempt and the next one, after which a mail has failed: two days."""

NOBODY_SAID = "no answer after the text was sent"


class Outcome(Enum):
    """What came of handing a mail over.

    AWAY is the server, for this mail and every other; LATER it may be taken; UNKNOWN is whether it
    was.
    """

    ACCEPTED = auto()
    AWAY = auto()
    LATER = auto()
    REFUSED = auto()
    UNKNOWN = auto()


@frozen
class Handed:
    """What came of it, and what the server said."""

    outcome: Outcome
    reason: str = ""


@frozen(kw_only=True)
class Letter:
    """A mail on its way. `name` is the same whenever it is sent: its Message-ID is made of it."""

    firm: Firm
    name: str
    address: str
    subject: str
    text: str
    created: datetime
    html: str = ""
    unsubscribe: str = ""


class Post(Protocol):
    """Who takes mails: a mail server, or a folder where there is none."""

    @property
    def keeps_secrets(self) -> bool:
        """Whether what was handed over may be read by people: then its text stays here, too."""

    def hand_over(self, letter: Letter, begin: Callable[[], bool]) -> Handed:
        """Hands one mail over. `begin` is called when the server is about to be told the text; if
        it answers no, somebody else has the mail, and the outcome is of no account.
        """

    def hang_up(self) -> None:
        """Ends what stayed open between one mail and the next."""


@frozen(kw_only=True)
class Postman:
    """Hands over the mails of all firms; any number of them work side by side."""

    store: Store
    post: Post
    lease: timedelta = LEASE
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def work(self, going_on: Callable[[], bool] = lambda: True) -> int:
        """Hands over all that is due, firms in turns; answers how many mails were tried."""
        tried, before = 0, -1
        try:
            while going_on() and tried > before:
                before = tried
                for firm in self._firms_with_mail():
                    tried += self._round(firm, going_on)
        finally:
            self.post.hang_up()
        return tried

    def sweep(self) -> int:
        """Forgets the mails that were sent long ago; answers how many."""
        before, swept = self.clock() - ARE_KEPT, 0
        for firm in list_firms(self.store):
            scope = FirmScope(self.store, firm)
            with self.store.firm_transaction(firm.id, write=True):
                old = (MailRow.state == MailState.SENT) & (MailRow.created < before)
                swept += int(MailRow.remove(scope).where(old).execute())
        return swept

    def _firms_with_mail(self) -> Sequence[Firm]:
        with self.store.worker_transaction():
            due = _firms_due(self.store, self.clock())
        return firms_in_order(self.store, due)

    def _round(self, firm: Firm, going_on: Callable[[], bool]) -> int:
        """Hands over some mails of a firm; where there is no server the rest waits for a while."""
        mark, tried, wait = secrets.token_hex(16), 0, timedelta()
        for row in self._take(firm, mark):
            if wait or not going_on():
                self._change(firm, row, mark, due=self.clock() + wait, taken_by="")
                continue
            tried += 1
            if self._hand_over(firm, row, mark) is Outcome.AWAY:
                wait = timedelta(minutes=PAUSES[0])
        return tried

    def _take(self, firm: Firm, mark: str) -> Sequence[Any]:
        """Takes what is due; what somebody was sending when they were killed is unsure."""
        scope, now = FirmScope(self.store, firm), self.clock()
        with self.store.firm_transaction(firm.id, write=True):
            late = MailRow.due <= now
            _unsure(scope, (MailRow.state == MailState.SENDING) & late, now)
            due = MailRow.of(scope).where((MailRow.state == MailState.QUEUED) & late)
            rows = list(self.store.taking(due.order_by(MailRow.due, MailRow.id).limit(AT_A_TIME)))
            MailRow.change(scope, due=now + self.lease, taken_by=mark).where(
                MailRow.id.in_([row.id for row in rows])
            ).execute()
        return rows

    def _hand_over(self, firm: Firm, row: Any, mark: str) -> Outcome:
        letter = Letter(
            firm=firm,
            name=row.public_id,
            address=row.address,
            subject=row.subject,
            text=row.text,
            created=row.created,
            html=row.html,
            unsubscribe=row.unsubscribe,
        )

        begun = False

        def begin() -> bool:
            nonlocal begun
            begun = self._change(firm, row, mark, state=MailState.SENDING)
            return begun

        try:
            what = f"mail {row.public_id}"
            outcome = guarded(what, lambda: self.post.hand_over(letter, begin), firm=firm.slug)
            if isinstance(outcome, Failed):
                reason = f"reference {outcome.reference}"
                handed = Handed(Outcome.UNKNOWN if begun else Outcome.REFUSED, reason)
            else:
                handed = outcome.value
            self._settle(firm, row, mark, handed)
        except Unavailable:
            # What is marked as sending becomes unsure when the lease ends, the rest is tried again.
            log.warning("mail put off: the database cannot be had", firm=firm.slug)
            return Outcome.AWAY
        return handed.outcome

    def _settle(self, firm: Firm, row: Any, mark: str, handed: Handed) -> None:
        now, attempts = self.clock(), row.attempts + 1
        about: dict[str, Any] = {
            "attempts": attempts,
            "reason": " ".join(handed.reason.split())[:LONGEST_REASON],
            "taken_by": "",
        }
        match handed.outcome:
            case Outcome.ACCEPTED:
                about |= {"state": MailState.SENT, "ended": now}
                if row.secret and not self.post.keeps_secrets:
                    about |= {"text": "", "html": ""}
            case Outcome.UNKNOWN:
                about |= {"state": MailState.UNSURE, "ended": now}
            case Outcome.LATER | Outcome.AWAY if attempts <= len(PAUSES):
                pause = timedelta(minutes=PAUSES[attempts - 1])
                about |= {"state": MailState.QUEUED, "due": now + pause}
            case _:
                about |= {"state": MailState.FAILED, "ended": now}
        if self._change(firm, row, mark, **about) and about["state"] is not MailState.SENT:
            log.warning(
                "mail not sent", firm=firm.slug, mail=row.public_id, state=str(about["state"])
            )

    def _change(self, firm: Firm, row: Any, mark: str, **values: Any) -> bool:
        """Changes a mail that is still this postman's; answers whether it is."""
        with self.store.firm_transaction(firm.id, write=True):
            query = MailRow.change(FirmScope(self.store, firm), **values)
            return bool(query.where((MailRow.id == row.id) & (MailRow.taken_by == mark)).execute())


@frozen(kw_only=True)
class Waiting:
    """A firm whose mails want looking after: how many failed, are unsure, and wait for long."""

    firm: str
    failed: int
    unsure: int
    late: int


def waiting_mails(store: Store, before: datetime) -> Sequence[Waiting]:
    """The firms with mails that failed or are unsure, or that wait since before this moment."""
    found = []
    for firm in list_firms(store):
        with store.firm_transaction(firm.id, write=False):
            mails = MailRow.of(FirmScope(store, firm))
            waiting = Waiting(
                firm=firm.slug,
                failed=mails.where(MailRow.state == MailState.FAILED).count(),
                unsure=mails.where(MailRow.state == MailState.UNSURE).count(),
                late=mails.where(
                    (MailRow.state == MailState.QUEUED) & (MailRow.created < before)
                ).count(),
            )
        if waiting.failed or waiting.unsure or waiting.late:
            found.append(waiting)
    return found


def _unsure(scope: Scoped, which: Any, now: datetime) -> None:
    values = {"state": MailState.UNSURE, "reason": NOBODY_SAID, "ended": now, "taken_by": ""}
    MailRow.change(scope, attempts=MailRow.attempts + 1, **values).where(which).execute()


def _firms_due(store: Store, now: datetime) -> Sequence[int]:
    """A read over the mails of all firms: keys of firms. Within a worker's transaction."""
    query = MailRow.of_every_firm(store, MailRow.firm_id).where(
        MailRow.state.in_([MailState.QUEUED, MailState.SENDING]) & (MailRow.due <= now)
    )
    rows = query.group_by(MailRow.firm_id).limit(MOST_FIRMS)
    return [row.firm_id for row in rows]
