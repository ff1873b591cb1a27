"""The order of cards: one's own, the firm's, and what becomes of cards that come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core import audit
from crm_core.arranging import (
    Arrangement,
    Move,
    arrange_for_all,
    arrangement_of,
    follow_firm,
    move_card,
)
from crm_core.contributions import Place
from crm_core.membership import add_member
from crm_core.permissions import Role
from crm_core.refusals import NotAllowed, NotFound
from crm_core.testing.builders import a_firm, a_person, as_owner, as_person

if TYPE_CHECKING:
    from crm_core.catalog import Catalog
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.store.database import Store

CARDS = ("tasks.latest", "notes.latest", "risk.rating")
PAGE = Place.OVERVIEW


@pytest.fixture
def colleague(store: Store, catalog: Catalog, firm: Firm) -> int:
    """A person who is an employee of the firm."""
    person = a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        add_member(ctx, person, "Eva Employee", "eva@x.example", Role.EMPLOYEE)
    return person


def shown(ctx: Context, cards: tuple[str, ...] = CARDS, page: Place = PAGE) -> list[str]:
    """The cards as the viewer sees them."""
    found = arrangement_of(ctx, page)
    return [name for name in found.arranged(cards) if name not in found.hidden]


def test_where_nobody_arranged_a_page_its_modules_do(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm, write=False) as ctx:
        assert arrangement_of(ctx, PAGE) == Arrangement()
        assert shown(ctx) == list(CARDS)


@pytest.mark.parametrize(
    ("moves", "seen"),
    [
        ([("risk.rating", Move.UP)], ["tasks.latest", "risk.rating", "notes.latest"]),
        ([("tasks.latest", Move.DOWN)], ["notes.latest", "tasks.latest", "risk.rating"]),
        ([("tasks.latest", Move.UP)], list(CARDS)),
        ([("risk.rating", Move.DOWN)], list(CARDS)),
        ([("notes.latest", Move.HIDE)], ["tasks.latest", "risk.rating"]),
        ([("notes.latest", Move.HIDE), ("notes.latest", Move.SHOW)], list(CARDS)),
        ([("notes.latest", Move.HIDE), ("notes.latest", Move.UP)], ["tasks.latest", "risk.rating"]),
        (
            [("notes.latest", Move.HIDE), ("risk.rating", Move.UP)],
            ["risk.rating", "tasks.latest"],
        ),
        ([(name, Move.HIDE) for name in CARDS], []),
    ],
)
def test_a_member_moves_cards_and_leaves_some_out(
    store: Store, catalog: Catalog, firm: Firm, moves: list[tuple[str, Move]], seen: list[str]
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        for name, move in moves:
            move_card(ctx, PAGE, CARDS, name, move)
    with as_owner(store, catalog, firm, write=False) as ctx:
        assert shown(ctx) == seen
        assert arrangement_of(ctx, PAGE).own
        assert shown(ctx, page=Place.HOME) == list(CARDS), "the other page is as it was"


def test_a_card_that_is_not_there_cannot_be_moved(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx, pytest.raises(NotFound):
        move_card(ctx, PAGE, CARDS, "nothing.here", Move.UP)


def test_a_card_that_comes_later_stands_at_the_end_and_one_that_is_off_keeps_its_place(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        move_card(ctx, PAGE, CARDS, "risk.rating", Move.UP)
        without = tuple(name for name in CARDS if name != "risk.rating")
        move_card(ctx, PAGE, without, "notes.latest", Move.UP)
        assert shown(ctx, without) == ["notes.latest", "tasks.latest"]
        assert shown(ctx, ("new.card", *CARDS)) == [
            "notes.latest",
            "risk.rating",
            "tasks.latest",
            "new.card",
        ]


def test_each_member_has_their_own_and_the_firm_has_one_for_the_others(
    store: Store, catalog: Catalog, firm: Firm, colleague: int
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        move_card(ctx, PAGE, CARDS, "tasks.latest", Move.HIDE)
    with as_person(store, catalog, firm, colleague) as ctx:
        assert shown(ctx) == list(CARDS), "the owner's own is the owner's alone"
        move_card(ctx, PAGE, CARDS, "notes.latest", Move.HIDE)
    with as_owner(store, catalog, firm) as ctx:
        arrange_for_all(ctx, PAGE)
        assert shown(ctx) == ["notes.latest", "risk.rating"]
        assert not arrangement_of(ctx, PAGE).own
    with as_person(store, catalog, firm, colleague) as ctx:
        assert shown(ctx) == ["tasks.latest", "risk.rating"]
        follow_firm(ctx, PAGE)
        assert shown(ctx) == ["notes.latest", "risk.rating"]
        assert not arrangement_of(ctx, PAGE).own
        with pytest.raises(NotAllowed):
            arrange_for_all(ctx, PAGE)


def test_the_firms_own_is_arranged_anew_and_told_in_the_history(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    for name in ("tasks.latest", "notes.latest"):
        with as_owner(store, catalog, firm) as ctx:
            move_card(ctx, PAGE, CARDS, name, Move.HIDE)
            arrange_for_all(ctx, PAGE)
    with as_owner(store, catalog, firm, write=False) as ctx:
        told = [e for e in audit.history(ctx).entries if e.event == "firm.cards_arranged"]
        assert shown(ctx) == ["risk.rating"]
    assert told[0].after == {
        "page": "overview",
        "cards": ["risk.rating"],
        "hidden": ["notes.latest", "tasks.latest"],
    }
    assert len(told) == 2


def test_another_firm_arranges_its_own(store: Store, catalog: Catalog, firm: Firm) -> None:
    other = a_firm(store)
    with as_owner(store, catalog, firm) as ctx:
        move_card(ctx, PAGE, CARDS, "tasks.latest", Move.HIDE)
        arrange_for_all(ctx, PAGE)
    with as_owner(store, catalog, other, write=False) as ctx:
        assert shown(ctx) == list(CARDS)
