"""Doing the work of all firms until one is stopped."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import click

from web.worker import at_work

if TYPE_CHECKING:
    from datetime import timedelta

    from web.bootstrap import Deployment


def run(deployment: Deployment, lease: timedelta) -> None:
    """Works until it is interrupted or asked to terminate; what is being done is ended first."""
    try:
        with at_work(deployment, lease):
            click.echo("Working (stop with Ctrl+C)")
            threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("Stopped.")
