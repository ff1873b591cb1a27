"""Every route of the portal x method x client x account; refused means unchanged.

Clients of the account, its second contact, one who was invited and has not accepted, one who was
removed, a client of another account, a client of another firm, and staff.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import frozen

from crm_core.accounts import account_of_row
from crm_core.firm_settings import demand_second_factor
from crm_core.store.tables import AccountRow
from crm_core.testing.builders import as_owner
from tests.conftest import LONG_ON_POSTGRES
from tests.contract.expected import PORTAL_ROUTES
from tests.contract.test_matrix import outcome
from tests.contract.world import CLIENTS, World
from web import settling
from web.links import LOOKED_AT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.snapshots import Snapshots

WHO = ("signed out", "stranger", "owner", "plain", *CLIENTS)
WHERE = ("own", "unassigned", "foreign", "never")
LEAST_CELLS = 400

NOWHERE_TO_GO = ("invited", "removed")
"""Their sessions end with the first thing that they ask for."""

EXPECTED = {
    "signed out": dict.fromkeys(WHERE, "sign in"),
    "invited": dict.fromkeys(WHERE, "sign in"),
    "removed": dict.fromkeys(WHERE, "sign in"),
    "client": {"own": "done"},
    "second contact": {"own": "done"},
    "client of another": {"unassigned": "done"},
}
"""What each gets; where nothing stands the account is as one that never was."""


@frozen
class Cell:
    """One question: may this one do this on that account?"""

    endpoint: str
    method: str
    who: str
    where: str

    @property
    def wanted(self) -> str:
        """What the table says."""
        if self.endpoint.endswith(LOOKED_AT):
            return "sign in" if self.who == "signed out" else "not found"
        return EXPECTED.get(self.who, {}).get(self.where, "not found")


@LONG_ON_POSTGRES
def test_every_cell_of_the_portal_answers_as_the_table_says(
    world: World, snapshots: Snapshots
) -> None:
    cells = list(cells_of(world))
    harmless = [cell for cell in cells if cell.method != "POST" or cell.wanted != "done"]
    for cell in cells:
        world.client(cell.who)
        path_to(world, cell)
    quiet = [cell for cell in harmless if cell.who not in NOWHERE_TO_GO]
    before = snapshots.digest()
    wrong = [cell for cell in quiet if answer_to(world, cell) != cell.wanted]
    assert snapshots.digest() == before, "a request that reads or is refused changed something"
    wrong += [c for c in harmless if c not in quiet and answer_to(world, c) != c.wanted]
    assert not wrong, wrong[:10]
    for cell in cells:
        if cell not in harmless:
            assert answer_to(world, cell) == cell.wanted, cell
            world.restore()
    print(f"{len(cells)} cells of the portal, 0 deviations")
    assert len(cells) >= LEAST_CELLS


def test_a_firm_that_demands_a_second_factor_of_clients_opens_no_portal_without(
    world: World,
) -> None:
    with as_owner(world.deployment.store, world.deployment.catalog, world.here) as ctx:
        demand_second_factor(ctx, demanded=False, of_clients=True)
    for cell in cells_of(world):
        if cell.wanted == "done":
            assert answer_to(world, cell) == "second factor", cell


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_taking_the_guard_of_accounts_away_makes_the_matrix_fail(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def any_account(ctx, public_id):  # type: ignore[no-untyped-def]
        return account_of_row(AccountRow.of(ctx).where(AccountRow.public_id == public_id).get())

    monkeypatch.setattr(settling, "account_of_client", any_account)
    cell = Cell("shell.portal", "GET", "client", "unassigned")
    assert answer_to(world, cell) != cell.wanted


def cells_of(world: World) -> Iterator[Cell]:
    for rule in world.app.url_map.iter_rules():
        if rule.endpoint.removesuffix(LOOKED_AT) in PORTAL_ROUTES:
            for method in sorted({"GET", "HEAD", "POST"} & (rule.methods or set())):
                for who in WHO:
                    for where in WHERE:
                        yield Cell(rule.endpoint, method, who, where)


def answer_to(world: World, cell: Cell) -> str:
    """The kind of answer. Who has nowhere to go is signed out by it, and signs in again."""
    url = world.address(cell.endpoint, path_to(world, cell))
    answer = world.client(cell.who).open(url, method=cell.method, data={"_once": world.key()})
    if cell.wanted == "sign in" and cell.who != "signed out":
        world.clients.pop(cell.who)
    return outcome(answer.status_code, answer.headers.get("Location", ""))


def path_to(world: World, cell: Cell) -> dict[str, str]:
    """What stands in the path; what is changed is a fresh object each time."""
    endpoint = cell.endpoint.removesuffix(LOOKED_AT)
    fresh = cell.method == "POST" and cell.wanted == "done"
    path = world.in_portal(endpoint, cell.where, cell.who, fresh=fresh)
    return {**path, "looked_at": "1"} if cell.endpoint.endswith(LOOKED_AT) else path
