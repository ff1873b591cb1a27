"""The command that mends search, and migrating where PostgreSQL lacks what search needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from crm_core.store.tables import AccountSearchRow
from crm_core.testing.builders import an_account, as_owner
from crm_core.testing.postgres import OWNER, SERVING, PostgresServer
from tests.web.commands import Crm

if TYPE_CHECKING:
    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store
    from web.settings import Settings


def test_search_is_mended_and_it_says_how_much(
    settings: Settings, store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        an_account(ctx, "Bakery")
        AccountSearchRow.remove(ctx).execute()
    crm = Crm(settings)
    assert crm("search", "rebuild").out == "acme: 1 mended\n"
    assert crm("search", "rebuild", "--firm", "acme").out == "acme: 0 mended\n"


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
def test_migrating_without_the_right_to_create_extensions_says_what_to_do(
    settings: Settings, postgres_server: PostgresServer
) -> None:
    name = postgres_server.new_database()
    postgres_server.execute(f'ALTER DATABASE "{name}" OWNER TO postgres')
    postgres_server.execute(f"GRANT ALL ON SCHEMA public TO {OWNER}", name)
    crm = Crm(
        evolve(
            settings,
            database_url=postgres_server.url(name, SERVING),
            owner_url=postgres_server.url(name, OWNER),
        )
    )
    said = crm("migrate")
    assert said.code == 2
    assert said.error.count("\n") == 1
    assert "CREATE EXTENSION pg_trgm" in said.error
    for extension in ("pg_trgm", "btree_gin"):
        postgres_server.execute(f"CREATE EXTENSION {extension}", name)
    assert crm("migrate").code == 0
    postgres_server.drop_database(name)
