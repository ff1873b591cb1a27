"""Everything that is kept of one account, as one archive in open formats (EXP-2).

Which rows are an account's is not listed anywhere: a row is, if it names the account, or refers to
one that is. So what a plugin keeps is taken along from the day on which the plugin arrives.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import peewee
from attrs import field, frozen

from crm_core import audit, events
from crm_core.files import clean_name, files_of
from crm_core.permissions import MANAGE_ACCOUNTS, demand
from crm_core.store.client_rows import (
    AccountRow,
    AddressSettingRow,
    AssignmentRow,
    ContactDetailRow,
    ContactEmailRow,
    ContactRow,
    LinkRow,
)
from crm_core.store.custom_rows import CustomFieldRow, CustomValueRow
from crm_core.store.firm_rows import MemberRow
from crm_core.store.notice_rows import NoticeWishRow
from crm_core.store.role_rows import AccountRoleRow, RoleHolderRow
from crm_core.store.schema import References
from crm_core.store.tag_rows import AccountTagRow, TagRow
from crm_core.zipped import zipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from crm_core.accounts import Account
    from crm_core.context import Context
    from crm_core.file_values import StoredFile

FORMAT = 1
"""The version of the format, which `contents.json` says."""

OF_THE_CORE = (
    AccountRow,
    AssignmentRow,
    RoleHolderRow,
    AccountTagRow,
    LinkRow,
    ContactRow,
    ContactEmailRow,
    ContactDetailRow,
    AddressSettingRow,
    NoticeWishRow,
    CustomValueRow,
)
"""The core's own tables that say something of an account and its contacts."""

NAMED_BY: Mapping[Any, tuple[Any, str]] = {
    CustomFieldRow: (CustomValueRow, "field_id"),
    TagRow: (AccountTagRow, "tag_id"),
    AccountRoleRow: (RoleHolderRow, "role_id"),
}
"""The firm's own words, of which those go along that rows of the account refer to."""

README = """\
Everything that was kept of one client.

contents.json   what is here: tables with their columns and rows, files with their hashes
rows/           a file for each table; each line is a row, as a JSON object
history.jsonl   what happened, and who did it; the last comes first
files/          the client's files, in their folders

Moments are in UTC, as ISO 8601 says; texts are UTF-8, and bytes are base64. A column that ends
with _id holds the key, named id, of a row in another table.
"""

_AT_ONCE = 500


@frozen(kw_only=True)
class Taken:
    """An account as an archive: its name, its bytes as they are made, and what is in it."""

    name: str
    chunks: Iterator[bytes] = field(repr=False)
    rows: int
    files: int


class Lines:
    """Rows as lines of JSON, kept small until they are read."""

    def __init__(self) -> None:
        self.count = 0
        self._smaller = zlib.compressobj(1)
        self._pieces: list[bytes] = []

    def add(self, values: Mapping[str, Any]) -> None:
        """Adds a line."""
        line = json.dumps(values, ensure_ascii=False, default=_as_json).encode() + b"\n"
        self._pieces.append(self._smaller.compress(line))
        self.count += 1

    def chunks(self) -> Iterator[bytes]:
        """All lines; to be read once, when the last is there."""
        larger = zlib.decompressobj()
        for piece in (*self._pieces, self._smaller.flush()):
            yield larger.decompress(piece)


def take_account(ctx: Context, account: Account) -> Taken:
    """Everything that is kept of the account; for whoever may manage accounts."""
    demand(ctx, MANAGE_ACCOUNTS)
    texts: dict[str, Lines] = {}
    tables: dict[str, dict[str, Any]] = {}
    for row, query in _queries(ctx, account.id):
        name = row._meta.table_name
        texts[f"rows/{name}.jsonl"], tables[name] = _written(query, _columns(row))
    texts["history.jsonl"] = _history(ctx, account)
    files = files_kept(ctx, account)
    contents = {
        "format": FORMAT,
        "firm": ctx.firm.name,
        "client": {"number": account.number, "name": account.name},
        "taken": ctx.now.isoformat(),
        "taken_by": ctx.viewer.name,
        "tables": tables,
        "files": {
            path: {"size": one.size, "kind": one.kind, "sha256": one.blob.sha256}
            for path, one in files.items()
        },
    }
    said = json.dumps(contents, ensure_ascii=False, indent=1).encode()
    plain = [("README.txt", [README.encode()]), ("contents.json", [said])]
    lines = [(path, one.chunks()) for path, one in texts.items()]
    return Taken(
        name=f"{clean_name(account.name)} {account.number}.zip",
        chunks=zipped(ctx.store, files.items(), [*plain, *lines]),
        rows=sum(table["rows"] for table in tables.values()),
        files=len(files),
    )


def note_taken(ctx: Context, account: Account) -> None:
    """Notes in the history that somebody has all of it now, and how much that is."""
    demand(ctx, MANAGE_ACCOUNTS)
    rows = sum(query.count() for _row, query in _queries(ctx, account.id))
    after = {"rows": rows, "files": len(files_kept(ctx, account))}
    audit.record(ctx, events.ACCOUNT_TAKEN, account_id=account.id, after=after)


def files_kept(ctx: Context, account: Account) -> Mapping[str, StoredFile]:
    """The account's files by their paths in the archive, as the modules name them."""
    named: dict[str, int] = {}
    for dataset in ctx.catalog.everything.datasets:
        if dataset.value.files is not None:
            for path, key in dataset.value.files(ctx, account):
                named[f"files/{dataset.plugin}/{path}"] = key
    known: dict[int, StoredFile] = {}
    for some in peewee.chunked(named.values(), _AT_ONCE):
        known |= files_of(ctx, some)
    return {path: known[key] for path, key in named.items() if key in known}


def tables_taken(ctx: Context) -> Sequence[Any]:
    """The row classes of which something is taken along, where an account has any."""
    return [row for row, _query in _queries(ctx, 0)]


def _queries(ctx: Context, account_id: int) -> Iterator[tuple[Any, Any]]:
    """Each table with the rows of it that are the account's."""
    of_plugins = [table.value.row for table in ctx.catalog.everything.tables]
    wanted = [row for row in of_plugins if not (row.SEARCHED or row.DERIVED)]
    known = {row._meta.table_name: row for row in (*OF_THE_CORE, *wanted)}
    for row in known.values():
        mine = _mine(ctx, row, account_id, known)
        if mine is not None:
            yield row, row.of(ctx, *_columns(row)).where(mine)
    for row, (by, column) in NAMED_BY.items():
        used = by.of(ctx, by._meta.fields[column]).where(by.account_id == account_id)
        yield row, row.of(ctx, *_columns(row)).where(row.id.in_(used))
    yield MemberRow, MemberRow.of(ctx, *_columns(MemberRow))


def _mine(ctx: Context, row: Any, account_id: int, known: Mapping[str, Any]) -> Any:
    """What is true of the rows that are the account's; None where the table has none."""
    contacts = LinkRow.of(ctx, LinkRow.contact_id).where(LinkRow.account_id == account_id)
    of_contacts = CustomValueRow.contact_id.in_(contacts)
    special = {
        AccountRow: AccountRow.id == account_id,
        ContactRow: ContactRow.id.in_(contacts),
        CustomValueRow: (CustomValueRow.account_id == account_id) | of_contacts,
    }
    if row in special:
        return special[row]
    if "account_id" in row._meta.fields:
        return row.account_id == account_id
    for reference in row._meta.constraints or ():
        parent = known.get(reference.table) if isinstance(reference, References) else None
        if parent is None or parent is row:
            continue
        above = _mine(ctx, parent, account_id, known)
        if above is not None:
            column, key = reference.columns[1], reference.to[1]
            keys = parent.of(ctx, parent._meta.fields[key]).where(above)
            return row._meta.fields[column].in_(keys)
    return None


def _columns(row: Any) -> list[Any]:
    """All but the firm's key and what only finds or sorts rows; of colleagues the names alone."""
    if row is MemberRow:
        return [MemberRow.id, MemberRow.name]
    return [
        one
        for name, one in row._meta.fields.items()
        if name not in ("firm_id", "public_id") and not name.endswith(("_key", "sort_name"))
    ]


def _written(query: Any, columns: Sequence[Any]) -> tuple[Lines, dict[str, Any]]:
    lines, names = Lines(), [one.name for one in columns]
    for values in query.tuples().iterator():
        lines.add(dict(zip(names, values, strict=True)))
    return lines, {"rows": lines.count, "columns": names}


def _history(ctx: Context, account: Account) -> Lines:
    lines = Lines()
    before: int | None = None
    while True:
        page = audit.history(ctx, account_id=account.id, before=before, size=_AT_ONCE)
        for one in page.entries:
            told = {"before": one.before, "after": one.after}
            who = {"who": one.who, "address": one.address, "browser": one.browser}
            lines.add({"at": one.at, "event": one.event, **who, **told})
        if page.before is None:
            return lines
        before = page.before


def _as_json(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} has no place in what is taken along")
