"""Checking an installation: one line for each thing that must hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from crm_core.parking import backlogs
from crm_core.posting import waiting_mails
from crm_core.refusals import Refused
from crm_core.store.blobs import FILES_FOLDER
from crm_core.store.leftovers import leftovers
from web.assets import STATIC
from web.bootstrap import ready
from web.letter_box import troubled
from web.outbox_folder import OUTBOX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from web.bootstrap import Deployment

LONG = timedelta(hours=1)
"""For how long work may wait before it seems that nobody does it."""

ASSETS = ("bootstrap.min.css", "htmx-2.min.js")


def run(deployment: Deployment) -> bool:
    """Prints what was checked and what is wrong; answers whether all is well."""
    found = list(_findings(deployment))
    for sound, text in found:
        click.echo(f"{'ok   ' if sound else 'WRONG'} {text}")
    return all(sound for sound, _text in found)


def _findings(deployment: Deployment) -> Iterator[tuple[bool, str]]:
    where = "PostgreSQL" if deployment.store.engine == "postgres" else deployment.settings.folder
    try:
        ready(deployment)
        yield True, f"database: {where}, up to date"
        yield _files(deployment)
        yield from _left_behind(deployment)
        yield from _not_done(deployment)
    except Refused as refused:
        yield False, f"database: {where}: {refused.sentence}"
    built = all((STATIC / "built" / name).exists() for name in ASSETS)
    yield built, "assets: built" if built else "assets: missing. Install the project again"
    for name, edition in deployment.catalog.editions.items():
        missing = [p for p in edition.plugins if p not in deployment.catalog.installed]
        text = f"edition {name}: {', '.join(edition.plugins)}"
        yield not missing, text + (f" (not there: {', '.join(missing)})" if missing else "")
    yield True, f"plugins: {', '.join(deployment.catalog.installed) or 'none'}"
    for failure in deployment.failures:
        yield False, f"plugin {failure.plugin}: left out. {failure.reason}"


def _files(deployment: Deployment) -> tuple[bool, str]:
    """Whether files can be kept: something is stored, and removed again."""
    bucket = deployment.settings.bucket
    where = f"bucket {bucket.name}" if bucket else deployment.settings.folder / FILES_FOLDER
    try:
        deployment.store.files.try_out()
    except Refused as refused:
        return False, f"files: {where}: {refused.sentence}"
    return True, f"files: {where}, can be written"


def _not_done(deployment: Deployment) -> Iterator[tuple[bool, str]]:
    """Background work that failed for good, or that no worker seems to do."""
    for backlog in backlogs(deployment.store, datetime.now(UTC) - LONG):
        if backlog.parked:
            what = f"background work that failed for good: {backlog.parked}"
            yield False, f"firm {backlog.firm}: {what}; see Settings, Background work"
        if backlog.oldest:
            since = f"{backlog.oldest:%Y-%m-%d %H:%M} UTC"
            yield False, f"firm {backlog.firm}: work waits since {since}. Does crm worker run?"
    for mails in waiting_mails(deployment.store, datetime.now(UTC) - LONG):
        what = f"failed: {mails.failed}, unsure: {mails.unsure}, waiting for long: {mails.late}"
        yield False, f"firm {mails.firm}: mails not sent ({what}); see Settings, Mail"
    letters = troubled(deployment.settings.folder / OUTBOX)
    if any(letters.values()):
        what = f"failed: {letters['failed']}, unsure: {letters['unsure']}"
        yield False, f"mails about signing in, not sent ({what}); see {OUTBOX} in the data folder"
    deployment.store.close()


def _left_behind(deployment: Deployment) -> Iterator[tuple[bool, str]]:
    """The data of plugins that are gone: they stay, and come back with the plugin."""
    left_out = [failure.plugin for failure in deployment.failures]
    owners = [*(folder.owner for folder in deployment.folders), *left_out]
    for left in leftovers(deployment.store, owners):
        rows = ", ".join(f"{table}: {count} rows" for table, count in left.rows.items())
        yield True, f"data of {left.plugin}, which is not installed any more: {rows}"
    deployment.store.close()
