"""Tags: words of the firm's own, in colour, that sort accounts (features.md 1.5)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from attrs import frozen
from peewee import fn

from crm_core import audit, events
from crm_core.folding import folded
from crm_core.permissions import MANAGE_ACCOUNTS, MANAGE_TAGS, demand
from crm_core.refusals import NotFound, Refused, Stale
from crm_core.store.doubles import refusing_doubles
from crm_core.store.rows import new_public_id
from crm_core.store.tag_rows import AccountTagRow, TagRow
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from crm_core.accounts import Account
    from crm_core.context import Context


LONGEST_NAME = 50
"""Characters of a tag's name."""


class Colour(StrEnum):
    """The colours that a tag may have."""

    GREY = "grey"
    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"
    TEAL = "teal"
    BLUE = "blue"
    PURPLE = "purple"


@frozen(kw_only=True)
class Tag:
    """A tag of the firm."""

    id: int
    public_id: str
    name: str
    colour: Colour
    version: int


@frozen(kw_only=True)
class TagChange:
    """A tag as somebody wants it; `version` is that of the tag which they saw."""

    name: str
    colour: Colour = Colour.GREY
    version: int = 0


def list_tags(ctx: Context) -> Sequence[Tag]:
    """The firm's tags by name."""
    return [_tag(row) for row in TagRow.of(ctx).order_by(TagRow.name_key, TagRow.id)]


def uses_of_tags(ctx: Context) -> Mapping[int, int]:
    """How many accounts carry each tag, by its key; one that none carries is missing."""
    count = fn.COUNT(AccountTagRow.account_id)
    rows = AccountTagRow.of(ctx, AccountTagRow.tag_id, count.alias("accounts"))
    return {row.tag_id: row.accounts for row in rows.group_by(AccountTagRow.tag_id).objects()}


def tag_of(ctx: Context, public_id: str) -> Tag:
    """The tag with this public id."""
    row = TagRow.of(ctx).where(TagRow.public_id == public_id).first()
    if row is None:
        raise NotFound
    return _tag(row)


def tags_of_accounts(ctx: Context, account_ids: Collection[int]) -> Mapping[int, Sequence[Tag]]:
    """The tags of each of these accounts by name; one query, however many they are."""
    rows = (
        TagRow.of(ctx, TagRow, AccountTagRow.account_id)
        .join(
            AccountTagRow,
            on=(AccountTagRow.firm_id == TagRow.firm_id) & (AccountTagRow.tag_id == TagRow.id),
        )
        .where(AccountTagRow.account_id.in_(list(account_ids)))
        .order_by(TagRow.name_key, TagRow.id)
        .objects()
    )
    found: dict[int, list[Tag]] = {account_id: [] for account_id in account_ids}
    for row in rows:
        found[row.account_id].append(_tag(row))
    return found


def add_tag(ctx: Context, new: TagChange) -> Tag:
    """Makes a tag; refuses a name that another one has, however it is spelled."""
    demand(ctx, MANAGE_TAGS)
    values = _values(new)
    public_id = new_public_id()
    with refusing_doubles(ctx, lambda: _taken(new.name)):
        TagRow.insert_into(ctx, public_id=public_id, **values)
    audit.record(ctx, events.TAG_CREATED, after={"tag": values["name"]})
    return tag_of(ctx, public_id)


def change_tag(ctx: Context, tag: Tag, change: TagChange) -> None:
    """Renames or recolours a tag on every account at once; `Stale` where somebody was first."""
    demand(ctx, MANAGE_TAGS)
    values = _values(change)
    mine = (TagRow.id == tag.id) & (TagRow.version == change.version)
    with refusing_doubles(ctx, lambda: _taken(change.name)):
        changed = TagRow.change(ctx, version=TagRow.version + 1, **values).where(mine).execute()
    if not changed:
        raise Stale({"name": tag.name, "colour": tag.colour}, tag.version)
    audit.record(
        ctx,
        events.TAG_CHANGED,
        before={"tag": tag.name, "colour": tag.colour},
        after={"tag": values["name"], "colour": change.colour},
    )


def merge_tags(ctx: Context, tag: Tag, into: Tag) -> int:
    """Gives every account with `tag` the tag `into`, and deletes `tag`; answers how many."""
    demand(ctx, MANAGE_TAGS)
    if tag.id == into.id:
        raise Refused(_("A tag cannot be merged into itself."), at="into")
    # Nobody gives either of them to an account until this is done.
    list(ctx.store.locking(TagRow.of(ctx, TagRow.id).where(TagRow.id.in_([tag.id, into.id]))))
    carrying = [row.account_id for row in _uses(ctx, tag)]
    already = {row.account_id for row in _uses(ctx, into)}
    AccountTagRow.insert_all(
        ctx,
        (AccountTagRow.account_id, AccountTagRow.tag_id),
        ((account_id, into.id) for account_id in carrying if account_id not in already),
    )
    TagRow.remove(ctx).where(TagRow.id == tag.id).execute()
    audit.record(
        ctx,
        events.TAGS_MERGED,
        before={"tag": tag.name, "accounts": len(carrying)},
        after={"tag": into.name},
    )
    return len(carrying)


def delete_tag(ctx: Context, tag: Tag) -> None:
    """Deletes a tag; the accounts that carry it stay as they are otherwise."""
    demand(ctx, MANAGE_TAGS)
    uses = _uses(ctx, tag).count()
    TagRow.remove(ctx).where(TagRow.id == tag.id).execute()
    audit.record(ctx, events.TAG_DELETED, before={"tag": tag.name, "accounts": uses})


def set_tags(ctx: Context, account: Account, tag_ids: Collection[int]) -> None:
    """Gives the account exactly these tags (I4); refuses one that is gone."""
    demand(ctx, MANAGE_ACCOUNTS)
    names = {tag.id: tag.name for tag in list_tags(ctx)}
    if not set(tag_ids) <= names.keys():
        raise Refused(_("One of these tags was deleted."), at="tags")
    before = {tag.id for tag in tags_of_accounts(ctx, [account.id])[account.id]}
    given, taken = set(tag_ids) - before, before - set(tag_ids)
    if not given and not taken:
        return
    if taken:
        mine = AccountTagRow.account_id == account.id
        AccountTagRow.remove(ctx).where(mine & AccountTagRow.tag_id.in_(sorted(taken))).execute()
    for tag_id in sorted(given):
        AccountTagRow.adding(
            ctx, account_id=account.id, tag_id=tag_id
        ).on_conflict_ignore().execute()
    audit.record(
        ctx,
        events.TAGS_CHANGED,
        account_id=account.id,
        before={"tags": sorted(names[tag_id] for tag_id in before)},
        after={"tags": sorted(names[tag_id] for tag_id in tag_ids)},
    )


def _taken(name: str) -> Refused:
    return Refused(_("There is a tag {name} already.", name=name), at="name")


def _values(change: TagChange) -> dict[str, Any]:
    name = change.name.strip()
    if not name:
        raise Refused(_("A tag needs a name."), at="name")
    if len(name) > LONGEST_NAME:
        raise Refused(_("At most {longest} characters.", longest=LONGEST_NAME), at="name")
    return {"name": name, "name_key": folded(name) or name, "colour": Colour(change.colour)}


def _uses(ctx: Context, tag: Tag) -> Any:
    return AccountTagRow.of(ctx, AccountTagRow.account_id).where(AccountTagRow.tag_id == tag.id)


def _tag(row: Any) -> Tag:
    return Tag(
        id=row.id,
        public_id=row.public_id,
        name=row.name,
        colour=Colour(row.colour),
        version=row.version,
    )
