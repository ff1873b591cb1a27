"""Serving with waitress: threads, a bounded queue, and a clear word when the port is taken."""

from __future__ import annotations

from typing import Any

import click

from crm_core.refusals import Refused
from web.words import _

THREADS = 4
MOST_CONNECTIONS = 200


def serve_until_stopped(app: Any, host: str, port: int) -> None:
    """Serves the application until it is interrupted; refuses a port that cannot be had."""
    import waitress

    try:
        server = waitress.create_server(
            app,
            host=host,
            port=port,
            threads=THREADS,
            connection_limit=MOST_CONNECTIONS,
            channel_timeout=60,
            ident=None,
        )
    except OSError as error:
        raise Refused(
            _(
                "{host}:{port} cannot be served: {reason}. Choose another with --port.",
                host=host,
                port=str(port),
                reason=error.strerror or str(error),
            )
        ) from error
    click.echo(f"Open http://{host}:{port}/ (stop with Ctrl+C)")
    try:
        # It takes the interrupt itself, and returns.
        server.run()
    finally:
        server.close()
    click.echo("Stopped.")
