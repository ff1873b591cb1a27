"""The firm's logo: set, removed, shown on its pages in the place of its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import audit, events
from crm_core.permissions import MANAGE_FIRM, demand
from crm_core.pictures import (
    Kept,
    Size,
    drop_picture,
    keep_picture,
    kept_picture,
    read_picture,
)
from crm_core.store.picture_rows import FirmLogoRow
from crm_core.store.tables import FirmRecord

if TYPE_CHECKING:
    from crm_core.context import Context
    from crm_core.images import Pictures


def set_logo(ctx: Context, pictures: Pictures, version: int) -> None:
    """Makes this the firm's logo, in the place of the one with this version (0: of none).

    Needs *manage firm settings*; `Stale` where somebody else changed the logo meanwhile.
    """
    demand(ctx, MANAGE_FIRM)
    before = logo_of(ctx)
    digest = keep_picture(ctx, FirmLogoRow, {}, pictures, version)
    _tell_pages(ctx, digest)
    audit.record(
        ctx,
        events.LOGO_CHANGED,
        before={"logo": before.digest} if before else None,
        after={"logo": digest},
    )


def remove_logo(ctx: Context) -> None:
    """Removes the firm's logo, if it has one; needs *manage firm settings*."""
    demand(ctx, MANAGE_FIRM)
    before = logo_of(ctx)
    if before is None:
        return
    drop_picture(ctx, FirmLogoRow, {})
    _tell_pages(ctx, "")
    audit.record(ctx, events.LOGO_REMOVED, before={"logo": before.digest})


def logo_of(ctx: Context) -> Kept | None:
    """The firm's logo, if it has one; pages that only show it read `Firm.logo`."""
    return kept_picture(ctx, FirmLogoRow, {})


def logo_picture(ctx: Context, size: Size) -> tuple[Kept, bytes]:
    """The firm's logo with the picture in this size; `NotFound` where it has none."""
    return read_picture(ctx, FirmLogoRow, {}, size)


def _tell_pages(ctx: Context, digest: str) -> None:
    """Every page shows the logo: the firm, which every request reads, names it."""
    FirmRecord.change(ctx.store, logo=digest).where(FirmRecord.id == ctx.firm.id).execute()
