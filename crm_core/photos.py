"""The photo of an account: set, removed, shown to whoever sees the account (I2, R3)."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import TYPE_CHECKING

from attrs import frozen

from crm_core import audit, events
from crm_core.permissions import MANAGE_ACCOUNTS, demand
from crm_core.refusals import NotFound, Stale
from crm_core.store.photo_rows import AccountPhotoRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from crm_core.accounts import Account
    from crm_core.context import Context
    from crm_core.images import Squares


class Size(StrEnum):
    """In which of its two sizes a photo is shown."""

    SMALL = "small"
    LARGE = "large"


@frozen(kw_only=True)
class Photo:
    """That an account has a photo, without the picture.

    `digest` is that of the picture, so an address that carries it is good for ever.
    """

    digest: str
    version: int


def set_photo(ctx: Context, account: Account, squares: Squares, version: int) -> None:
    """Makes this the account's photo, in the place of the one with this version (0: of none).

    Needs *manage accounts*; `Stale` where somebody else changed the photo meanwhile.
    """
    demand(ctx, MANAGE_ACCOUNTS)
    before = photo_of(ctx, account)
    digest = hashlib.sha256(squares.large).hexdigest()[:16]
    picture = {
        "digest": digest,
        "created": ctx.now,
        "small": squares.small,
        "large": squares.large,
    }
    if not (_replaced if version else _added)(ctx, account, picture, version):
        found = photo_of(ctx, account)
        raise Stale({}, found.version if found else 0)
    audit.record(
        ctx,
        events.PHOTO_CHANGED,
        account_id=account.id,
        before={"photo": before.digest} if before else None,
        after={"photo": digest},
    )


def remove_photo(ctx: Context, account: Account) -> None:
    """Removes the account's photo, if it has one; needs *manage accounts*."""
    demand(ctx, MANAGE_ACCOUNTS)
    before = photo_of(ctx, account)
    if before is None:
        return
    AccountPhotoRow.remove(ctx).where(AccountPhotoRow.account_id == account.id).execute()
    audit.record(ctx, events.PHOTO_REMOVED, account_id=account.id, before={"photo": before.digest})


def photo_of(ctx: Context, account: Account) -> Photo | None:
    """The account's photo, if it has one; the picture itself is `picture_of`."""
    return photos_of(ctx, [account.id]).get(account.id)


def photos_of(ctx: Context, account_ids: Iterable[int]) -> Mapping[int, Photo]:
    """The photos of these accounts, which the viewer sees, by account; in one query."""
    rows = AccountPhotoRow.of(
        ctx, AccountPhotoRow.account_id, AccountPhotoRow.digest, AccountPhotoRow.version
    ).where(AccountPhotoRow.account_id.in_(list(account_ids)))
    return {row.account_id: Photo(digest=row.digest, version=row.version) for row in rows}


def picture_of(ctx: Context, account: Account, size: Size) -> tuple[Photo, bytes]:
    """The account's photo with the picture in this size; `NotFound` where it has none."""
    picture = AccountPhotoRow.small if size is Size.SMALL else AccountPhotoRow.large
    row = (
        AccountPhotoRow.of(ctx, AccountPhotoRow.digest, AccountPhotoRow.version, picture)
        .where(AccountPhotoRow.account_id == account.id)
        .first()
    )
    if row is None:
        raise NotFound
    return Photo(digest=row.digest, version=row.version), bytes(getattr(row, size.value))


def _added(ctx: Context, account: Account, picture: Mapping[str, Any], _version: int) -> bool:
    stored = (
        AccountPhotoRow.adding(ctx, account_id=account.id, **picture)
        .on_conflict_ignore()
        .returning(AccountPhotoRow.version)
        .tuples()
        .execute()
    )
    return bool(list(stored))


def _replaced(ctx: Context, account: Account, picture: Mapping[str, Any], version: int) -> bool:
    changed = AccountPhotoRow.change(ctx, **picture, version=AccountPhotoRow.version + 1).where(
        (AccountPhotoRow.account_id == account.id) & (AccountPhotoRow.version == version)
    )
    return bool(changed.execute())
