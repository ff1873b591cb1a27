"""PostgreSQL's second lock: the serving role reaches the rows of the firm that is set alone."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg
import pytest

from crm_core.refusals import Refused
from crm_core.store.database import open_postgres
from crm_core.store.migrating import check_serving_role
from crm_core.testing.builders import a_firm, an_account, as_owner
from crm_core.testing.postgres import OWNER, SERVING, PostgresServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store
    from web.settings import Settings

UNGUARDED = [
    ("account_search",),
    ("contact_search",),
    ("documents_name_search",),
    ("documents_text_search",),
]
"""Under a policy PostgreSQL may not use their index; `test_search` shows that no query reads
another firm's rows, and what is shown comes from guarded tables."""

pytestmark = pytest.mark.parametrize("engine", ["postgres"], indirect=True)


@pytest.fixture
def name(settings: Settings) -> str:
    return urlsplit(settings.database_url).path.strip("/")


@pytest.fixture
def serving(settings: Settings) -> Iterator[psycopg.Connection]:
    """A bare connection of the serving role, as an attacker inside it would have."""
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def two(store: Store, catalog: Catalog, firm: Firm) -> tuple[Firm, Firm]:
    other = a_firm(store)
    for each in (firm, other):
        with as_owner(store, catalog, each) as ctx:
            an_account(ctx, f"Of {each.slug}")
    return firm, other


def test_every_table_of_a_firm_is_guarded_and_the_guard_is_forced(
    postgres_server: PostgresServer, name: str, store: Store
) -> None:
    unguarded = postgres_server.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
        "WHERE c.relkind = 'r' AND a.attname = 'firm_id' AND NOT "
        "(c.relrowsecurity AND c.relforcerowsecurity AND EXISTS "
        "(SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd = '*')) "
        "ORDER BY c.relname",
        name,
    )
    assert unguarded == UNGUARDED


def test_without_a_firm_there_are_no_rows(
    two: tuple[Firm, Firm], serving: psycopg.Connection
) -> None:
    assert serving.execute("SELECT count(*) FROM account").fetchone() == (0,)


def test_with_a_firm_there_are_its_rows_alone(
    two: tuple[Firm, Firm], serving: psycopg.Connection
) -> None:
    ours, theirs = two
    with serving.transaction():
        serving.execute("SELECT set_config('crm.firm', %s, true)", (str(ours.id),))
        assert serving.execute("SELECT name FROM account").fetchall() == [(f"Of {ours.slug}",)]
        changed = serving.execute("UPDATE account SET company_name = 'x'").rowcount
        assert changed == 1
        gone = serving.execute("DELETE FROM once WHERE firm_id = %s", (theirs.id,)).rowcount
        assert gone == 0


def test_a_row_of_another_firm_can_neither_be_added_nor_moved_there(
    two: tuple[Firm, Firm], serving: psycopg.Connection
) -> None:
    ours, theirs = two
    for statement in (
        "INSERT INTO counter (firm_id, name, last) VALUES (%s, 'x', 1)",
        "UPDATE counter SET firm_id = %s",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), serving.transaction():
            serving.execute("SELECT set_config('crm.firm', %s, true)", (str(ours.id),))
            serving.execute(statement, (theirs.id,))


def test_the_firm_does_not_leak_through_the_pool(two: tuple[Firm, Firm], store: Store) -> None:
    ours, _ = two
    with store.firm_transaction(ours.id, write=False):
        pass
    with store.deployment_transaction(write=False):
        found = store.database.execute_sql("SELECT count(*) FROM account").fetchone()
    assert found == (0,)


def test_a_person_reads_their_own_memberships_and_changes_none(
    two: tuple[Firm, Firm], store: Store, serving: psycopg.Connection
) -> None:
    with serving.transaction():
        serving.execute("SELECT set_config('crm.person', '1', true)")
        seen = serving.execute("SELECT DISTINCT person_id FROM member").fetchall()
        assert seen == [(1,)]
        assert serving.execute("UPDATE member SET name = 'x'").rowcount == 0


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "ALTER TABLE account DISABLE ROW LEVEL SECURITY",
        "DROP POLICY rows_of_the_firm ON account",
        "DROP TABLE account",
        "SET ROLE crm_owner",
        "TRUNCATE audit_entry",
    ],
)
def test_the_serving_role_cannot_open_the_lock(serving: psycopg.Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        serving.execute(statement.encode())


def test_a_role_that_may_bypass_the_lock_is_refused(
    postgres_server: PostgresServer, name: str, store: Store
) -> None:
    check_serving_role(store)
    postgres_server.execute("DROP ROLE IF EXISTS crm_bypassing")
    postgres_server.execute("CREATE ROLE crm_bypassing LOGIN BYPASSRLS")
    roles = (("postgres", "superuser"), ("crm_bypassing", "BYPASSRLS"), (OWNER, "table owner"))
    for role, reason in roles:
        opened = open_postgres(postgres_server.url(name, role))
        with pytest.raises(Refused, match=reason):
            check_serving_role(opened)
        opened.close()
    assert SERVING not in dict(roles)
