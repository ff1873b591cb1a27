"""The list of plugins and of what each contributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm_core.catalog import contributions_of

if TYPE_CHECKING:
    from web.bootstrap import Deployment


def run(deployment: Deployment) -> None:
    """Prints each plugin with its contributions, then those that were left out and why."""
    for plugin in deployment.catalog.installed.values():
        manifest = plugin.manifest
        click.echo(f"{plugin.name} {manifest.version}: {manifest.title}. {manifest.description}")
        editions = [
            e.name for e in deployment.catalog.editions.values() if plugin.name in e.plugins
        ]
        click.echo(f"  {'editions':<12} {', '.join(editions) or 'none'}")
        for hook, answers in contributions_of([plugin]).items():
            names = [_name(answer.value) for answer in answers]
            if names:
                click.echo(f"  {hook:<12} {', '.join(names)}")
    for failure in deployment.failures:
        click.echo(f"{failure.plugin}: left out. {failure.reason}", err=True)


def _name(value: object) -> str:
    row = getattr(value, "row", None)
    return str(row._meta.table_name if row is not None else getattr(value, "name", value))
