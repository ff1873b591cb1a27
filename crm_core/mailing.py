"""The mails of a firm: put in line with the change that they tell of, and seen by people.

A worker hands them over (`posting`). What a mail server may have taken without saying so is
*unsure*: it is never sent again but by hand (NOT-6).
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from attrs import frozen
from peewee import fn

from crm_core import audit, events
from crm_core.permissions import MANAGE_FIRM, demand
from crm_core.refusals import NotFound, Refused
from crm_core.store.mail_rows import MailRow
from crm_core.store.rows import new_public_id
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from crm_core.context import Context

ARE_KEPT = timedelta(days=90)
"""For how long people see a mail that was sent."""


class MailState(StrEnum):
    """How far a mail is. SENDING: the server may have it, and has not said so yet."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNSURE = "unsure"


AGAIN = (MailState.FAILED, MailState.UNSURE)
"""What people may send again."""


@frozen(kw_only=True)
class NewMail:
    """A mail to one address, in the words in which it goes out.

    `key` names what it tells of: a second one with the same key is not sent. A `secret` text, such
    as one with a link that signs somebody in, is forgotten once the server has it. `html` says the
    same as the text; `unsubscribe` is the address of the page that stops such mails (RFC 8058).
    """

    address: str
    subject: str
    text: str
    key: str
    secret: bool = False
    html: str = ""
    unsubscribe: str = ""


@frozen(kw_only=True)
class Mail:
    """A mail as people see it. `reason` is why it failed or waits; `due` when it is tried again."""

    public_id: str
    address: str
    subject: str
    text: str
    state: MailState
    created: datetime
    due: datetime
    attempts: int
    reason: str
    ended: datetime | None
    html: str = ""


@frozen(kw_only=True)
class MailPage:
    """Some mails, the latest first; `after` is the public id to go on from, or ""."""

    mails: Sequence[Mail]
    after: str


def queue_mail(ctx: Context, new: NewMail) -> None:
    """Puts a mail in line, within the transaction of the change that it tells of."""
    MailRow.adding(
        ctx,
        public_id=new_public_id(),
        key=new.key,
        address=new.address,
        subject=" ".join(new.subject.split()),
        text=new.text,
        secret=new.secret,
        html=new.html,
        unsubscribe=new.unsubscribe,
        created=ctx.now,
        due=ctx.now,
    ).on_conflict(conflict_target=[MailRow.firm_id, MailRow.key], action="IGNORE").execute()


def mails_page(ctx: Context, states: Sequence[MailState], after: str, size: int) -> MailPage:
    """The firm's mails in these states, or in all where none is named; two queries at most."""
    demand(ctx, MANAGE_FIRM)
    query = MailRow.of(ctx)
    if states:
        query = query.where(MailRow.state.in_(list(states)))
    last = MailRow.of(ctx, MailRow.id).where(MailRow.public_id == after).first() if after else None
    if last is not None:
        query = query.where(MailRow.id < last.id)
    rows = list(query.order_by(MailRow.id.desc()).limit(size + 1))
    mails = [_mail(row) for row in rows[:size]]
    return MailPage(mails=mails, after=mails[-1].public_id if len(rows) > size else "")


def mail_counts(ctx: Context) -> Mapping[MailState, int]:
    """How many of the firm's mails are in each state."""
    demand(ctx, MANAGE_FIRM)
    counted = fn.COUNT(MailRow.id).alias("mails")
    rows = MailRow.of(ctx, MailRow.state, counted).group_by(MailRow.state)
    return {MailState(row.state): row.mails for row in rows}


def mail_of(ctx: Context, public_id: str) -> Mail:
    """The mail with this public id, or `NotFound`."""
    demand(ctx, MANAGE_FIRM)
    row = MailRow.of(ctx).where(MailRow.public_id == public_id).first()
    if row is None:
        raise NotFound
    return _mail(row)


def send_again(ctx: Context, public_id: str) -> Mail:
    """Puts a mail in line anew that failed, or of which nobody knows whether it arrived."""
    mail = mail_of(ctx, public_id)
    values: dict[str, Any] = {"state": MailState.QUEUED, "due": ctx.now, "attempts": 0}
    changed = (
        MailRow.change(ctx, reason="", ended=None, taken_by="", **values)
        .where((MailRow.public_id == public_id) & MailRow.state.in_(list(AGAIN)))
        .execute()
    )
    if not changed:
        raise Refused(_("This mail is on its way already."))
    audit.record(ctx, events.MAIL_SENT_AGAIN, after={"address": mail.address, "mail": mail.subject})
    return mail


def _mail(row: Any) -> Mail:
    return Mail(
        public_id=row.public_id,
        address=row.address,
        subject=row.subject,
        text=row.text,
        state=MailState(row.state),
        created=row.created,
        due=row.due,
        attempts=row.attempts,
        reason=row.reason,
        ended=row.ended,
        html=row.html,
    )
