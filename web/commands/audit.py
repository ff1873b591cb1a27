"""Checking the histories of firms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm_core.audit import verify as verify_chain
from crm_core.firms import firm_named, list_firms
from crm_core.store.database import FirmScope

if TYPE_CHECKING:
    from web.bootstrap import Deployment


def verify(deployment: Deployment, slug: str) -> bool:
    """Prints for each firm whether its chain holds; answers whether all do."""
    store = deployment.store
    firms = [firm_named(store, slug)] if slug else list_firms(store)
    sound = True
    for firm in firms:
        with store.firm_transaction(firm.id, write=False):
            verdict = verify_chain(FirmScope(store, firm))
        if verdict.fault is None:
            click.echo(
                f"ok    {firm.slug}: {verdict.entries} entries, {verdict.erased} erased, "
                f"head {verdict.head}"
            )
        else:
            sound = False
            click.echo(f"WRONG {firm.slug}: entry {verdict.fault} does not fit the chain")
    return sound
