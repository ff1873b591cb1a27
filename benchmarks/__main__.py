"""Prints each figure beside its floor: what the same work costs with nothing of ours around it."""

from __future__ import annotations

import csv
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.auditing import a_firm_of, bare_rows_a_second, deployments, facts_a_second
from benchmarks.deployments import demo_deployment, signed_in
from benchmarks.listing import list_times, tagged
from benchmarks.searching import ACCOUNTS, FIRMS, NOWHERE, crowd, nothing_typed, typing
from crm_core.contexts import context_for_owner
from crm_core.exchange.importing import import_contacts

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.deployments import Demo

ROWS = 2_000
PAGES = 200


def main() -> None:
    """Measures everything once and prints a table."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    print(f"{python}, {os.cpu_count()} cores")
    print(
        ", ".join(f"{name} {version(name)}" for name in ("Flask", "peewee", "pluggy")), end="\n\n"
    )
    print(f"{'what':<58}{'ours':>12}{'floor':>12}{'times':>8}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        demo = demo_deployment(folder / "demo")
        pages(demo)
        modules(demo)
        importing(demo, folder)
    auditing()
    searching()
    starting()


def pages(demo: Demo) -> None:
    """Whole requests in process, beside a request of the same application that reads nothing."""
    client = signed_in(demo)
    floor = milliseconds(lambda: client.get("/sign-in?next=/"), PAGES)
    for what, path in (
        ("Overview of a client", f"/f/{demo.firm.slug}/accounts/{demo.account.public_id}"),
        ("Info tab of a client", f"/f/{demo.firm.slug}/accounts/{demo.account.public_id}/info"),
        ("Clients list, first page", f"/f/{demo.firm.slug}/clients"),
    ):
        assert client.get(path).status_code == 200
        line(f"{what}, ms", milliseconds(lambda path=path: client.get(path), PAGES), floor)  # type: ignore[misc]


def modules(demo: Demo) -> None:
    """The look-up of a firm's modules, beside that of a dictionary."""
    catalog = demo.deployment.catalog
    names = frozenset(catalog.installed)
    kept = {names: object()}
    ours = milliseconds(lambda: [catalog.modules(names) for _ in range(1000)], 20)
    floor = milliseconds(lambda: [kept[names] for _ in range(1000)], 20)
    line("Modules of a firm, microseconds", ours, floor)


def importing(demo: Demo, folder: Path) -> None:
    """`crm import` of new contacts with accounts, beside the same cells into one bare table."""
    path = folder / "contacts.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("First name", "Last name", "Company", "Email", "Phone"))
        writer.writerows(
            (
                f"First{i}",
                f"Last{i % 977}",
                f"Firm {i % 300}",
                f"p{i}@x{i % 90}.example",
                f"06{i:08}",
            )
            for i in range(ROWS)
        )
    store, firm = demo.deployment.store, demo.firm
    with store.firm_transaction(firm.id, write=False):
        ctx = context_for_owner(store, demo.deployment.catalog, firm)
    ours = milliseconds(lambda: import_contacts(ctx, path), 1)
    floor = milliseconds(lambda: _bare_import(path, folder), 1)
    line("Import, rows a second", ROWS / ours * 1000, ROWS / floor * 1000)


def auditing() -> None:
    """The history under eight writers, beside eight writers that move one counter."""
    with deployments() as made:
        for engine, deployment in made:
            firm = a_firm_of(deployment)
            ours = facts_a_second(deployment, firm)
            line(f"Facts a second, {engine}", ours, bare_rows_a_second(deployment))
            deployment.store.close()


def searching() -> None:
    """Search and lists, whole requests, beside a search with nothing typed."""
    print(f"{FIRMS} firms (CRM_BENCH_FIRMS) of {ACCOUNTS:,} accounts (CRM_BENCH_ACCOUNTS)")
    with deployments() as made:
        for engine, deployment in made:
            full = crowd(deployment)
            floor = nothing_typed(full.owner, full.firm)
            for what, client, words in (
                ("owner", full.owner, full.owners_words),
                ("owner, nothing found", full.owner, NOWHERE),
                ("employee with 50", full.employee, full.employees_words),
            ):
                times = typing(client, full.firm, words)
                line(f"Search, {engine}, {what}, p50 ms", times.p50, floor.p50)
                line(f"Search, {engine}, {what}, p95 ms", times.p95, floor.p95)
            for what, p50, p95 in list_times(full, tagged(deployment, full)):
                line(f"List, {engine}, {what}, p50 ms", p50, floor.p50)
                line(f"List, {engine}, {what}, p95 ms", p95, floor.p95)
            deployment.store.close()


def starting() -> None:
    """`crm --help`, beside a Python that does nothing."""
    crm = Path(sys.executable).with_name("crm")
    ours = milliseconds(
        lambda: subprocess.run([crm, "--help"], capture_output=True, check=True), 10
    )
    floor = milliseconds(lambda: subprocess.run([sys.executable, "-c", ""], check=True), 10)
    line("crm --help, ms", ours, floor)


def line(what: str, ours: float, floor: float) -> None:
    """Prints one figure."""
    times = max(ours, floor) / min(ours, floor)
    print(f"{what:<58}{ours:>12,.2f}{floor:>12,.2f}{times:>8.1f}")


def milliseconds(call: Callable[[], object], times: int) -> float:
    """The median of so many runs, after one that warms up where there are several."""
    if times > 1:
        call()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def _bare_import(path: Path, folder: Path) -> None:
    connection = sqlite3.connect(folder / "bare.sqlite3")
    connection.execute("CREATE TABLE contact (a TEXT, b TEXT, c TEXT, d TEXT, e TEXT)")
    with path.open(newline="") as file:
        rows = list(csv.reader(file))[1:]
    connection.executemany("INSERT INTO contact VALUES (?, ?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()


main()
