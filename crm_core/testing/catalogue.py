"""What a database is made of: one line for each thing, and its references and indexes by parts."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path


@frozen(kw_only=True)
class Reference:
    """A foreign key. `rest` is what else it says: when it is checked, what a deletion does."""

    table: str
    columns: tuple[str, ...]
    target: str
    to: tuple[str, ...]
    rest: str

    def __str__(self) -> str:
        return f"{self.table} {self.columns} -> {self.target} {self.to} {self.rest}"


@frozen(kw_only=True)
class Index:
    """An index; `primary` where it is the table's key. `rest` holds its order and condition.

    Its name says nothing: peewee makes it of the name of a class, which a migration has its own of.
    """

    table: str
    columns: tuple[str, ...]
    unique: bool
    primary: bool
    rest: str

    def __str__(self) -> str:
        kind = "primary" if self.primary else "unique" if self.unique else "plain"
        return f"{self.table} {kind} {self.columns} {self.rest}"


@define
class Catalogue:
    """A database's tables, columns, references, indexes, rules (checks, triggers) and guards."""

    columns: dict[str, dict[str, str]] = field(factory=dict)
    references: set[Reference] = field(factory=set)
    indexes: set[Index] = field(factory=set)
    rules: set[str] = field(factory=set)
    guards: set[str] = field(factory=set)

    @property
    def firm_tables(self) -> set[str]:
        """The tables whose rows belong to a firm."""
        return {table for table, columns in self.columns.items() if "firm_id" in columns}

    def lines(self) -> dict[str, set[str]]:
        """Everything by its kind, one line for each thing."""
        return {
            "tables": set(self.columns),
            "columns": {
                f"{table}.{name} {rest}"
                for table, columns in self.columns.items()
                for name, rest in columns.items()
            },
            "references": {str(reference) for reference in self.references},
            "indexes": {str(index) for index in self.indexes},
            "rules": self.rules,
            "guards": self.guards,
        }

    def only(self, tables: Collection[str]) -> Catalogue:
        """The part that is about these tables."""
        return Catalogue(
            columns={name: found for name, found in self.columns.items() if name in tables},
            references={reference for reference in self.references if reference.table in tables},
            indexes={index for index in self.indexes if index.table in tables},
            rules={rule for rule in self.rules if rule.partition(" ")[0] in tables},
            guards={guard for guard in self.guards if guard.partition(" ")[0] in tables},
        )

    def differences(self, other: Catalogue) -> list[str]:
        """What one has and the other lacks, by kind."""
        mine, theirs = self.lines(), other.lines()
        return [f"{kind}: {line}" for kind in mine for line in sorted(mine[kind] ^ theirs[kind])]


def of_sqlite(path: Path) -> Catalogue:
    """The catalogue of a SQLite file, but for the histories of migrations."""
    found = Catalogue()
    with closing(sqlite3.connect(path)) as connection:
        master = connection.execute(
            "SELECT type, name, tbl_name, sql FROM sqlite_master"
        ).fetchall()
        virtual = {name for _, name, _, sql in master if (sql or "").startswith("CREATE VIRTUAL")}
        for kind, name, table, sql in master:
            if name in virtual:
                found.rules.add(sql)
                continue
            # What a virtual table is made of inside belongs to the engine.
            if table.startswith(("migration_", "sqlite_")) or table.rpartition("_")[0] in virtual:
                continue
            if kind == "table":
                _add_sqlite_table(connection, table, sql, found)
            elif kind == "trigger":
                found.rules.add(f"{table} {name} {sql}")
    return found


def _add_sqlite_table(connection: Any, table: str, sql: str, found: Catalogue) -> None:
    columns = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
    found.columns[table] = {
        name: f"{kind} notnull={notnull} default={default}"
        for _, name, kind, notnull, default, _ in columns
    }
    key = sorted((place, name) for _, name, _, _, _, place in columns if place)
    found.indexes.add(
        Index(
            table=table, columns=tuple(n for _, n in key), unique=True, primary=True, rest="rowid"
        )
    )
    found.rules |= {f"{table} {check}" for check in re.findall(r"CHECK \([^)]*\)+", sql)}
    if "AUTOINCREMENT" in sql:
        found.rules.add(f"{table} AUTOINCREMENT")
    _add_sqlite_references(connection, table, sql, found)
    _add_sqlite_indexes(connection, table, found)


def _add_sqlite_references(connection: Any, table: str, sql: str, found: Catalogue) -> None:
    keys: dict[int, list[Any]] = {}
    for row in connection.execute(f'PRAGMA foreign_key_list("{table}")'):
        keys.setdefault(row[0], []).append(row)
    for rows in keys.values():
        rows.sort(key=lambda row: row[1])
        columns, to = tuple(row[3] for row in rows), tuple(row[4] for row in rows)
        quoted = ", ".join(f'"{column}"' for column in columns)
        text = sql.partition(f"FOREIGN KEY ({quoted})")[2]
        deferred = re.match(r"[^()]*\([^)]*\)[^,()]*DEFERR", text) is not None
        rest = f"update={rows[0][5]} delete={rows[0][6]} deferred={deferred}"
        found.references.add(
            Reference(table=table, columns=columns, target=rows[0][2], to=to, rest=rest)
        )


def _add_sqlite_indexes(connection: Any, table: str, found: Catalogue) -> None:
    for _, name, unique, origin, _ in connection.execute(
        f'PRAGMA index_list("{table}")'
    ).fetchall():
        parts = [r for r in connection.execute(f'PRAGMA index_xinfo("{name}")') if r[5]]
        sql = "SELECT sql FROM sqlite_master WHERE name = ?"
        text = connection.execute(sql, (name,)).fetchone()[0] or ""
        found.indexes.add(
            Index(
                table=table,
                columns=tuple(str(part[2]) for part in parts),
                unique=bool(unique),
                primary=origin == "pk",
                rest=f"{[part[3:5] for part in parts]} {text.partition(' WHERE ')[2]}",
            )
        )


def of_postgres(connection: Any) -> Catalogue:
    """The catalogue of a PostgreSQL database as a superuser's connection sees it."""
    found = Catalogue()

    def rows(name: str) -> Iterable[tuple[Any, ...]]:
        statement = _POSTGRES[name].replace("OURS", _OURS)
        found_rows: list[tuple[Any, ...]] = connection.execute(statement).fetchall()
        return found_rows

    for table, name, *rest in rows("columns"):
        found.columns.setdefault(table, {})[name] = " ".join(map(str, rest))
    for table, columns, target, to, rest in rows("references"):
        found.references.add(
            Reference(table=table, columns=tuple(columns), target=target, to=tuple(to), rest=rest)
        )
    for table, columns, unique, primary, rest in rows("indexes"):
        found.indexes.add(
            Index(table=table, columns=tuple(columns), unique=unique, primary=primary, rest=rest)
        )
    found.rules = {" ".join(map(str, row)) for row in rows("rules")}
    found.guards = {" ".join(map(str, row)) for row in rows("guards")}
    return found


_OURS = "c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE 'migration%'"
_NAMES = """ARRAY(SELECT a.attname::text FROM unnest({numbers}) WITH ORDINALITY k(number, place)
    JOIN pg_attribute a ON a.attrelid = {table} AND a.attnum = k.number ORDER BY k.place)"""
_POSTGRES = {
    "columns": """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
            a.attidentity, pg_get_expr(d.adbin, d.adrelid)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND OURS""",
    "references": f"""
        SELECT c.relname, {_NAMES.format(numbers="o.conkey", table="o.conrelid")}, t.relname,
            {_NAMES.format(numbers="o.confkey", table="o.confrelid")},
            o.conname || ' ' || pg_get_constraintdef(o.oid)
        FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
        JOIN pg_class t ON t.oid = o.confrelid WHERE o.contype = 'f' AND OURS""",
    "indexes": f"""
        SELECT c.relname, {_NAMES.format(numbers="i.indkey::int2[]", table="c.oid")},
            i.indisunique, i.indisprimary,
            regexp_replace(pg_get_indexdef(i.indexrelid), 'INDEX \\S+ ON', 'INDEX ON')
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE OURS""",
    "rules": """
        SELECT c.relname, o.conname, pg_get_constraintdef(o.oid) FROM pg_constraint o
        JOIN pg_class c ON c.oid = o.conrelid WHERE o.contype IN ('c', 'u', 'x') AND OURS
        UNION ALL SELECT c.relname, t.tgenabled::text, pg_get_triggerdef(t.oid) || p.prosrc
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
        WHERE NOT t.tgisinternal AND OURS""",
    "guards": """
        SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, p.polname, p.polcmd,
            p.polpermissive, p.polroles::text, pg_get_expr(p.polqual, p.polrelid),
            pg_get_expr(p.polwithcheck, p.polrelid)
        FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid
        WHERE c.relkind = 'r' AND OURS""",
}
