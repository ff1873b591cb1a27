"""Every route x method x role x object against the table in `expected`; refused means unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import frozen

from crm_core import permissions
from crm_core.modules import switch_module
from crm_core.store.tables import AssignmentRow
from crm_core.testing.builders import as_owner
from tests.contract.expected import ADMINS, DOORS, EVERYONE, FIRM_ROUTES, OWNER, Rule
from tests.contract.world import GIVEN, World
from web import routing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.contract.snapshots import Snapshots


WHO = ("signed out", "stranger", "owner", "admin", "plain", *GIVEN)
WHERE = ("own", "unassigned", "foreign", "never")
LEAST_ROUTES, LEAST_CELLS, LEAST_MODULE_CELLS = 27, 2_100, 500


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
    assert routes == set(FIRM_ROUTES) | set(DOORS)


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
    if cell.endpoint == "shell.request_access":
        path = {"wanted": world.accounts["unassigned"].public_id}
    got, wanted = answer_to(world, cell, path), expected(cell)
    if not harmless(cell):
        world.restore()
    return None if got == wanted else f"{cell}: {got}, not {wanted}"


def answer_to(world: World, cell: Cell, path: dict[str, str]) -> str:
    """The kind of answer that the request gets."""
    with world.app.test_request_context():
        url = world.app.url_for(cell.endpoint, firm=world.here.slug, **path)
    answer = world.client(cell.who).open(url, method=cell.method, data={"_once": world.key()})
    return outcome(answer.status_code, answer.headers.get("Location", ""))


def outcome(status: int, location: str) -> str:
    """The kind of answer."""
    if status in (302, 303) and location.startswith("/sign-in"):
        return "sign in"
    names = {
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
    if cell.who == "signed out":
        return "sign in"
    if cell.who == "stranger":
        return "not found"
    if cell.rule.object in ("account", "note") and not sees(cell.who, cell.where):
        return "not found"
    if not has_right(cell):
        return "not allowed"
    if cell.rule.object == "contact" and not sees(cell.who, cell.where):
        return "not found"
    return "done" if cell.where == "own" or within(cell) else "not found"


def sees(who: str, where: str) -> bool:
    """Whether a member of the firm sees the account."""
    sees_all = who in ("owner", "admin", "accounts.view_all")
    return where == "own" or (where == "unassigned" and sees_all)


def within(cell: Cell) -> bool:
    """Whether an object that is not on an own account is still the firm's."""
    if cell.rule.object == "module":
        return False
    return cell.where == "unassigned"


def has_right(cell: Cell) -> bool:
    """Whether this member has the right that the table names."""
    needed = {EVERYONE: WHO, ADMINS: ("owner", "admin"), OWNER: ("owner",)}.get(
        cell.rule.right, ("owner", "admin", cell.rule.right)
    )
    return cell.who in needed


GUARDS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "signed in": lambda patch: patch.setattr(routing, "_to_sign_in", lambda: ("", 200)),
    "right": lambda patch: patch.setattr(routing, "demand", lambda ctx, right: None),
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


def _of_any_firm(cls, ctx, *columns):  # type: ignore[no-untyped-def]
    from crm_core.store.rows import Row

    return super(Row, cls).select(*columns).bind(ctx.store.database)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("guard", GUARDS)
def test_taking_a_guard_away_makes_the_matrix_fail(
    world: World, guard: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = [cell for endpoint in FIRM_ROUTES for cell in cells_of(world, endpoint)]
    GUARDS[guard](monkeypatch)
    assert any(deviation(world, cell) for cell in cells), f"nobody missed the guard: {guard}"
