"""Reading and writing the table of signer priorities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins.signatures.rows import RankRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm_core import Context


def ranks_of(ctx: Context, account_id: int) -> Mapping[int, int]:
    """The ranks of the account's contacts, by their keys, where somebody has said them."""
    rows = RankRow.of(ctx).where(RankRow.account_id == account_id)
    return {row.whose: row.place for row in rows}


def set_ranks(ctx: Context, account_id: int, order: Sequence[int]) -> None:
    """Makes this the order of the account's contacts."""
    RankRow.remove(ctx).where(RankRow.account_id == account_id).execute()
    fields = (RankRow.account_id, RankRow.whose, RankRow.place)
    rows = ((account_id, key, place) for place, key in enumerate(order, 1))
    RankRow.insert_all(ctx, fields, rows)
