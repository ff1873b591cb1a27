"""Pictures as they are kept: in two sizes, with a digest, replaced only by who saw the one before.

`row` is the table, and `of` names whose picture it is within the firm. Rights and history are the
business of whoever calls.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import TYPE_CHECKING

from attrs import frozen

from crm_core.refusals import NotFound, Stale

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from crm_core.context import Context
    from crm_core.images import Pictures


class Size(StrEnum):
    """In which of its two sizes a picture is shown."""

    SMALL = "small"
    LARGE = "large"


@frozen(kw_only=True)
class Kept:
    """That there is a picture, without the picture.

    `digest` is that of the picture, so an address that carries it is good for ever.
    """

    digest: str
    version: int


def kept_picture(ctx: Context, row: Any, of: Mapping[str, int]) -> Kept | None:
    """The picture, if there is one."""
    found = row.of(ctx, row.digest, row.version).where(*_which(row, of)).first()
    return found and Kept(digest=found.digest, version=found.version)


def read_picture(ctx: Context, row: Any, of: Mapping[str, int], size: Size) -> tuple[Kept, bytes]:
    """The picture in this size; `NotFound` where there is none."""
    picture = row.small if size is Size.SMALL else row.large
    found = row.of(ctx, row.digest, row.version, picture).where(*_which(row, of)).first()
    if found is None:
        raise NotFound
    kept = Kept(digest=found.digest, version=found.version)
    return kept, bytes(getattr(found, size.value))


def keep_picture(
    ctx: Context, row: Any, of: Mapping[str, int], pictures: Pictures, version: int
) -> str:
    """Keeps this one in the place of the one with this version (0: of none); answers its digest.

    `Stale` where somebody else changed it meanwhile.
    """
    digest = hashlib.sha256(pictures.large).hexdigest()[:16]
    values = {
        "digest": digest,
        "created": ctx.now,
        "small": pictures.small,
        "large": pictures.large,
    }
    if version:
        which = (*_which(row, of), row.version == version)
        done = row.change(ctx, **values, version=row.version + 1).where(*which).execute()
    else:
        added = row.adding(ctx, **of, **values).on_conflict_ignore().returning(row.version)
        done = list(added.tuples().execute())
    if not done:
        found = kept_picture(ctx, row, of)
        raise Stale({}, found.version if found else 0)
    return digest


def drop_picture(ctx: Context, row: Any, of: Mapping[str, int]) -> None:
    """Removes the picture, if there is one."""
    row.remove(ctx).where(*_which(row, of)).execute()


def _which(row: Any, of: Mapping[str, int]) -> list[Any]:
    return [getattr(row, name) == key for name, key in of.items()]
