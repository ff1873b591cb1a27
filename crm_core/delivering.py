"""Mails about what people were told: who gets one, once each; the worker's part (NOT-2 to NOT-5).

Which texts a mail has is a `Scribe`'s business: the core speaks no language.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from attrs import evolve, field, frozen
from peewee import fn

from crm_core import core_work, inbox, reminders
from crm_core.accounts import account_of
from crm_core.action_links import make_action_link
from crm_core.catalog import Contributed
from crm_core.context import To
from crm_core.kept_words import place_in, words_in
from crm_core.mailing import ARE_KEPT, NewMail, queue_mail
from crm_core.notification_types import MailWish
from crm_core.notify_wishes import addresses_wanting, mail_wishes
from crm_core.store.notice_rows import InboxRow, NoticeRow
from crm_core.store.tables import (
    AccountRow,
    ContactEmailRow,
    LinkRow,
    MemberRow,
    PersonRow,
)
from crm_core.team import viewer_of
from crm_core.work import Job, Reaction, When

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from crm_core.context import Context
    from crm_core.inbox import InboxEntry
    from crm_core.notification_types import NotificationType
    from crm_core.words import Words
    from crm_core.work import Happened

READ_ARE_KEPT = timedelta(days=365)
"""For how long an entry that was read stays in an inbox."""


@frozen(kw_only=True)
class ClientLetter:
    """A mail to an address of a client, which names the account where it is on several.

    `link` is the token of an action link, where the mail leads to its place without signing in.
    """

    type: NotificationType
    what: Words
    to: To | None
    account_id: int
    account: str
    account_public_id: str
    names_account: bool
    email_id: int
    address: str
    link: str = field(default="", repr=False)


@frozen(kw_only=True)
class StaffLetter:
    """A mail to a colleague about these entries of their inbox; `daily` where it gathers a day."""

    member_id: int
    name: str
    address: str
    language: str
    entries: Sequence[InboxEntry]
    daily: bool = False


@frozen(kw_only=True)
class Written:
    """What a mail says, in the language of whoever reads it, and the page that stops such mails."""

    subject: str
    text: str
    html: str
    unsubscribe: str


class Scribe(Protocol):
    """Who writes mails in people's languages, with links to our pages."""

    def to_client(self, ctx: Context, letter: ClientLetter) -> Written:
        """The mail to a client."""

    def to_staff(self, ctx: Context, letter: StaffLetter) -> Written:
        """The mail to a colleague."""


def notification_work(scribe: Scribe) -> Mapping[str, Contributed[Any]]:
    """The core's own reactions and jobs about notifications, by name, for a `Worker`."""
    day = timedelta(days=1)
    after = {"to": (core_work.NOTICE,), "when": When.AFTER}
    acts: Sequence[tuple[str, Any, dict[str, Any]]] = (
        (core_work.TELL_CLIENTS, partial(mail_clients, scribe), after),
        (core_work.TELL_STAFF, partial(mail_staff, scribe), after),
        (core_work.DAILY_MAIL, partial(mail_the_day, scribe), {"every": day, "hour": 7}),
        (core_work.REMIND, reminders.send_due, {"every": day, "hour": 8}),
        (core_work.FORGET, forget, {"every": 7 * day}),
    )
    found: dict[str, Contributed[Any]] = {}
    for name, act, more in acts:
        of: Any = Reaction if "when" in more else Job
        one = of(name=name.partition(".")[2], title=core_work.TITLES[name], act=act, **more)
        found[name] = Contributed("core", one)
    return found


def mail_clients(scribe: Scribe, ctx: Context, happened: Happened) -> None:
    """Puts a mail in line for each address that wants to hear of a notice; once, by its key.

    Where the account is archived, or its module off, by now, nobody hears of it.
    """
    row = (
        NoticeRow.of(ctx, NoticeRow, AccountRow.name.alias("account"), AccountRow.public_id)
        .join(
            AccountRow,
            on=(AccountRow.firm_id == NoticeRow.firm_id) & (AccountRow.id == NoticeRow.account_id),
        )
        .where((NoticeRow.id == happened.after["notice"]) & AccountRow.archived.is_null())
        .objects()
        .first()
    )
    kind = ctx.modules.notification_types.get(row.type) if row else None
    if row is None or kind is None:
        return
    addresses = addresses_wanting(ctx, row.account_id, kind, row.email_id)
    elsewhere = _on_several(ctx, [email.address_key for email in addresses])
    for email in addresses:
        letter = ClientLetter(
            type=kind,
            what=words_in(row.what),
            to=place_in(row.target),
            account_id=row.account_id,
            account=row.account,
            account_public_id=row.public_id,
            names_account=email.address_key in elsewhere,
            email_id=email.id,
            address=email.address,
            link=_link_for(ctx, row, email.id),
        )
        _queue(ctx, email.address, scribe.to_client(ctx, letter), f"notice:{row.id}:{email.id}")


def _link_for(ctx: Context, notice: Any, email_id: int) -> str:
    """The token of a link with which the address acts without signing in, or ""."""
    to = place_in(notice.target)
    if notice.by_link is None or to is None or not ctx.firm.allows_action_links:
        return ""
    account = account_of(ctx, notice.public_id)
    here = To(to.route, {name: text for name, text in to.parameters.items() if name != "account"})
    lasts = timedelta(days=notice.by_link)
    return make_action_link(ctx, account, email_id, here, lasts=lasts, uses=None)


def mail_staff(scribe: Scribe, ctx: Context, happened: Happened) -> None:
    """Mails those who want to hear of it at once, and have not read it in their inbox meanwhile."""
    told = datetime.fromisoformat(happened.after["told"])
    for member, wishes in _colleagues(ctx, _members_of(ctx, happened.after["entries"])):
        for entry in inbox.entries_of(member, happened.after["entries"]):
            if entry.told == told and wishes[entry.type.name] is MailWish.AT_ONCE:
                _mail(scribe, member, [entry], f"inbox:{entry.id}:{told.timestamp()}")


def mail_the_day(scribe: Scribe, ctx: Context) -> None:
    """Mails each colleague once what they have not read of the types that they want daily."""
    waiting = InboxRow.of(ctx, InboxRow.member_id).where(
        InboxRow.read.is_null() & (InboxRow.mailed.is_null() | (InboxRow.mailed < InboxRow.told))
    )
    for member, wishes in _colleagues(ctx, {row.member_id for row in waiting.distinct()}):
        daily = [name for name, wish in wishes.items() if wish is MailWish.DAILY]
        entries = inbox.unread_of(member, daily)
        if entries:
            newest = max(entry.told for entry in entries).timestamp()
            key = f"day:{member.viewer.member_id}:{newest}"
            _mail(scribe, member, entries, key, daily=True)
            InboxRow.change(ctx, mailed=ctx.now).where(
                InboxRow.id.in_([entry.id for entry in entries])
            ).execute()


def forget(ctx: Context) -> None:
    """Removes what clients were told long ago, and entries that were read long ago."""
    NoticeRow.remove(ctx).where(NoticeRow.created < ctx.now - ARE_KEPT).execute()
    InboxRow.remove(ctx).where(InboxRow.read < ctx.now - READ_ARE_KEPT).execute()


def _on_several(ctx: Context, keys: Sequence[str]) -> Collection[str]:
    """Those of these addresses that belong to contacts of more than one account."""
    accounts = fn.COUNT(LinkRow.account_id.distinct())
    rows = (
        ContactEmailRow.of(ctx, ContactEmailRow.address_key)
        .join(
            LinkRow,
            on=(LinkRow.firm_id == ContactEmailRow.firm_id)
            & (LinkRow.contact_id == ContactEmailRow.contact_id),
        )
        .join(
            AccountRow,
            on=(AccountRow.firm_id == LinkRow.firm_id) & (AccountRow.id == LinkRow.account_id),
        )
        .where(ContactEmailRow.address_key.in_(list(keys)) & AccountRow.archived.is_null())
        .group_by(ContactEmailRow.address_key)
        .having(accounts > 1)
    )
    return {row.address_key for row in rows}


def _members_of(ctx: Context, entries: Sequence[int]) -> Collection[int]:
    rows = InboxRow.of(ctx, InboxRow.member_id).where(InboxRow.id.in_(list(entries)))
    return {row.member_id for row in rows}


def _colleagues(
    ctx: Context, member_ids: Collection[int]
) -> Iterator[tuple[Context, Mapping[str, MailWish]]]:
    """Each of these members who is still in the team, as who asks, with how they are mailed."""
    wishes = mail_wishes(ctx, sorted(member_ids))
    rows = MemberRow.of(ctx, MemberRow.id, MemberRow.person_id).where(
        MemberRow.id.in_(sorted(member_ids)) & MemberRow.active
    )
    for row in rows.order_by(MemberRow.id):
        viewer = viewer_of(ctx.store, ctx.firm, row.person_id)
        if viewer is not None:
            yield evolve(ctx, viewer=viewer), wishes[row.id]


def _mail(
    scribe: Scribe, member: Context, entries: Sequence[InboxEntry], key: str, *, daily: bool = False
) -> None:
    viewer = member.viewer
    row = MemberRow.of(member, MemberRow.address).where(MemberRow.id == viewer.member_id).get()
    person = PersonRow.of(member.store, PersonRow.language).where(PersonRow.id == viewer.person_id)
    letter = StaffLetter(
        member_id=viewer.member_id,
        name=viewer.name,
        address=row.address,
        language=person.get().language or member.firm.language,
        entries=entries,
        daily=daily,
    )
    _queue(member, row.address, scribe.to_staff(member, letter), key)


def _queue(ctx: Context, address: str, written: Written, key: str) -> None:
    new = NewMail(
        address=address,
        subject=written.subject,
        text=written.text,
        html=written.html,
        unsubscribe=written.unsubscribe,
        key=key,
    )
    queue_mail(ctx, new)
