"""Reading a statement: of which tables does it reach rows without saying whose firm's they are?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Set

_NAME = r'"?(\w+)"?'
_TABLE = re.compile(
    rf"(?:\bFROM|\bJOIN|\bUPDATE(?! SET)|\bINTO|,)\s+{_NAME}(?:\s+AS\s+{_NAME})?", re.IGNORECASE
)
_INSERT = re.compile(
    rf"\s*INSERT\s+(?:OR\s+IGNORE\s+)?INTO\s+{_NAME}\s*\(\s*{_NAME}", re.IGNORECASE
)
_FIRM = r'(?:"?(\w+)"?\.)?"?firm_id"?'
_BOUND = re.compile(rf"{_FIRM}\s*=\s*(?:CAST\()?(?:%s|\?)")
_EQUAL = re.compile(rf"{_FIRM}\s*=\s*{_FIRM}")


def tables_in(sql: str, owned: Set[str]) -> dict[str, str]:
    """The tables of firms that a statement reaches, by the names that it gives them."""
    met = ((table, alias or table) for table, alias in _TABLE.findall(sql))
    return {alias: table for table, alias in met if table in owned}


def unscoped(sql: str, owned: Set[str]) -> set[str]:
    """The tables of firms of which the statement reaches rows without naming their firm.

    A table is scoped where its `firm_id` equals a value that is handed over, or that of a table
    that is scoped; a row to be added, where it begins with its `firm_id`.
    """
    insert = _INSERT.match(sql)
    tables = tables_in(sql, owned)
    if insert and insert.group(2) == "firm_id":
        tables.pop(insert.group(1), None)
    only = next(iter(tables)) if len(tables) == 1 else ""
    condition = sql[sql.upper().find(" WHERE ") :] if " JOIN " not in sql.upper() else sql
    scoped = {name or only for name in _BOUND.findall(condition)}
    pairs = [(one or only, other or only) for one, other in _EQUAL.findall(condition)]
    for _round in pairs:
        for one, other in pairs:
            if one in scoped or other in scoped:
                scoped |= {one, other}
    return {table for name, table in tables.items() if name not in scoped}
