"""The rows that search reads: for each account and contact one text of folded words.

They stand in narrow tables of their own, which carry no row-level policy: under one, PostgreSQL
may not use an index of trigrams. So they are read through `searching`, which names the firm and
joins them to guarded tables; what is shown comes from those. Each `id` is made by
`search_schema.row_number`. A plugin's table is like these: it says `SEARCHED`, has an `id`, the key
of what is found, and `text`, and is written through `searching.put_texts`.
"""

from __future__ import annotations

from peewee import BigAutoField, BigIntegerField, TextField

from crm_core.store.rows import FirmRow
from crm_core.store.schema import References


class AccountSearchRow(FirmRow):
    """What an account is found by: name, number, company, and its contacts' names and addresses."""

    SEARCHED = True

    id = BigAutoField()
    account_id = BigIntegerField()
    text = TextField()

    class Meta:
        table_name = "account_search"
        indexes = ((("firm_id", "account_id"), True),)
        constraints = [
            References(("firm_id", "account_id"), "account", ("firm_id", "id"), on_delete="CASCADE")
        ]


class ContactSearchRow(FirmRow):
    """What a contact is found by: name, company and addresses."""

    SEARCHED = True

    id = BigAutoField()
    contact_id = BigIntegerField()
    text = TextField()

    class Meta:
        table_name = "contact_search"
        indexes = ((("firm_id", "contact_id"), True),)
        constraints = [
            References(("firm_id", "contact_id"), "contact", ("firm_id", "id"), on_delete="CASCADE")
        ]


SEARCH_TABLES = (AccountSearchRow, ContactSearchRow)
