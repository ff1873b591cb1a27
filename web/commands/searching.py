"""Mending what clients and contacts are found by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm_core import search_index
from crm_core.firms import firm_named, list_firms
from crm_core.store.database import FirmScope

if TYPE_CHECKING:
    from web.bootstrap import Deployment


def rebuild(deployment: Deployment, slug: str) -> None:
    """Prints for each firm how many clients and contacts would not have been found rightly."""
    store = deployment.store
    for firm in [firm_named(store, slug)] if slug else list_firms(store):
        click.echo(f"{firm.slug}: {search_index.rebuild(FirmScope(store, firm))} mended")
