"""Every route x method x role x object against the table in `expected`; refused means unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import frozen

from crm_core import permissions
from crm_core.firm_settings import demand_second_factor
from crm_core.modules import switch_module
from crm_core.store.tables import AssignmentRow
from crm_core.testing.builders import as_owner
from tests.conftest import LONG_ON_POSTGRES
from tests.contract.expected import (
    ADMINS,
    DOORS,
    EVERYONE,
    FIRM_ROUTES,
    OWNER,
    PORTAL_ROUTES,
    Rule,
)
from tests.contract.world import GIVEN, OF_THE_CODE, SEEN_WITH_THEIR_ACCOUNT, World
from web import routing, settling
from web.links import LOOKED_AT
from web.signin.sessions import SignedIn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.contract.snapshots import Snapshots


WHO = ("signed out", "stranger", "client", "owner", "unproved", "admin", "plain", *GIVEN)
"""Everybody who asks; `unproved` is the owner, who signed in long ago."""

OUTSIDE = {"signed out": "sign in", "stranger": "not found", "client": "not found"}
"""What those get who are no members of the firm, whatever they ask for."""

OWNERS = ("owner", "unproved")
WHERE = ("own", "unassigned", "foreign", "never")
LEAST_ROUTES, LEAST_CELLS, LEAST_MODULE_CELLS = 28, 2_300, 500
LEAST_DOOR_ANSWERS = 70


@frozen
class Cell:
    """One question: may this one do this there?"""

    endpoint: str
    method: str
    who: str
    where: str

    @property
    def rule(self) -> Rule:
        """What the table says of the route."""
        return FIRM_ROUTES[self.endpoint]


def test_the_table_names_every_route(world: World) -> None:
    routes = {rule.endpoint for rule in world.app.url_map.iter_rules()}
    looked_at = {name for name in routes if name.endswith(LOOKED_AT)}
    assert {name.removesuffix(LOOKED_AT) for name in looked_at} <= set(PORTAL_ROUTES)
    assert routes - looked_at == {*FIRM_ROUTES, *PORTAL_ROUTES, *DOORS}


@LONG_ON_POSTGRES
def test_every_cell_answers_as_the_table_says(world: World, snapshots: Snapshots) -> None:
    met = 0
    wrong: list[str] = []
    for endpoint in FIRM_ROUTES:
        cells = list(cells_of(world, endpoint))
        met += len(cells)
        wrong += harmless_deviations(world, [c for c in cells if harmless(c)], snapshots)
        wrong += [found for c in cells if not harmless(c) and (found := deviation(world, c))]
    print(f"{len(FIRM_ROUTES)} routes, {met} cells, {len(wrong)} deviations")
    assert not wrong, "\n".join(wrong[:20])
    assert len(FIRM_ROUTES) >= LEAST_ROUTES
    assert met >= LEAST_CELLS


@LONG_ON_POSTGRES
def test_a_module_that_is_off_is_gone_for_everybody(world: World) -> None:
    of_modules = [name for name in FIRM_ROUTES if not name.startswith("shell.")]
    cells = [cell for name in of_modules for cell in cells_of(world, name)]
    for cell in cells:
        world.object_for(cell.rule.object, cell.where)
    with as_owner(world.deployment.store, world.deployment.catalog, world.here) as ctx:
        for name in sorted(ctx.modules.names):
            switch_module(ctx, name)
    for cell in cells:
        wanted = "sign in" if cell.who == "signed out" else "not found"
        assert answer_to(world, cell, world.object_for(cell.rule.object, cell.where)) == wanted
    assert len(cells) >= LEAST_MODULE_CELLS


@LONG_ON_POSTGRES
def test_a_firm_that_demands_a_second_factor_opens_nothing_without(
    world: World, snapshots: Snapshots
) -> None:
    cells = [cell for name in FIRM_ROUTES for cell in cells_of(world, name)]
    for cell in cells:
        world.client(cell.who)
        world.object_for(cell.rule.object, cell.where)
    with as_owner(world.deployment.store, world.deployment.catalog, world.here) as ctx:
        demand_second_factor(ctx, demanded=True)
    before = snapshots.digest()
    for cell in cells:
        wanted = OUTSIDE.get(cell.who, "second factor")
        assert answer_to(world, cell, world.object_for(cell.rule.object, cell.where)) == wanted
    assert snapshots.digest() == before


def test_doors_that_want_somebody_signed_in_or_a_recent_proof(world: World) -> None:
    met = 0
    for endpoint, wanted in DOORS.items():
        if wanted == "public":
            continue
        (rule,) = world.app.url_map.iter_rules(endpoint)
        for method in sorted({"GET", "HEAD", "POST"} & (rule.methods or set())):
            for who in ("signed out", "unproved", "owner"):
                world.clients.pop(who, None)  # the request before may have ended the session
                answer = world.client(who).open(rule.rule, method=method)
                got = outcome(answer.status_code, answer.headers.get("Location", ""))
                barred = {"signed out": "sign in"}
                if wanted == "stepped up":
                    barred["unproved"] = "prove"
                assert (got in ("sign in", "prove")) == (who in barred), (endpoint, method, who)
                assert barred.get(who, got) == got, (endpoint, method, who)
                met += 1
    print(f"{met} answers of doors")
    assert met >= LEAST_DOOR_ANSWERS


def cells_of(world: World, endpoint: str) -> Iterator[Cell]:
    """A route with each of its methods, for everybody, with every kind of object it has."""
    (rule,) = world.app.url_map.iter_rules(endpoint)
    places = WHERE if FIRM_ROUTES[endpoint].object else ("own",)
    for method in sorted({"GET", "HEAD", "POST"} & (rule.methods or set())):
        for who in WHO:
            for where in places:
                yield Cell(endpoint, method, who, where)


def harmless(cell: Cell) -> bool:
    """Whether the request may change nothing: it only reads, or is refused."""
    return cell.method != "POST" or expected(cell) != "done"


def harmless_deviations(world: World, cells: list[Cell], snapshots: Snapshots) -> Iterator[str]:
    """What is wrong with the answers, and whether anything changed that may not."""
    for cell in cells:
        world.client(cell.who)
        world.object_for(cell.rule.object, cell.where)
    before = snapshots.digest()
    for cell in cells:
        if found := deviation(world, cell):
            yield found
    if snapshots.digest() != before:
        yield f"{cells[0].endpoint}: a request that reads or is refused changed something"


def deviation(world: World, cell: Cell) -> str | None:
    """What is wrong with the answer, or None."""
    choose = world.object_for if harmless(cell) else world.make
    path = choose(cell.rule.object, cell.where)
    got, wanted = answer_to(world, cell, path), expected(cell)
    if not harmless(cell):
        world.restore()
    return None if got == wanted else f"{cell}: {got}, not {wanted}"


def answer_to(world: World, cell: Cell, path: dict[str, str]) -> str:
    """The kind of answer that the request gets."""
    url = world.address(cell.endpoint, path)
    answer = world.client(cell.who).open(url, method=cell.method, data={"_once": world.key()})
    return outcome(answer.status_code, answer.headers.get("Location", ""))


def outcome(status: int, location: str) -> str:
    """The kind of answer."""
    if status in (302, 303) and location.startswith("/sign-in"):
        return "sign in"
    if status == 303 and location.startswith("/me/second-factor?"):
        return "second factor"
    if status == 303 and location.startswith("/me/confirm?"):
        return "prove"
    names = {
        401: "prove",
        404: "not found",
        403: "not allowed",
        200: "done",
        303: "done",
        422: "done",
        409: "done",
    }
    return names.get(status, f"status {status}")


def expected(cell: Cell) -> str:
    """What the table says: in the order in which a stranger must not learn anything."""
    if cell.who in OUTSIDE:
        return OUTSIDE[cell.who]
    if cell.rule.object in SEEN_WITH_THEIR_ACCOUNT and not sees(cell.who, cell.where):
        return "not found"
    if not has_right(cell):
        return "not allowed"
    if cell.rule.step_up and cell.who == "unproved":
        return "prove"
    if cell.rule.object in SEEN and not SEEN[cell.rule.object](cell.who, cell.where):
        return "not found"
    return "done" if cell.where == "own" or within(cell) else "not found"


def sees(who: str, where: str) -> bool:
    """Whether a member of the firm sees the account."""
    sees_all = who in (*OWNERS, "admin", "accounts.view_all")
    return where == "own" or (where == "unassigned" and sees_all)


def sees_contact(who: str, where: str) -> bool:
    """Whether a member of the firm sees a contact of such an account."""
    return sees(who, where) or (who == "contacts.view_all" and where == "unassigned")


SEEN: dict[str, Callable[[str, str], bool]] = {
    "contact": sees_contact,
    # These are the owner's own.
    "saved": lambda who, where: who in OWNERS,
    "saved_contacts": lambda who, where: who in OWNERS,
    "entry": lambda who, where: who in OWNERS,
    "own signing": lambda who, where: who in OWNERS,
}


def within(cell: Cell) -> bool:
    """Whether an object that is not on an own account is still the firm's."""
    if cell.rule.object in OF_THE_CODE:
        return False
    return cell.where == "unassigned"


def has_right(cell: Cell) -> bool:
    """Whether this member has the right that the table names."""
    needed = {EVERYONE: WHO, ADMINS: (*OWNERS, "admin"), OWNER: OWNERS}.get(
        cell.rule.right, (*OWNERS, "admin", cell.rule.right)
    )
    return cell.who in needed


GUARDS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "signed in": lambda patch: patch.setattr(routing, "to_sign_in", lambda: ("", 200)),
    "recent proof": lambda patch: patch.setattr(SignedIn, "proved_lately", True),
    "right": lambda patch: patch.setattr(settling, "demand", lambda ctx, right: None),
    "right in use cases": lambda patch: patch.setattr(
        permissions, "may", lambda ctx, permission: True
    ),
    "assignment": lambda patch: patch.setattr(
        "crm_core.accounts.may", lambda ctx, permission: True
    ),
    "membership": lambda patch: patch.setattr(
        "crm_core.contexts.viewer_of",
        lambda store, firm, person: __import__("crm_core.team").team.owner_of(store, firm),
    ),
    "firm of the rows": lambda patch: patch.setattr(
        AssignmentRow.__mro__[1], "of", classmethod(_of_any_firm)
    ),
}


REFUSES = {
    "signed in": "sign in",
    "recent proof": "prove",
    "right": "not allowed",
    "right in use cases": "not allowed",
    "assignment": "not found",
    "membership": "not found",
    "firm of the rows": "not found",
}
"""What each guard answers: cells with this answer miss it."""


def _of_any_firm(cls, ctx, *columns):  # type: ignore[no-untyped-def]
    from crm_core.store.rows import Row

    query = super(Row, cls).select(*columns).bind(ctx.store.database)
    return query.where(cls.firm_id.is_null(False))


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("guard", GUARDS)
def test_taking_a_guard_away_makes_the_matrix_fail(
    world: World, guard: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = (cell for endpoint in FIRM_ROUTES for cell in cells_of(world, endpoint))
    cells = [cell for cell in everything if harmless(cell) and expected(cell) == REFUSES[guard]]
    for cell in cells:
        world.client(cell.who)
        world.object_for(cell.rule.object, cell.where)
    GUARDS[guard](monkeypatch)
    assert any(deviation(world, cell) for cell in cells), f"nobody missed the guard: {guard}"
