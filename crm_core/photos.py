"""The photo of an account: set, removed, shown to whoever sees the account (I2, R3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_core import audit, events
from crm_core.permissions import MANAGE_ACCOUNTS, USE_PORTAL, demand, may
from crm_core.pictures import Kept, Size, drop_picture, keep_picture, read_picture
from crm_core.store.picture_rows import AccountPhotoRow
from crm_core.store.statements import compiled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crm_core.accounts import Account
    from crm_core.context import Context
    from crm_core.images import Pictures
    from crm_core.store.database import Scoped


def set_photo(ctx: Context, account: Account, pictures: Pictures, version: int) -> None:
    """Makes this the account's photo, in the place of the one with this version (0: of none).

    Needs *manage accounts*, or is done by a client of the account (POR-5); `Stale` where somebody
    else changed the photo meanwhile.
    """
    _demand_to_change(ctx)
    before = photo_of(ctx, account)
    digest = keep_picture(ctx, AccountPhotoRow, {"account_id": account.id}, pictures, version)
    audit.record(
        ctx,
        events.PHOTO_CHANGED,
        account_id=account.id,
        before={"photo": before.digest} if before else None,
        after={"photo": digest},
    )


def remove_photo(ctx: Context, account: Account) -> None:
    """Removes the account's photo, if it has one; whoever may set it may."""
    _demand_to_change(ctx)
    before = photo_of(ctx, account)
    if before is None:
        return
    drop_picture(ctx, AccountPhotoRow, {"account_id": account.id})
    audit.record(ctx, events.PHOTO_REMOVED, account_id=account.id, before={"photo": before.digest})


def _demand_to_change(ctx: Context) -> None:
    """Refuses members without the right; a client holds none but their own accounts."""
    if not may(ctx, USE_PORTAL):
        demand(ctx, MANAGE_ACCOUNTS)


def photo_of(ctx: Context, account: Account) -> Kept | None:
    """The account's photo, if it has one; the picture itself is `picture_of`."""
    return photos_of(ctx, [account.id]).get(account.id)


def photos_of(ctx: Context, account_ids: Iterable[int]) -> Mapping[int, Kept]:
    """The photos of these accounts, which the viewer sees, by account; in one query."""
    rows = _photos(ctx, list(account_ids))
    return {row.account_id: Kept(digest=row.digest, version=row.version) for row in rows}


@compiled
def _photos(asked: Scoped, account_ids: Any) -> Any:
    return AccountPhotoRow.of(
        asked, AccountPhotoRow.account_id, AccountPhotoRow.digest, AccountPhotoRow.version
    ).where(AccountPhotoRow.account_id.in_(account_ids))


def picture_of(ctx: Context, account: Account, size: Size) -> tuple[Kept, bytes]:
    """The account's photo with the picture in this size; `NotFound` where it has none."""
    return read_picture(ctx, AccountPhotoRow, {"account_id": account.id}, size)
