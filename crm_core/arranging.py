"""In which order people see the cards of a page, and which of them they leave out.

The firm settles it for everybody, and each member for themselves. Where nobody did, cards stand in
the order that their modules give them. One that was not there when a page was arranged stands at
its end.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core import audit, events
from crm_core.permissions import MANAGE_FIRM, demand
from crm_core.refusals import NotFound
from crm_core.store.arrangement_rows import ArrangementRow
from crm_core.store.statements import compiled
from crm_core.store.tables import FirmRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crm_core.context import Context
    from crm_core.contributions import Place
    from crm_core.store.database import Scoped

LEFT_OUT = "-"


class Move(StrEnum):
    """What can be done with a card on its page."""

    UP = "up"
    DOWN = "down"
    HIDE = "hide"
    SHOW = "show"


@frozen(kw_only=True)
class Arrangement:
    """The names of a page's cards in order, and of those that are left out.

    `own` says that it is the viewer's own, and not what the firm has settled.
    """

    order: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    own: bool = False

    def arranged(self, names: Iterable[str]) -> Sequence[str]:
        """These names in order; those that nobody has arranged keep theirs, at the end."""
        places = {name: place for place, name in enumerate(self.order)}
        return sorted(names, key=lambda name: places.get(name, len(places)))


def arrangement_of(ctx: Context, place: Place) -> Arrangement:
    """How this page is arranged for the viewer: by themselves, else by the firm. One query."""
    found = {row.member_id is not None: row for row in _both(ctx, place, ctx.viewer.member_id)}
    for own in (True, False):
        if own in found:
            return _read(found[own].cards, own=own)
    return Arrangement()


def move_card(ctx: Context, place: Place, names: Sequence[str], name: str, move: Move) -> None:
    """Moves a card of the viewer's page, or shows or leaves it out; `NotFound` for another name.

    `names` are the cards that the page has, as their modules order them. Those of modules that are
    off meanwhile keep their places.
    """
    if name not in names:
        raise NotFound
    now = arrangement_of(ctx, place)
    known = [*now.order, *(new for new in now.arranged(names) if new not in now.order)]
    match move:
        case Move.HIDE:
            hidden = now.hidden | {name}
        case Move.SHOW:
            hidden = now.hidden - {name}
        case _:
            hidden = now.hidden
            shown = [one for one in now.arranged(names) if one not in hidden]
            _swap(known, shown, name, 1 if move is Move.DOWN else -1)
    _keep_own(ctx, place, Arrangement(order=tuple(known), hidden=hidden))


def follow_firm(ctx: Context, place: Place) -> None:
    """Lets the viewer see the page as the firm has it, from now on."""
    ArrangementRow.remove(ctx).where(_own(ctx, place)).execute()


def arrange_for_all(ctx: Context, place: Place) -> None:
    """Makes the viewer's page that of everybody who has not arranged their own.

    Needs the right to manage the firm. Whoever does it follows the firm from then on.
    """
    demand(ctx, MANAGE_FIRM)
    ctx.store.locking(FirmRecord.of(ctx.store).where(FirmRecord.id == ctx.firm.id)).get()
    now = arrangement_of(ctx, place)
    of_firm = ArrangementRow.member_id.is_null() & (ArrangementRow.place == place)
    ArrangementRow.remove(ctx).where(of_firm).execute()
    ArrangementRow.insert_into(ctx, place=place, cards=_written(now))
    follow_firm(ctx, place)
    audit.record(
        ctx,
        events.CARDS_ARRANGED,
        after={
            "page": place,
            "cards": [name for name in now.order if name not in now.hidden],
            "hidden": sorted(now.hidden),
        },
    )


def _swap(known: list[str], shown: Sequence[str], name: str, way: int) -> None:
    """Changes a card's place with that of the next one which is shown, if there is one."""
    if name not in shown:
        return
    at = shown.index(name) + way
    if 0 <= at < len(shown):
        one, other = known.index(name), known.index(shown[at])
        known[one], known[other] = known[other], known[one]


def _keep_own(ctx: Context, place: Place, arrangement: Arrangement) -> None:
    text = _written(arrangement)
    ArrangementRow.adding(ctx, member_id=ctx.viewer.member_id, place=place, cards=text).on_conflict(
        conflict_target=[ArrangementRow.firm_id, ArrangementRow.member_id, ArrangementRow.place],
        update={ArrangementRow.cards: text},
    ).execute()


def _own(ctx: Context, place: Place) -> Any:
    return (ArrangementRow.member_id == ctx.viewer.member_id) & (ArrangementRow.place == place)


@compiled
def _both(asked: Scoped, place: Any, member_id: Any) -> Any:
    whose = (ArrangementRow.member_id == member_id) | ArrangementRow.member_id.is_null()
    rows = ArrangementRow.of(asked, ArrangementRow.member_id, ArrangementRow.cards)
    return rows.where((ArrangementRow.place == place) & whose)


def _written(arrangement: Arrangement) -> str:
    return "\n".join(
        LEFT_OUT + name if name in arrangement.hidden else name for name in arrangement.order
    )


def _read(cards: str, *, own: bool) -> Arrangement:
    lines = cards.split()
    names = tuple(line.removeprefix(LEFT_OUT) for line in lines)
    hidden = frozenset(line[1:] for line in lines if line.startswith(LEFT_OUT))
    return Arrangement(order=names, hidden=hidden, own=own)
