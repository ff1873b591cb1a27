"""Bringing contacts in from a file: each lands once, with an account where one is wanted.

Rows are stored in batches, each one transaction: a run that is killed has stored whole batches,
and running the same file again creates nothing twice.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from attrs import field, frozen

from crm_core import audit, events
from crm_core.exchange.headings import recognise
from crm_core.exchange.landing import AccountRule, land
from crm_core.exchange.records import ContactRecord, RefusedRow, records
from crm_core.exchange.tables import read_table
from crm_core.exchange.vocabulary import Meaning
from crm_core.permissions import MANAGE_ACCOUNTS, MANAGE_CONTACTS, demand
from crm_core.refusals import Refused
from crm_core.store.database import firm_transaction
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from crm_core.context import Context

BATCH = 500
"""Rows that are stored in one transaction."""


@frozen(kw_only=True)
class ImportSummary:
    """What an import did. `known` are contacts that were there; `refused` rows did not land."""

    source: str
    encoding: str
    rule: AccountRule
    contacts: int = 0
    known: int = 0
    accounts: int = 0
    links: int = 0
    refused: Sequence[RefusedRow] = field(factory=tuple)


def import_contacts(
    ctx: Context,
    path: Path,
    rule: AccountRule | None = None,
    progress: Callable[[float], None] = lambda _: None,
) -> ImportSummary:
    """Brings the contacts of a delimited file into the firm and says what became of each row.

    Without a `rule` the file's account column decides, or where it has none, each contact gets an
    account. `progress` is called with the share done, 0 to 1. Refuses a file that is no table, and
    a viewer without the rights; a row that cannot be used is in `refused`. Opens its own
    transactions.
    """
    demand(ctx, MANAGE_CONTACTS)
    demand(ctx, MANAGE_ACCOUNTS)
    table = read_table(path)
    recognised = recognise(table.headings)
    has_column = any(column.meaning is Meaning.ACCOUNT_NAME for column in recognised.columns)
    if rule is AccountRule.COLUMN and not has_column:
        raise Refused(_("The file has no column with the name of an account or client."))
    chosen = rule or (AccountRule.COLUMN if has_column else AccountRule.EACH)
    done: Counter[str] = Counter()
    refused: list[RefusedRow] = []
    for batch in _batches(records(table, recognised)):
        refused.extend(row for row in batch if isinstance(row, RefusedRow))
        good = [row for row in batch if isinstance(row, ContactRecord)]
        with firm_transaction(ctx):
            landed = land(ctx, good, chosen)
            audit.record(ctx, events.CONTACTS_IMPORTED, after={"file": path.name, **landed})
            done.update(landed)
        progress(min(1.0, batch[-1].line / max(1, table.last_line)))
    progress(1.0)
    return ImportSummary(
        source=recognised.source,
        encoding=table.encoding,
        rule=chosen,
        contacts=done["contacts"],
        known=done["known"],
        accounts=done["accounts"],
        links=done["links"],
        refused=refused,
    )


def _batches(
    rows: Iterator[ContactRecord | RefusedRow],
) -> Iterable[Sequence[ContactRecord | RefusedRow]]:
    while batch := tuple(islice(rows, BATCH)):
        yield batch
