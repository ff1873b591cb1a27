"""What eight writers at once add to one firm's history, beside a counter that they move."""

from __future__ import annotations

import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from attrs import evolve

from crm_core import audit, events
from crm_core.contexts import context_for_owner
from crm_core.testing.builders import a_firm
from crm_core.testing.postgres import OWNER, SERVING, PostgresServer
from web.bootstrap import assemble, migrate_deployment, ready
from web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crm_core.firms import Firm
    from web.bootstrap import Deployment

WRITERS = 8
EACH = 250


@contextmanager
def deployment_settings() -> Iterator[tuple[Settings, Settings]]:
    """Where an empty deployment on SQLite and one on PostgreSQL can be made."""
    folder = Path(tempfile.mkdtemp(prefix="crm-bench-"))
    folder.chmod(0o755)  # the server of PostgreSQL is a user of its own
    server = PostgresServer.start(folder / "postgres")
    name = server.new_database()
    sqlite = Settings(folder=folder / "sqlite", database_url="", owner_url="", base_url="")
    postgres = evolve(
        sqlite,
        folder=folder / "with-postgres",
        database_url=server.url(name, SERVING),
        owner_url=server.url(name, OWNER),
    )
    try:
        yield sqlite, postgres
    finally:
        server.stop()
        shutil.rmtree(folder)


@contextmanager
def deployments() -> Iterator[Iterator[tuple[str, Deployment]]]:
    """An empty deployment on each engine."""
    with deployment_settings() as found:
        yield (
            (engine, _made(at)) for engine, at in zip(("SQLite", "PostgreSQL"), found, strict=True)
        )


def facts_a_second(deployment: Deployment, firm: Firm) -> float:
    """One fact in each transaction, as most actions have."""
    store = deployment.store

    def write() -> None:
        with store.firm_transaction(firm.id, write=True):
            ctx = context_for_owner(store, deployment.catalog, firm)
        for number in range(EACH):
            with store.firm_transaction(firm.id, write=True):
                audit.record(ctx, events.FIRM_CHANGED, after={"name": number})

    rate = _rate(deployment, write)
    with store.firm_transaction(firm.id, write=False):
        verdict = audit.verify(context_for_owner(store, deployment.catalog, firm))
    assert verdict.fault is None
    assert verdict.entries == WRITERS * EACH
    return rate


def bare_rows_a_second(deployment: Deployment) -> float:
    """One counter is moved in each transaction: whoever writes waits for whoever wrote before."""
    store = deployment.store

    def write() -> None:
        for _ in range(EACH):
            with store.deployment_transaction(write=True):
                store.database.execute_sql("UPDATE firm SET version = version + 1")

    return _rate(deployment, write)


def a_firm_of(deployment: Deployment) -> Firm:
    """A firm with nothing but its owner."""
    return a_firm(deployment.store, "bench")


def _rate(deployment: Deployment, write: Callable[[], None]) -> float:
    def run() -> None:
        write()
        deployment.store.close()

    writers = [Thread(target=run) for _ in range(WRITERS)]
    start = time.perf_counter()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    return WRITERS * EACH / (time.perf_counter() - start)


def _made(settings: Settings) -> Deployment:
    settings.folder.mkdir()
    deployment = assemble(settings)
    migrate_deployment(deployment)
    return ready(deployment)
