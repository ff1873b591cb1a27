"""The command line `crm`, in English alone: whoever runs the software reads it beside the logs.

Each command imports what it needs when it runs: `--help` stays quick.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crm_core.languages import ENGLISH, LANGUAGES
from crm_core.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from web.bootstrap import Deployment

USAGE = 2
"""The exit code of everything that the operator has to change."""


def main() -> None:
    """Runs the command line; what is refused is one clear line and the exit code 2."""
    from crm_core.refusals import Refused

    try:
        crm(standalone_mode=False)
    except Refused as refused:
        click.echo(f"crm: {refused.sentence}", err=True)
        sys.exit(USAGE)
    except OSError as error:
        # A folder that cannot be written, a full disk: the operator's to mend.
        click.echo(f"crm: {error.strerror or error}: {error.filename or ''}".rstrip(": "), err=True)
        sys.exit(USAGE)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="crm")
def crm() -> None:
    """A practice-management CRM for accounting and tax firms.

    The data folder is CRM_DATA (default: data). With DATABASE_URL the data are in PostgreSQL;
    DATABASE_OWNER_URL is then the role that owns the tables and migrates.
    """


@crm.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--clients", default=200, show_default=True, help="How many clients to make up.")
@click.option("--no-serve", is_flag=True, help="Make the firms and stop.")
def demo(host: str, port: int, clients: int, no_serve: bool) -> None:
    """Make two firms with made-up clients, and serve them."""
    from web.commands import demo as command

    deployment = command.make(clients)
    if not no_serve:
        _serve(deployment, host, port, with_worker=True)


def _firm_options(command: Callable[..., None]) -> Callable[..., None]:
    """What one says of a firm that is to be made; what is missing is asked for."""
    options = (
        click.option("--owner", prompt="The owner's name", help="The owner's name."),
        click.option(
            "--address", prompt="The owner's e-mail address", help="The owner's sign-in address."
        ),
        click.option("--slug", default="", help="The firm's name in addresses; made of its name."),
        click.option(
            "--zone", default="UTC", show_default=True, help="Time zone, as Europe/Amsterdam."
        ),
        click.option(
            "--language",
            type=click.Choice(list(LANGUAGES)),
            default=ENGLISH,
            show_default=True,
            help="What the team reads, unless one chooses another.",
        ),
        click.option("--currency", default="EUR", show_default=True),
        click.option("--edition", default="pro", show_default=True),
        click.option(
            "--password",
            envvar="CRM_PASSWORD",
            default="",
            help="Asked for if not given, unless the owner can sign in already.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@crm.command()
@click.option("--firm", "name", prompt="Name of the firm", help="The firm's name.")
@_firm_options
def init(**wish: str) -> None:
    """Prepare the database and make the first firm."""
    from web.commands import firms

    made = firms.create(_migrated(), firms.FirmWish(**wish))
    click.echo(f"The firm {made.slug} is ready. Serve it with: crm serve")


@crm.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--firm", required=True, help="The firm's name in addresses.")
@click.option(
    "--accounts",
    type=click.Choice(["each", "none", "column"]),
    default=None,
    help="An account for each contact, none, or those of the file's account column. "
    "By default the column if there is one, otherwise each.",
)
def import_(file: Path, firm: str, accounts: str | None) -> None:
    """Bring contacts in from a CSV file of Google, Outlook, Thunderbird or another program."""
    from web.commands import importing

    if importing.run(_ready(), file, firm, accounts):
        sys.exit(1)


@crm.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--with-worker", is_flag=True, help="Do the background work in this process, too.")
def serve(host: str, port: int, with_worker: bool) -> None:
    """Serve the software."""
    _serve(_ready(), host, port, with_worker=with_worker)


@crm.command()
@click.option(
    "--lease",
    default=600,
    show_default=True,
    type=click.IntRange(1),
    help="Seconds after which what a worker that was killed had taken is taken by another.",
)
def worker(lease: int) -> None:
    """Do what firms have to do in the background. Any number of workers share the work."""
    from datetime import timedelta

    from web.app import set_up_logging
    from web.commands import working as command

    set_up_logging()
    command.run(_ready(), timedelta(seconds=lease))


@crm.command()
def migrate() -> None:
    """Bring the database up to date."""
    from web.bootstrap import migrate_deployment

    applied = migrate_deployment(_assembled())
    for owner, names in applied.items():
        click.echo(f"{owner}: {', '.join(names)}")
    if not applied:
        click.echo("The database is up to date.")


@crm.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(file: Path) -> None:
    """Say of a FILE, such as a signed document, whether it is what it was when it left here."""
    from web.commands import verifying as command

    if not command.run(_assembled(), file):
        sys.exit(1)


@crm.command()
def doctor() -> None:
    """Check the installation and say what is wrong with it."""
    from web.commands import doctor as command

    if not command.run(_assembled()):
        sys.exit(1)


@crm.command()
def plugins() -> None:
    """List the plugins, and who contributes what."""
    from web.commands import plugins as command

    command.run(_assembled())


@crm.group()
def plugin() -> None:
    """A single plugin."""


@plugin.command("check")
@click.argument("plugin", metavar="NAME|PATH")
def plugin_check(plugin: str) -> None:
    """Check that a plugin keeps to the contract: one that is installed, or in a file or folder."""
    from web.app import set_up_logging
    from web.commands import plugin_check as command

    set_up_logging()
    if not command.run(plugin):
        sys.exit(1)


@crm.group()
def firm() -> None:
    """Firms: make one, or list them."""


@firm.command("create")
@click.argument("name")
@_firm_options
def firm_create(**wish: str) -> None:
    """Make a firm. An owner who can sign in already keeps their password."""
    from web.commands import firms

    made = firms.create(_ready(), firms.FirmWish(**wish))
    click.echo(f"The firm {made.slug} is ready.")


@firm.command("edition")
@click.argument("slug")
@click.argument("edition")
def firm_edition(slug: str, edition: str) -> None:
    """Give a firm another edition. It loses no row: what the edition does not show stays."""
    from web.commands import firms

    firms.change(_ready(), slug, edition)
    click.echo(f"The firm {slug} has the edition {edition} now.")


@firm.command("list")
def firm_list() -> None:
    """List the firms."""
    from web.commands import firms

    firms.show(_ready())


@crm.group()
def audit() -> None:
    """The history of firms."""


@audit.command("verify")
@click.option("--firm", "slug", default="", help="One firm; by default all.")
def audit_verify(slug: str) -> None:
    """Check that nobody changed a firm's history."""
    from web.commands import audit as command

    if not command.verify(_ready(), slug):
        sys.exit(1)


@crm.group()
def search() -> None:
    """What clients and contacts are found by."""


@search.command("rebuild")
@click.option("--firm", "slug", default="", help="One firm; by default all.")
def search_rebuild(slug: str) -> None:
    """Compare it with what is stored, and mend what differs."""
    from web.commands import searching as command

    command.rebuild(_ready(), slug)


def _assembled() -> Deployment:
    from web.app import set_up_logging
    from web.bootstrap import assemble
    from web.settings import Settings

    set_up_logging()
    return assemble(Settings.from_environment())


def _ready() -> Deployment:
    from web.bootstrap import ready

    return ready(_assembled())


def _migrated() -> Deployment:
    from web.bootstrap import migrate_deployment, ready

    deployment = _assembled()
    migrate_deployment(deployment)
    return ready(deployment)


def _serve(deployment: Deployment, host: str, port: int, *, with_worker: bool) -> None:
    from web.app import create_app
    from web.commands.serving import know_address, serve_until_stopped

    app = create_app(deployment)
    if not with_worker:
        serve_until_stopped(app, host, port)
        return
    from crm_core.working import LEASE
    from web.worker import at_work

    know_address(app, host, port)
    with at_work(deployment, LEASE, app):
        serve_until_stopped(app, host, port)
