"""Where rows live: the database, the rows of the core, and the way from a row to a value.

Plugins import from here in their `rows.py`, `store.py` and migrations, and nowhere else. Of the
core's rows they may join `AccountRow`, `MemberRow` and `ContactEmailRow`, on the firm and the key.
"""

from crm_core.store.database import Scoped
from crm_core.store.fields import DayField, InstantField, MinorUnitsField
from crm_core.store.rows import FirmRow, new_public_id, next_number
from crm_core.store.schema import References, add_column, add_indexes, create_tables, drop_index
from crm_core.store.statements import compiled
from crm_core.store.tables import AccountRow, ContactEmailRow, MemberRow

__all__ = [
    "AccountRow",
    "ContactEmailRow",
    "DayField",
    "FirmRow",
    "InstantField",
    "MemberRow",
    "MinorUnitsField",
    "References",
    "Scoped",
    "add_column",
    "add_indexes",
    "compiled",
    "create_tables",
    "drop_index",
    "new_public_id",
    "next_number",
]
