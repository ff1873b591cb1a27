"""Whether a plugin keeps to the contract, as far as the core alone can see: plain findings.

`web.testing` asks the rest, which needs pages.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
from attrs import frozen

from crm_core.catalog import contributions_of
from crm_core.contributions import FieldOf, Place, Scope
from crm_core.loading import PREFIXES
from crm_core.notification_types import Audience, MailWish
from crm_core.permissions import CORE_PERMISSIONS, PUBLIC, Permission
from crm_core.search_and_lists import ListOf
from crm_core.store.database import open_sqlite
from crm_core.store.engines import SQLITE_FILE
from crm_core.store.rows import FirmRow
from crm_core.store.schema import create_tables
from crm_core.store.tables import CORE_TABLES
from crm_core.testing.catalogue import Catalogue, of_sqlite
from crm_core.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crm_core.catalog import Catalog, Installed

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")

TYPES: dict[str, Any] = {
    "Words": Words,
    "str": str,
    "int": int,
    "float": (int, float),
    "bool": bool,
    "Permission": Permission,
    "Place": Place,
    "Scope": Scope,
    "ListOf": ListOf,
    "FieldOf": FieldOf,
    "Audience": Audience,
    "MailWish": MailWish,
}
"""What the fields of contributions may hold, by what the contract calls it."""


@frozen(kw_only=True)
class Checked:
    """One thing that was looked at: how many of it there were, and a sentence for each fault."""

    what: str
    met: int
    findings: tuple[str, ...] = ()


def checked(what: str, met: int, findings: Iterable[str]) -> Checked:
    """What was looked at, with all that was found."""
    return Checked(what=what, met=met, findings=tuple(findings))


def check_declarations(plugin: Installed, catalog: Catalog) -> Iterator[Checked]:
    """What the plugin says of itself and answers to the hooks."""
    answers = [
        (hook, contributed.value)
        for hook, found in contributions_of([plugin]).items()
        for contributed in found
    ]
    yield checked("manifest", 1, _of_manifest(plugin))
    values = [value for _hook, value in answers]
    yield checked("answers to hooks", len(values), (f for v in values for f in _of_types(v)))
    yield checked("names", len(answers), (f for h, v in answers for f in _of_name(plugin, h, v)))
    needing = [value for value in values if hasattr(value, "needs")]
    known = _rights_of(plugin, catalog)
    yield checked(
        "rights",
        len(needing),
        (
            f"{value.name} needs the right {value.needs.name}, which nobody brings: "
            "answer it from the hook permissions"
            for value in needing
            if value.needs not in known
        ),
    )


def check_tables(
    plugin: Installed, catalog: Catalog, migrated: Path, folder: Path
) -> Iterator[Checked]:
    """The plugin's tables: in a dataset, of the firm, and made by migrations as the rows say.

    `migrated` is a database that was migrated with it; `folder` is an empty one.
    """
    rows = [contributed.value.row for contributed in contributions_of([plugin])["models"]]
    tables = {row._meta.table_name for row in rows}
    said = [
        table
        for contributed in contributions_of([plugin])["datasets"]
        for table in contributed.value.tables
    ]
    findings = [f"the table {name} stands in no dataset" for name in sorted(tables - set(said))]
    findings += [f"a dataset names {n}, which is no table" for n in sorted(set(said) - tables)]
    findings += [f"{n} stands in two datasets" for n in sorted(tables) if said.count(n) > 1]
    yield checked("datasets", len(said), findings)
    found = of_sqlite(migrated).only(tables)
    yield checked("tables of the firm", len(tables), _of_firm(rows, found))
    others = [table.value.row for table in catalog.everything.tables]
    store = open_sqlite(folder)
    create_tables(store.database, [*CORE_TABLES, *others])
    store.close()
    declared = of_sqlite(folder / SQLITE_FILE).only(tables)
    lines = sum(len(kind) for kind in declared.lines().values())
    yield checked(
        "migrations",
        lines,
        (
            f"migrations and rows differ in {line}: write a migration that makes what the rows say"
            for line in found.differences(declared)
        ),
    )


def _of_manifest(plugin: Installed) -> Iterator[str]:
    manifest, folder = plugin.manifest, Path(str(plugin.module.__file__)).parent
    for name in ("title", "description"):
        words = getattr(manifest, name)
        if not isinstance(words, Words):
            yield f'the manifest\'s {name} is no text of a catalogue: say _("...")'
        elif not str(words).strip():
            yield f"the manifest's {name} is empty"
        elif words.domain != manifest.name:
            yield f'the texts are those of {words.domain}: say _ = words_of("{manifest.name}")'
    if not re.match(r"\d+(\.\d+)*", manifest.version):
        yield f"the version {manifest.version} is no number such as 1.0"
    has_rows = bool(contributions_of([plugin])["models"])
    if has_rows and not manifest.migrations:
        yield 'it has tables and names no migrations: say migrations="migrations"'
    if manifest.migrations and not list((folder / manifest.migrations).glob("[0-9]*.py")):
        yield f"the folder {manifest.migrations} beside the module holds no numbered migration"


def _of_types(value: Any) -> Iterator[str]:
    for field in attrs.fields(type(value)):
        held, wanted = getattr(value, field.name), str(field.type)
        name = f"{type(value).__name__} {getattr(value, 'name', '')}".strip()
        if wanted in TYPES and not isinstance(held, TYPES[wanted]):
            yield f"{name}: {field.name} is a {type(held).__name__}, not a {wanted}"
        elif wanted.startswith("Callable") and "None" not in wanted and not callable(held):
            yield f"{name}: {field.name} cannot be called"
        elif isinstance(held, Words) and not _can_be_said(held):
            yield f"{name}: {field.name} lacks what stands for a part of it"


def _can_be_said(words: Words) -> bool:
    try:
        return bool(str(words))
    except (KeyError, IndexError, ValueError):
        return False


def _of_name(plugin: Installed, hook: str, value: Any) -> Iterator[str]:
    name = value.row._meta.table_name if hook == "models" else value.name
    bare = name.removeprefix(plugin.name + PREFIXES[hook]) if hook in PREFIXES else name
    if not NAME.match(bare):
        yield f"{hook} {name}: small letters, digits and _ alone"


def _rights_of(plugin: Installed, catalog: Catalog) -> set[Permission]:
    reachable = [catalog.installed[name] for name in plugin.manifest.requires] + [plugin]
    brought = contributions_of(reachable)["permissions"]
    return {PUBLIC, *CORE_PERMISSIONS, *(contributed.value for contributed in brought)}


def _of_firm(rows: Sequence[Any], found: Catalogue) -> Iterator[str]:
    for row in rows:
        name = row._meta.table_name
        if not (isinstance(row, type) and issubclass(row, FirmRow)):
            yield f"{name}: its row is no FirmRow, so nothing keeps firms apart"
    keyed = {i.table for i in found.indexes if i.unique and i.columns[:1] == ("firm_id",)}
    held = {(r.table, column) for r in found.references for column in r.columns}
    for name, columns in sorted(found.columns.items()):
        if "firm_id" not in columns:
            yield f"{name} has no firm_id"
            continue
        if name not in keyed:
            yield f"{name}: no unique index begins with firm_id"
        for column in sorted(columns):
            if column.endswith("_id") and column != "public_id" and (name, column) not in held:
                yield f'{name}.{column} refers to nothing: add References(("firm_id", "{column}"))'
    for reference in found.references:
        to_firm = (reference.columns, reference.target) == (("firm_id",), "firm")
        within = reference.columns[0] == "firm_id" and len(reference.columns) > 1
        if not (to_firm or within):
            yield f"{reference.table} {reference.columns} leaves the firm: begin with firm_id"
