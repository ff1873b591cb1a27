"""Every statement on a firm's rows says which firm's: recorded while all pages are used."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.contract.expected import FILLED, FIRM_ROUTES
from tests.contract.test_forms import posting, url_of

if TYPE_CHECKING:
    from tests.contract.world import World

LEAST_STATEMENTS, LEAST_TABLES = 300, 14
_TABLE = re.compile(r'(?:FROM|JOIN|UPDATE|INTO)\s+"?(\w+)"?', re.IGNORECASE)


def test_every_statement_names_the_firm_whose_rows_it_means(world: World) -> None:
    owned = _tables_of_firms(world)
    statements: list[str] = []
    database = world.deployment.store.database
    execute = database.execute_sql

    def recorded(sql: str, *arguments: Any, **more: Any) -> Any:
        statements.append(sql)
        return execute(sql, *arguments, **more)

    client = world.client("owner")
    addresses = [(endpoint, url_of(world, endpoint)) for endpoint in FIRM_ROUTES]
    database.execute_sql = recorded
    try:
        for endpoint, url in addresses:
            client.get(url)
            if endpoint in posting(world) and endpoint != "shell.settings_team_hand_over":
                client.post(url, data={**FILLED.get(endpoint, {}), "_once": world.key()})
        client.get("/")
    finally:
        del database.execute_sql
    met = {table for sql in statements for table in _TABLE.findall(sql)} & owned
    forgetful = [
        sql for sql in statements if set(_TABLE.findall(sql)) & owned and "firm_id" not in sql
    ]
    print(f"{len(statements)} statements, {len(met)} tables of firms")
    assert not forgetful
    assert len(statements) >= LEAST_STATEMENTS
    assert len(met) >= LEAST_TABLES


def test_a_page_costs_the_same_number_of_statements_for_one_row_and_for_many(
    world: World,
) -> None:
    from crm_core.links import link_contact
    from crm_core.testing.builders import a_contact, as_owner
    from plugins.notes.actions import write_note
    from plugins.notes.forms import NewNote

    account = world.accounts["own"]
    pages = [f"/f/{world.here.slug}/accounts/{account.public_id}{tab}" for tab in ("", "/info")]
    client = world.client("owner")
    few = [_count(world, client, page) for page in pages]
    with as_owner(world.deployment.store, world.deployment.catalog, world.here) as ctx:
        for number in range(30):
            link_contact(ctx, account, a_contact(ctx, "Carl", f"c{number}@x.example"))
            write_note(ctx, account, NewNote(text=f"Note {number}"))
    assert [_count(world, client, page) for page in pages] == few


def _count(world: World, client: Any, page: str) -> int:
    database, count = world.deployment.store.database, 0
    execute = database.execute_sql

    def counted(*arguments: Any, **more: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*arguments, **more)

    database.execute_sql = counted
    try:
        assert client.get(page).status_code == 200
    finally:
        del database.execute_sql
    return count


def _tables_of_firms(world: World) -> set[str]:
    from crm_core.store.tables import CORE_TABLES

    plugins = [table.value.row for table in world.deployment.catalog.everything.tables]
    return {
        row._meta.table_name for row in (*CORE_TABLES, *plugins) if "firm_id" in row._meta.fields
    }
