"""Saying of a file whether it is what it was when it left here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from web.verifying import NOTHING, what_is_known

if TYPE_CHECKING:
    from pathlib import Path

    from web.bootstrap import Deployment


def run(deployment: Deployment, file: Path) -> bool:
    """Prints what is known of the file; answers whether all of that is good."""
    found = what_is_known(deployment, file)
    for one in found:
        since = f" ({one.at:%Y-%m-%d %H:%M:%S %Z})" if one.at else ""
        click.echo(f"{'ok   ' if one.good else 'WRONG'} {one.sentence}{since}")
    if not found:
        click.echo(f"WRONG {NOTHING}")
    return bool(found) and all(one.good for one in found)
