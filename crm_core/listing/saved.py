"""Lists that a member keeps under a name: filters, order and columns. Nobody else sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core.refusals import NotFound, Refused
from crm_core.store.doubles import refusing_doubles
from crm_core.store.role_rows import SavedListRow
from crm_core.store.rows import new_public_id
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core.context import Context
    from crm_core.search_and_lists import ListOf

MOST = 50
"""Lists that one member may keep."""

LONGEST_NAME = 60
LONGEST_QUERY = 4_000
"""Characters of a list's name, and of what its address says."""


@frozen(kw_only=True)
class SavedList:
    """A list that the viewer keeps; `query` is what its page's address says after the `?`."""

    public_id: str
    of: ListOf
    name: str
    query: str


def saved_lists(ctx: Context, of: ListOf) -> Sequence[SavedList]:
    """The viewer's lists of clients, or of contacts, by name."""
    rows = SavedListRow.of(ctx).where(_mine(ctx, of))
    return [
        SavedList(public_id=row.public_id, of=of, name=row.name, query=row.query)
        for row in rows.order_by(SavedListRow.name, SavedListRow.id)
    ]


def save_list(ctx: Context, of: ListOf, name: str, query: str) -> SavedList:
    """Keeps a list of the viewer's; refuses a name that they have used."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        sentence = _("A list needs a name of at most {longest} characters.", longest=LONGEST_NAME)
        raise Refused(sentence, at="name")
    if len(query) > LONGEST_QUERY:
        raise Refused(_("These filters are too long to be kept. Take some away."))
    if len(saved_lists(ctx, of)) >= MOST:
        raise Refused(_("You keep {count} lists already. Remove one first.", count=MOST), at="name")
    kept = SavedList(public_id=new_public_id(), of=of, name=name, query=query)
    with refusing_doubles(ctx, lambda: _taken(name)):
        SavedListRow.insert_into(
            ctx,
            public_id=kept.public_id,
            member_id=ctx.viewer.member_id,
            list_of=of,
            name=name,
            query=query,
        )
    return kept


def remove_list(ctx: Context, of: ListOf, public_id: str) -> None:
    """Removes a list of the viewer's."""
    named = _mine(ctx, of) & (SavedListRow.public_id == public_id)
    if not SavedListRow.remove(ctx).where(named).execute():
        raise NotFound


def _mine(ctx: Context, of: ListOf) -> Any:
    return (SavedListRow.member_id == ctx.viewer.member_id) & (SavedListRow.list_of == of)


def _taken(name: str) -> Refused:
    return Refused(_("You have a list {name} already.", name=name), at="name")
