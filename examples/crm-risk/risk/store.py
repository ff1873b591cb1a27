"""The tables of ratings and of who is asked; rows stay here, values go out."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from random import Random

from attrs import frozen
from peewee import BigAutoField, BigIntegerField, CharField, fn

from crm_core import Context, DemoAccount, demand
from crm_core.accounts import Account
from crm_core.store import AccountRow, FirmRow, InstantField, References
from risk.words import LEVELS, WRITE


class RatingRow(FirmRow):
    """A rating of a client; the latest counts, the others are its history."""

    id = BigAutoField()
    account_id = BigIntegerField()
    level = CharField(10)
    reason = CharField(200)
    at = InstantField()

    class Meta:
        table_name = "risk_rating"
        indexes = ((("firm_id", "id"), True), (("firm_id", "account_id", "id"), False))
        constraints = [
            References(("firm_id", "account_id"), "account", ("firm_id", "id"), on_delete="CASCADE")
        ]


class AskedRow(FirmRow):
    """An e-mail address of a client that is asked about its risk."""

    id = BigAutoField()
    account_id = BigIntegerField()
    email_id = BigIntegerField()

    class Meta:
        table_name = "risk_asked"
        indexes = ((("firm_id", "account_id", "email_id"), True),)
        constraints = [
            References(
                ("firm_id", "account_id"), "account", ("firm_id", "id"), on_delete="CASCADE"
            ),
            References(
                ("firm_id", "email_id"), "contact_email", ("firm_id", "id"), on_delete="CASCADE"
            ),
        ]


@frozen(kw_only=True)
class Rating:
    """How a client was rated, why and when."""

    level: str
    reason: str
    at: datetime


def ratings(ctx: Context, account_id: int, count: int) -> Sequence[Rating]:
    """The last ratings of a client, the latest first. One query."""
    rows = RatingRow.of(ctx).where(RatingRow.account_id == account_id)
    found = rows.order_by(RatingRow.id.desc()).limit(count)
    return [Rating(level=row.level, reason=row.reason, at=row.at) for row in found]


def add_rating(ctx: Context, account_id: int, level: str, reason: str) -> None:
    """Stores a rating as it is now."""
    RatingRow.insert_into(ctx, account_id=account_id, level=level, reason=reason, at=ctx.now)


def remove_older(ctx: Context, than: datetime) -> None:
    """Removes the ratings from before this moment, but the latest of each client."""
    latest = RatingRow.of(ctx, fn.MAX(RatingRow.id)).group_by(RatingRow.account_id)
    old = (RatingRow.at < than) & RatingRow.id.not_in(latest)
    RatingRow.remove(ctx).where(old).execute()


def latest_levels(ctx: Context, account_ids: Sequence[int]) -> Mapping[int, str]:
    """How each of these clients is rated now. One query."""
    last = RatingRow.of(ctx, fn.MAX(RatingRow.id)).where(RatingRow.account_id.in_(account_ids))
    rows = RatingRow.of(ctx).where(RatingRow.id.in_(last.group_by(RatingRow.account_id)))
    return {row.account_id: row.level for row in rows}


def with_reason(ctx: Context, text: str, limit: int) -> Sequence[tuple[str, str, str]]:
    """Name, public id and reason of clients that the viewer sees, by the reason's beginning."""
    from crm_core.accounts import visible_accounts

    seen = visible_accounts(ctx, AccountRow.id)
    rows = (
        RatingRow.of(ctx, AccountRow.name, AccountRow.public_id, RatingRow.reason)
        .join(
            AccountRow,
            on=(AccountRow.firm_id == RatingRow.firm_id) & (AccountRow.id == RatingRow.account_id),
        )
        .where(RatingRow.reason.startswith(text), AccountRow.id.in_(seen))
    )
    return list(rows.order_by(RatingRow.id.desc()).limit(limit).tuples())


def asked(ctx: Context, account: Account) -> Collection[int]:
    """The keys of the client's addresses that are asked."""
    rows = AskedRow.of(ctx, AskedRow.email_id).where(AskedRow.account_id == account.id)
    return {row.email_id for row in rows}


def save_asked(ctx: Context, account: Account, changed: Mapping[int, bool]) -> None:
    """Stores which addresses are asked from now on."""
    demand(ctx, WRITE)
    for email_id, on in changed.items():
        mine = (AskedRow.account_id == account.id) & (AskedRow.email_id == email_id)
        AskedRow.remove(ctx).where(mine).execute()
        if on:
            AskedRow.insert_into(ctx, account_id=account.id, email_id=email_id)


def rate_for_the_demonstration(
    ctx: Context, accounts: Sequence[DemoAccount], random: Random
) -> None:
    """Makes up ratings."""
    for one in accounts:
        add_rating(ctx, one.account.id, random.choice(list(LEVELS)), one.trade)
