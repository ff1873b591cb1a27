"""The documents of one account with very many: its pages, as somebody opens them.

CRM_BENCH_LISTED says how many; a fifth lies in one folder, the rest in two hundred others.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from benchmarks.deployments import ADDRESS, PASSWORD, client_of
from benchmarks.documents import DOCUMENT_COLUMNS, FILE_COLUMNS
from crm_core.contexts import context_for_owner
from crm_core.modules import change_edition
from crm_core.store.database import open_postgres
from crm_core.testing.builders import a_client, a_firm, an_account
from plugins.documents import store as documents
from plugins.documents import tree
from plugins.documents.folder_views import PAGE
from plugins.documents.values import Access
from web.signin.people import add_person

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask.testing import FlaskClient

    from web.bootstrap import Deployment

LISTED = int(os.environ.get("CRM_BENCH_LISTED", "50000"))
FOLDERS = 200
CLIENT = "anna@client.example"
ROUNDS = 60
DEEP = 100
"""Pages that are turned before the deep one."""

BATCH = 5_000


def listing_times(deployment: Deployment) -> Iterator[tuple[str, float, float, float]]:
    """What is opened, its p50 and p95 in milliseconds, and the p50 of a page that reads nothing."""
    store = deployment.store
    firm = a_firm(store, "bench", add_person(store, ADDRESS, PASSWORD))
    person = add_person(store, CLIENT, PASSWORD)
    with store.firm_transaction(firm.id, write=True):
        ctx = context_for_owner(store, deployment.catalog, firm)
        account = an_account(ctx, "Very many", emails=(CLIENT,))
        a_client(ctx, account, person, CLIENT)
        top = tree.made(ctx, account.id, tree.tree_of(ctx, account.id).folders[0])
        folders = [
            tree.add_folder(ctx, account.id, top.id, f"Folder {number:03}", Access.EDITS)
            for number in range(FOLDERS)
        ]
        _fill(deployment, firm.id, account.id, [one.id for one in folders])
    _analyze(deployment)
    with store.firm_transaction(firm.id, write=False):
        ctx = context_for_owner(store, deployment.catalog, firm)
        after = ""
        for _page in range(DEEP):
            after = documents.in_folder(ctx, folders[0], after, PAGE).after
    client = client_of(deployment, ADDRESS)
    floor = _milliseconds(client, "/sign-in?next=/")[ROUNDS // 2]
    here = f"/f/{firm.slug}/accounts/{account.public_id}"
    of_folder = f"folders/{folders[0].public_id}"
    full = f"{here}/documents/{of_folder}"
    for what, path in (
        ("first page of the tab", f"{here}/documents"),
        (f"a folder with {FOLDERS} folders", f"{here}/documents/folders/{top.public_id}"),
        (f"a folder with {LISTED // 5:,}, first page", full),
        (f"the same, page {DEEP}", f"{full}?after={after}"),
        ("a folder with 200", f"{here}/documents/folders/{folders[7].public_id}"),
        ("trash", f"{here}/documents/trash"),
    ):
        yield what, *_two(_milliseconds(client, path)), floor
    there = f"/p/{firm.slug}/{account.public_id}/documents"
    portal = client_of(deployment, CLIENT)
    for what, path in (("first page", there), ("the same folder", f"{there}/{of_folder}")):
        yield f"portal, {what}", *_two(_milliseconds(portal, path)), floor
    with store.firm_transaction(firm.id, write=True):
        change_edition(context_for_owner(store, deployment.catalog, firm), "lite")
    yield "Lite, the same folder", *_two(_milliseconds(client, full)), floor


def _two(times: Sequence[float]) -> tuple[float, float]:
    """The p50 and p95 of sorted times."""
    return times[len(times) // 2], times[len(times) * 95 // 100]


def _milliseconds(client: FlaskClient, path: str) -> Sequence[float]:
    taken = []
    for _ in range(ROUNDS + 1):
        start = time.perf_counter()
        assert client.get(path).status_code in (200, 302), path
        taken.append((time.perf_counter() - start) * 1000)
    return sorted(taken[1:])


def _fill(deployment: Deployment, firm: int, account: int, folders: Sequence[int]) -> None:
    mark = "?" if deployment.store.engine == "sqlite" else "%s"
    cursor = deployment.store.database.connection().cursor()
    for start in range(1, LISTED + 1, BATCH):
        keys = range(start, min(start + BATCH, LISTED + 1))
        files = [
            (k, firm, account, f"{firm}/00/{k:032x}", 1, "text/plain", 0, "", "") for k in keys
        ]
        rows = [_document(k, firm, account, folders) for k in keys]
        for table, columns, values in (
            ("stored_file", FILE_COLUMNS, files),
            ("documents_document", DOCUMENT_COLUMNS, rows),
        ):
            marks = ", ".join(mark for _ in columns.split(","))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)


def _document(key: int, firm: int, account: int, folders: Sequence[int]) -> tuple[object, ...]:
    folder = folders[0] if key % 5 == 0 else folders[key % len(folders)]
    name, by_client = f"Paper {key:06}.txt", key % 3 == 0
    lies = (key, firm, f"{key:032x}", account, folder, name, name.lower(), key, 1, "text/plain", 1)
    return (*lies, by_client, by_client and key % 2 == 0, "Anna", key, "", 1)


def _analyze(deployment: Deployment) -> None:
    store = deployment.store
    if store.engine == "sqlite":
        with store.deployment_transaction(write=True):
            store.database.execute_sql("ANALYZE")
        return
    owner = open_postgres(deployment.settings.owner_url)
    owner.database.execute_sql("VACUUM ANALYZE")
    owner.close()
