"""What people want to be told: each address on each account, and each colleague (NOT-2, NOT-4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen
from peewee import JOIN

from crm_core import audit, events
from crm_core.address_settings import addresses_of_account
from crm_core.clients import addresses_of_client
from crm_core.notification_types import Audience, MailWish, NotificationType
from crm_core.permissions import MANAGE_ACCOUNTS, USE_PORTAL, demand
from crm_core.refusals import NotFound
from crm_core.store.notice_rows import MailWishRow, NoticeWishRow
from crm_core.store.tables import AddressSettingRow, ContactEmailRow, LinkRow

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from crm_core.accounts import Account
    from crm_core.context import Context


@frozen(kw_only=True)
class AddressWishes:
    """An address of an account, and which of the types for clients it wants, by name."""

    address: str
    wanted: Mapping[str, bool]


def types_for(ctx: Context, audience: Audience) -> Sequence[NotificationType]:
    """The types of the firm's modules and of the core for these readers, in order."""
    return [one for one in ctx.modules.notification_types.values() if one.audience is audience]


def wishes_of_address(ctx: Context, account: Account, email_id: int) -> AddressWishes:
    """What an address wants to be told about an account; `NotFound` where it is none of its own."""
    found = addresses_of_account(ctx, account).get(email_id)
    if found is None:
        raise NotFound
    rows = NoticeWishRow.of(ctx, NoticeWishRow.type, NoticeWishRow.wanted).where(
        (NoticeWishRow.account_id == account.id) & (NoticeWishRow.email_id == email_id)
    )
    said = {row.type: bool(row.wanted) for row in rows}
    types = types_for(ctx, Audience.CLIENT)
    return AddressWishes(
        address=found.address, wanted={one.name: said.get(one.name, one.on) for one in types}
    )


def save_wishes(ctx: Context, account: Account, email_id: int, changed: Mapping[str, bool]) -> None:
    """Switches types on or off for an address; those that are not named stay as they are.

    So do those of modules that are off: what was chosen for them returns with them.
    """
    demand(ctx, MANAGE_ACCOUNTS)
    now = wishes_of_address(ctx, account, email_id)
    different = {n: on for n, on in changed.items() if n in now.wanted and now.wanted[n] != on}
    if not different:
        return
    contact_id = addresses_of_account(ctx, account)[email_id].contact_id
    for name, on in different.items():
        _put(ctx, account.id, contact_id, email_id, name, wanted=on)
    _record(ctx, account.id, now.address, different)


@frozen(kw_only=True)
class OwnWishes:
    """An address as its reader sees it: which types it wants, and whether NOTIFY is on for it.

    `keys` are its rows: where several contacts of the account have it, the mail goes there once.
    """

    keys: tuple[int, ...]
    address: str
    notified: bool
    wanted: Mapping[str, bool]

    @property
    def key(self) -> int:
        """The row that names it."""
        return self.keys[0]


def own_wishes(ctx: Context, account: Account) -> Sequence[OwnWishes]:
    """What the client wants to be told at each address with which they sign in to the account."""
    demand(ctx, USE_PORTAL)
    return wishes_of_addresses(ctx, account, addresses_of_client(ctx, account))


def wishes_of_addresses(
    ctx: Context, account: Account, address_keys: Collection[str]
) -> Sequence[OwnWishes]:
    """The same for these addresses of the account, in order. Two queries."""
    rows: dict[str, list[Any]] = {}
    for row in _with_notify(ctx, account.id, address_keys):
        rows.setdefault(row.address_key, []).append(row)
    said = {
        (row.email_id, row.type): bool(row.wanted)
        for row in NoticeWishRow.of(ctx).where(
            (NoticeWishRow.account_id == account.id)
            & NoticeWishRow.email_id.in_([row.id for same in rows.values() for row in same])
        )
    }
    types = types_for(ctx, Audience.CLIENT)
    return [
        OwnWishes(
            keys=tuple(row.id for row in same),
            address=same[0].address,
            notified=any(row.notify for row in same),
            wanted={
                one.name: any(said.get((row.id, one.name), one.on) for row in same) for one in types
            },
        )
        for same in rows.values()
    ]


def save_own_wishes(
    ctx: Context, account: Account, changed: Mapping[int, Mapping[str, bool]]
) -> None:
    """Switches types on or off for own addresses of the client, each named by its key.

    What is not named stays as it is, and so do types of modules that are off. The history tells.
    """
    for own in own_wishes(ctx, account):
        wanted = changed.get(own.key, {})
        now = own.wanted
        different = {name: on for name, on in wanted.items() if now.get(name, on) != on}
        if different:
            addresses = addresses_of_account(ctx, account)
            for key in own.keys:
                for name, on in different.items():
                    _put(ctx, account.id, addresses[key].contact_id, key, name, wanted=on)
            _record(ctx, account.id, own.address, different)


@frozen(kw_only=True)
class AddressAsked:
    """An address on an account, as a link in a mail names it."""

    account_id: int
    email_id: int
    type: str


def switch_by_link(ctx: Context, asked: AddressAsked, *, on: bool | None = None) -> bool:
    """Whether the address of such a link wants the type; `on` changes it first.

    It asks for no right: whoever has the link received the mail. Where two contacts of the account
    have the address it is switched for both, since the mail goes there once. `NotFound` where the
    address is no longer one of the account's.
    """
    kind = ctx.modules.notification_types.get(asked.type)
    rows = _same_address(ctx, asked)
    if kind is None or kind.audience is not Audience.CLIENT or not rows:
        raise NotFound
    said = {
        row.email_id: bool(row.wanted)
        for row in NoticeWishRow.of(ctx, NoticeWishRow.email_id, NoticeWishRow.wanted).where(
            (NoticeWishRow.account_id == asked.account_id)
            & NoticeWishRow.email_id.in_([row.id for row in rows])
            & (NoticeWishRow.type == asked.type)
        )
    }
    now = {row.id: said.get(row.id, kind.on) for row in rows}
    if on is not None and set(now.values()) != {on}:
        for row in rows:
            _put(ctx, asked.account_id, row.contact_id, row.id, asked.type, wanted=on)
        _record(ctx, asked.account_id, rows[0].address, {asked.type: on})
        return on
    return any(now.values())


def addresses_wanting(
    ctx: Context, account_id: int, kind: NotificationType, email_id: int | None
) -> Sequence[Any]:
    """The addresses with NOTIFY on that want this type, each address once; or this one alone."""
    meant: Any = AddressSettingRow.notify
    if email_id is not None:
        meant = (AddressSettingRow.login | meant) & (ContactEmailRow.id == email_id)
    columns = (ContactEmailRow.id, ContactEmailRow.address, ContactEmailRow.address_key)
    rows = (
        ContactEmailRow.of(ctx, *columns, NoticeWishRow.wanted)
        .join(
            AddressSettingRow,
            on=(AddressSettingRow.firm_id == ContactEmailRow.firm_id)
            & (AddressSettingRow.email_id == ContactEmailRow.id),
        )
        .join(
            NoticeWishRow,
            JOIN.LEFT_OUTER,
            on=(NoticeWishRow.firm_id == AddressSettingRow.firm_id)
            & (NoticeWishRow.account_id == AddressSettingRow.account_id)
            & (NoticeWishRow.email_id == AddressSettingRow.email_id)
            & (NoticeWishRow.type == kind.name),
        )
        .where((AddressSettingRow.account_id == account_id) & meant)
        .order_by(ContactEmailRow.id)
        .objects()
    )
    found: dict[str, Any] = {}
    for row in rows:
        if kind.on if row.wanted is None else row.wanted:
            found.setdefault(row.address_key, row)
    return list(found.values())


def mail_wishes(ctx: Context, member_ids: Collection[int]) -> Mapping[int, Mapping[str, MailWish]]:
    """How these members want to be mailed about each type, by its name. One query."""
    types = types_for(ctx, Audience.STAFF)
    found = {key: {one.name: one.mail for one in types} for key in member_ids}
    rows = MailWishRow.of(ctx).where(MailWishRow.member_id.in_(list(found)))
    for row in rows:
        if row.type in found[row.member_id]:
            found[row.member_id][row.type] = MailWish(row.how)
    return found


def save_mail_wishes(ctx: Context, wishes: Mapping[str, MailWish]) -> None:
    """Stores how the viewer wants to be mailed about each of these types."""
    known = {one.name for one in types_for(ctx, Audience.STAFF)}
    for name in sorted(known & wishes.keys()):
        MailWishRow.adding(
            ctx, member_id=ctx.viewer.member_id, type=name, how=wishes[name]
        ).on_conflict(
            conflict_target=[MailWishRow.firm_id, MailWishRow.member_id, MailWishRow.type],
            update={MailWishRow.how: wishes[name]},
        ).execute()


def _with_notify(ctx: Context, account_id: int, address_keys: Collection[str]) -> Sequence[Any]:
    """The rows of these addresses of the account, each with whether NOTIFY is on for it."""
    query = (
        ContactEmailRow.of(
            ctx,
            ContactEmailRow.id,
            ContactEmailRow.address,
            ContactEmailRow.address_key,
            AddressSettingRow.notify,
        )
        .join(
            LinkRow,
            on=(LinkRow.firm_id == ContactEmailRow.firm_id)
            & (LinkRow.contact_id == ContactEmailRow.contact_id),
        )
        .join_from(
            ContactEmailRow,
            AddressSettingRow,
            JOIN.LEFT_OUTER,
            on=(AddressSettingRow.firm_id == ContactEmailRow.firm_id)
            & (AddressSettingRow.email_id == ContactEmailRow.id)
            & (AddressSettingRow.account_id == LinkRow.account_id),
        )
        .where(
            (LinkRow.account_id == account_id) & ContactEmailRow.address_key.in_(list(address_keys))
        )
    )
    return list(query.order_by(ContactEmailRow.id).objects())


def _same_address(ctx: Context, asked: AddressAsked) -> Sequence[Any]:
    key = ContactEmailRow.of(ctx, ContactEmailRow.address_key).where(
        ContactEmailRow.id == asked.email_id
    )
    linked = LinkRow.of(ctx, LinkRow.contact_id).where(LinkRow.account_id == asked.account_id)
    query = ContactEmailRow.of(ctx).where(
        ContactEmailRow.address_key.in_(key) & ContactEmailRow.contact_id.in_(linked)
    )
    rows = list(query.order_by(ContactEmailRow.id))
    return rows if asked.email_id in [row.id for row in rows] else []


def _put(
    ctx: Context, account_id: int, contact_id: int, email_id: int, name: str, *, wanted: bool
) -> None:
    whose = {"account_id": account_id, "contact_id": contact_id, "email_id": email_id}
    NoticeWishRow.adding(ctx, type=name, wanted=wanted, **whose).on_conflict(
        conflict_target=[
            NoticeWishRow.firm_id,
            NoticeWishRow.account_id,
            NoticeWishRow.email_id,
            NoticeWishRow.type,
        ],
        update={NoticeWishRow.wanted: wanted},
    ).execute()


def _record(ctx: Context, account_id: int, address: str, different: Mapping[str, bool]) -> None:
    types = ctx.modules.notification_types
    told: dict[str, Any] = {"address": address}
    for name, on in different.items():
        told.setdefault("on" if on else "off", []).append(str(types[name].title))
    audit.record(ctx, events.NOTIFICATIONS_CHANGED, account_id=account_id, after=told)
