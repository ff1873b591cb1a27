"""Migrations: numbered files of the core, the shell and each plugin, applied in that order."""

from __future__ import annotations

import graphlib
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from attrs import frozen
from playhouse.migrations import Runner

from crm_core.refusals import Refused
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crm_core.catalog import Catalog
    from crm_core.store.database import Store

CORE_MIGRATIONS = Path(__file__).parent / "migrations"


@frozen(kw_only=True)
class MigrationFolder:
    """Whose migrations, and where the files are. Each owner has a history table of its own."""

    owner: str
    path: Path


def migration_folders(
    catalog: Catalog, shell: Sequence[MigrationFolder]
) -> Sequence[MigrationFolder]:
    """All folders in the order of applying: what a plugin requires comes before it."""
    order = graphlib.TopologicalSorter(
        {name: plugin.manifest.requires for name, plugin in sorted(catalog.installed.items())}
    ).static_order()
    folders = [MigrationFolder(owner="core", path=CORE_MIGRATIONS), *shell]
    for name in order:
        plugin = catalog.installed[name]
        if plugin.manifest.migrations:
            beside = Path(str(plugin.module.__file__)).parent
            folders.append(MigrationFolder(owner=name, path=beside / plugin.manifest.migrations))
    return folders


def migrate(store: Store, folders: Iterable[MigrationFolder]) -> Mapping[str, Sequence[str]]:
    """Applies what is pending and answers the applied names by owner; each file is all or nothing.

    The store is the owner's: on PostgreSQL the role that serves may not change tables.
    """
    return {folder.owner: applied for folder in folders if (applied := _runner(store, folder).up())}


def pending(store: Store, folders: Iterable[MigrationFolder]) -> Mapping[str, Sequence[str]]:
    """The names of the migrations that wait to be applied, by owner."""
    found = {}
    for folder in folders:
        waiting = [m.name for m in _runner(store, folder).status() if not m.applied]
        if waiting:
            found[folder.owner] = waiting
    return found


def allow_serving(store: Store, role: str) -> None:
    """Lets the serving role read and change rows on PostgreSQL; it owns and alters nothing."""
    found = store.database.execute_sql("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,))
    if found.fetchone() is None:
        raise Refused(
            _(
                "There is no PostgreSQL role {role}. Create it with: CREATE ROLE {role} LOGIN "
                "NOSUPERUSER NOBYPASSRLS PASSWORD '...'",
                role=role,
            )
        )
    quoted = '"' + role.replace('"', '""') + '"'
    for statement in (
        f"GRANT USAGE ON SCHEMA public TO {quoted}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {quoted}",
    ):
        store.database.execute_sql(statement)


def role_in(url: str) -> str:
    """The role that a `postgresql://` URL signs in as."""
    return unquote(urlsplit(url).username or "")


def check_serving_role(store: Store) -> None:
    """Refuses a role that could see past row-level security: superuser, BYPASSRLS, or an owner."""
    row = store.database.execute_sql(
        "SELECT current_user, r.rolsuper, r.rolbypassrls, "
        "EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'public' AND c.relkind = 'r' AND pg_has_role(c.relowner, 'USAGE')) "
        "FROM pg_roles r WHERE r.rolname = current_user"
    ).fetchone()
    role, superuser, bypass, owner = row
    reasons = [
        word
        for word, true in (("superuser", superuser), ("BYPASSRLS", bypass), ("table owner", owner))
        if true
    ]
    if reasons:
        raise Refused(
            _(
                "The role {role} in DATABASE_URL may bypass row-level security ({reasons}). Serve "
                "with a role of its own, and put the owner's into DATABASE_OWNER_URL.",
                role=role,
                reasons=", ".join(reasons),
            )
        )


def _runner(store: Store, folder: MigrationFolder) -> Runner:
    return Runner(
        store.database, directory=str(folder.path), table_name=f"migration_{folder.owner}"
    )
