"""Serving with waitress: threads, a bounded queue, and a clear word when the port is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm_core.refusals import Refused
from web.words import _

if TYPE_CHECKING:
    from flask import Flask

THREADS = 4
MOST_CONNECTIONS = 200


def serve_until_stopped(app: Flask, host: str, port: int) -> None:
    """Serves the application until it is interrupted; refuses a port that cannot be had.

    Where the operator named no address for links in mails, they begin with the one served.
    """
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
    know_address(app, host, port)
    click.echo(f"Open http://{host}:{port}/ (stop with Ctrl+C)")
    try:
        # It takes the interrupt itself, and returns.
        server.run()
    finally:
        server.close()
    click.echo("Stopped.")


def know_address(app: Flask, host: str, port: int) -> None:
    """Lets links in mails begin with the address that is served, unless the operator named one."""
    app.config["CRM_BASE_URL"] = app.config["CRM_BASE_URL"] or _address(host, port)


def _address(host: str, port: int) -> str:
    """The address under which this machine reaches what is served there."""
    here = "127.0.0.1" if host in ("", "0.0.0.0", "::") else host  # noqa: S104 - it is not bound
    return f"http://[{here}]:{port}" if ":" in here else f"http://{here}:{port}"
