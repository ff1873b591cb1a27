"""Prints each figure beside its floor: what the same work costs with nothing of ours around it."""

from __future__ import annotations

import csv
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from benchmarks.auditing import (
    a_firm_of,
    bare_rows_a_second,
    deployment_settings,
    deployments,
    facts_a_second,
)
from benchmarks.deployments import ADDRESS, PASSWORD, demo_deployment, signed_in
from benchmarks.documents import DOCUMENTS, document_times
from benchmarks.floor import add_floor, compare
from benchmarks.folders import LISTED, listing_times
from benchmarks.listing import list_times, tagged
from benchmarks.overview import office, visits
from benchmarks.processes import PLUGINS, browser, idle_plugins, served, sign_ins_at_once
from benchmarks.report import Report, machine
from benchmarks.searching import ACCOUNTS, FIRMS, NOWHERE, crowd, nothing_typed, typing
from benchmarks.uploads import a_large_file
from crm_core.contexts import context_for_owner
from crm_core.exchange.importing import import_contacts

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.deployments import Demo

ROWS = 2_000
PAGES = 200
PAGES_FOR_MEMORY = 1_000
MANY_ACCOUNTS, MANY_ROWS = 10_000, 1_000_000
FEW_ACCOUNTS, FEW_ROWS = 130, 10_000
WHY = (
    "What is above the floor is the frame of the page drawn of its parts, the lines of the cards "
    "with links, days and menus of states that plugins describe and the shell writes, and the way "
    "of 22 statements through peewee, where the floor has one flat template."
)
"""What a profile of the Overview says."""

report = Report()


def main() -> None:
    """Measures everything once and prints it; with the path of a file the report goes there too."""
    print(machine())
    report.begin("Overview with thirteen sections, portal with ten cards, milliseconds")
    overview()
    report.begin("Starting, and memory")
    with tempfile.TemporaryDirectory() as name:
        starting(Path(name))
    report.begin(
        "A file of 500 MB through the server; the floor is an application that copies the body"
    )
    with tempfile.TemporaryDirectory() as name:
        files(Path(name))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        demo = demo_deployment(folder / "demo")
        report.begin(
            "Pages of the demonstration, milliseconds; the floor is a page that reads nothing"
        )
        pages(demo)
        report.begin("Parts")
        modules(demo)
        importing(demo, folder)
    auditing()
    report.begin(
        f"Search and lists, {FIRMS} firms of {ACCOUNTS:,} accounts, milliseconds; "
        "the floor is a search with nothing typed"
    )
    searching()
    report.begin(
        f"Search among {DOCUMENTS:,} documents, milliseconds; "
        "the floor is a search with nothing typed"
    )
    searching_documents()
    report.begin(f"Documents of an account that has {LISTED:,}, milliseconds")
    listing_documents()
    if len(sys.argv) > 1:
        report.write(Path(sys.argv[1]))


def overview() -> None:
    """The page with a million rows beside its floor, with ten thousand, and with plugins off."""
    with deployment_settings() as (sqlite, postgres):
        folder = sqlite.folder.parent
        few = (FEW_ACCOUNTS, FEW_ROWS)
        full = office(sqlite, folder / "full", MANY_ACCOUNTS, MANY_ROWS)
        small = office(evolve(sqlite, folder=folder / "s"), folder / "small", *few)
        crowded = office(evolve(sqlite, folder=folder / "i"), folder / "idle", *few, PLUGINS)
        for name, what in (("overview", full.overview), ("portal", full.portal)):
            page = what()
            floor = what(add_floor(full, name, page))
            compare(page, floor)
            ours, by_hand = visits(page, floor)
            title = "" if name == "overview" else ", portal with ten cards"
            for which, place in (("p50", 0.5), ("p95", 0.95)):
                figures = (ours[int(len(ours) * place)], by_hand[int(len(by_hand) * place)])
                line = f"SQLite, {MANY_ROWS:,} rows{title}, {which}"
                report.line(line, *figures, most_times=3, why=WHY)
        many, less, idle = visits(full.overview(), small.overview(), crowded.overview())
        beside = less[len(less) // 2]
        what = f"SQLite, {MANY_ROWS:,} rows beside {FEW_ROWS:,}, p50"
        report.line(what, many[len(many) // 2], beside, most_times=1.3)
        what = f"SQLite, {PLUGINS} plugins installed and off beside none, p50"
        report.line(what, idle[len(idle) // 2], beside, most_times=1.05)
        for made in (full, small, crowded):
            made.close()
        made = office(postgres, folder / "postgres-rows", MANY_ACCOUNTS, MANY_ROWS)
        (times,) = visits(made.overview())
        report.line(f"PostgreSQL, {MANY_ROWS:,} rows, p50", times[len(times) // 2])
        report.line(f"PostgreSQL, {MANY_ROWS:,} rows, p95", times[len(times) * 95 // 100])
        made.close()


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
        report.line(f"{what}, ms", milliseconds(lambda path=path: client.get(path), PAGES), floor)  # type: ignore[misc]


def modules(demo: Demo) -> None:
    """The look-up of a firm's modules, beside that of a dictionary."""
    catalog = demo.deployment.catalog
    names = frozenset(catalog.installed)
    kept = {names: object()}
    ours = milliseconds(lambda: [catalog.modules(names) for _ in range(1000)], 20)
    floor = milliseconds(lambda: [kept[names] for _ in range(1000)], 20)
    report.line("Modules of a firm, microseconds", ours, floor)


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
    report.line("Import, rows a second", ROWS / ours * 1000, ROWS / floor * 1000)


def auditing() -> None:
    """The history under eight writers, beside eight writers that move one counter."""
    with deployments() as made:
        for engine, deployment in made:
            firm = a_firm_of(deployment)
            ours = facts_a_second(deployment, firm)
            report.line(f"Facts a second, {engine}", ours, bare_rows_a_second(deployment))
            deployment.store.close()


def searching() -> None:
    """Search and lists, whole requests, beside a search with nothing typed."""
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
                report.line(f"Search, {engine}, {what}, p50 ms", times.p50, floor.p50)
                report.line(f"Search, {engine}, {what}, p95 ms", times.p95, floor.p95)
            for what, p50, p95 in list_times(full, tagged(deployment, full)):
                report.line(f"List, {engine}, {what}, p50 ms", p50, floor.p50)
                report.line(f"List, {engine}, {what}, p95 ms", p95, floor.p95)
            deployment.store.close()


def searching_documents() -> None:
    """Documents by names and texts, whole requests of the whole search."""
    with deployments() as made:
        for engine, deployment in made:
            full = crowd(deployment)
            floor = nothing_typed(full.owner, full.firm)
            for what, p50, p95 in document_times(deployment, full):
                report.line(f"{engine}, {what}, p50", p50, floor.p50)
                report.line(f"{engine}, {what}, p95", p95, floor.p95, most=100)
            deployment.store.close()


def listing_documents() -> None:
    """The pages of documents, beside a page of the same application that reads nothing."""
    with deployments() as made:
        for engine, deployment in made:
            for what, p50, p95, floor in listing_times(deployment):
                report.line(f"{engine}, {what}, p50", p50, floor)
                report.line(f"{engine}, {what}, p95", p95, floor, most=50)
            deployment.store.close()


def starting(folder: Path) -> None:
    """`crm --help` beside a Python that does nothing; `crm serve` until its first page; memory."""
    crm = Path(sys.executable).with_name("crm")
    ours = milliseconds(
        lambda: subprocess.run([crm, "--help"], capture_output=True, check=True), 10
    )
    floor = milliseconds(lambda: subprocess.run([sys.executable, "-c", ""], check=True), 10)
    report.line("crm --help, ms", ours, floor, most=300)
    demo = demo_deployment(folder / "data")
    site = idle_plugins(folder / "site")
    page = f"/f/{demo.firm.slug}/accounts/{demo.account.public_id}"
    demo.deployment.store.close()
    with served(folder / "data") as server:
        report.line("Start to first page, seconds", server.seconds, most=3)
        mine = browser(server.address, ADDRESS, PASSWORD)
        for _ in range(PAGES_FOR_MEMORY):
            mine.open(server.address + page).read()
        report.line(f"Memory after {PAGES_FOR_MEMORY:,} pages, MB", server.megabytes, most=150)
        sign_ins_at_once(server.address, ADDRESS, PASSWORD)
        report.line("Memory at most, four sign-ins at once, MB", server.most_megabytes, most=250)
    with served(folder / "data", PYTHONPATH=str(site)) as server:
        what = f"Start to first page, {PLUGINS} plugins installed, seconds"
        report.line(what, server.seconds, most=5)


def files(folder: Path) -> None:
    """A large file sent in parts and fetched, beside a plain copy, and the memory that it takes."""
    found = a_large_file(folder)
    report.line("Sent in parts, MB a second", found.up, found.plain_up, most_times=2)
    report.line("Fetched, MB a second", found.down, found.plain_down, most_times=2)
    report.line("Memory more, while it is sent, MB", found.memory_up, most=50)
    report.line("Memory more, while it is fetched, MB", found.memory_down, most=50)


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


if __name__ == "__main__":
    main()
