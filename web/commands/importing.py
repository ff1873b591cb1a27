"""Importing a file from the command line: a bar, a summary, and every refused row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm_core.contexts import context_for_owner
from crm_core.exchange.importing import ImportSummary, import_contacts
from crm_core.exchange.landing import AccountRule
from crm_core.firms import firm_named
from web.progress import progress_bar

if TYPE_CHECKING:
    from pathlib import Path

    from web.bootstrap import Deployment


def run(deployment: Deployment, file: Path, slug: str, accounts: str | None) -> int:
    """Imports the file on the owner's behalf; answers how many rows were refused."""
    store = deployment.store
    firm = firm_named(store, slug)
    with store.firm_transaction(firm.id, write=False):
        ctx = context_for_owner(store, deployment.catalog, firm)
    rule = AccountRule(accounts) if accounts else None
    with progress_bar(f"Importing {file.name}") as progress:
        summary = import_contacts(ctx, file, rule, progress)
    _print(summary)
    return len(summary.refused)


def _print(summary: ImportSummary) -> None:
    click.echo(
        f"Read as a {summary.source} file ({summary.encoding}): "
        f"{summary.contacts} new contacts, {summary.known} known already, "
        f"{summary.accounts} new accounts, {summary.links} new links, "
        f"{len(summary.refused)} {'row' if len(summary.refused) == 1 else 'rows'} refused."
    )
    for row in summary.refused:
        place = f"line {row.line}" + (f", column {row.column}" if row.column else "")
        click.echo(f"  {place}: {row.reason}", err=True)
