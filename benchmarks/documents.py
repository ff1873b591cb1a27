"""Search among many documents as somebody types: by names and by the words of texts.

CRM_BENCH_DOCUMENTS says how many the measured firm has, CRM_BENCH_WORDS how many words each; some
stand in most texts and most in hardly any.
"""

from __future__ import annotations

import os
from random import Random
from typing import TYPE_CHECKING

from benchmarks.searching import ACCOUNTS, FIRMS, typing
from crm_core.store.database import open_postgres
from crm_core.store.search_schema import index_of, make_searchable, row_number
from crm_core.store.searching import search_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from benchmarks.searching import Crowd
    from crm_core.store.database import Store
    from web.bootstrap import Deployment

DOCUMENTS = int(os.environ.get("CRM_BENCH_DOCUMENTS", "100000"))
WORDS = int(os.environ.get("CRM_BENCH_WORDS", "100"))
VOCABULARY = 30_000
BATCH = 2_000
SEARCH_TABLES = ("documents_name_search", "documents_text_search")

_KINDS = ("Invoice", "Return", "Statement", "Contract", "Letter", "Payslip", "Assessment", "Scan")
FILE_COLUMNS = "id, firm_id, account_id, key, size, kind, created, sha256, blocks"
_FOLDER = "id, firm_id, public_id, account_id, name, name_key, access, created, version"
DOCUMENT_COLUMNS = (
    "id, firm_id, public_id, account_id, folder_id, name, name_key, file_id, size, kind, number, "
    "from_client, fresh, uploaded_by, uploaded, trashed_by, version"
)


def document_times(deployment: Deployment, crowd: Crowd) -> Iterator[tuple[str, float, float]]:
    """What is typed, by whom, and the p50 and p95 of whole requests in milliseconds."""
    words = list(_vocabulary())
    _fill(deployment, crowd, words)
    for what, client, typed in (
        ("owner, names", crowd.owner, ("invoice", "payslip 20", "statement", "letter 19")),
        ("owner, common words of texts", crowd.owner, words[:4]),
        ("owner, rare words of texts", crowd.owner, words[9_000:9_008]),
        ("owner, two words", crowd.owner, (f"{words[0]} {words[5_000]}", f"{words[3]} scan")),
        ("employee with 50", crowd.employee, (*words[:2], *words[9_000:9_002], "invoice")),
    ):
        times = typing(client, crowd.firm, typed, letters=20)
        yield what, times.p50, times.p95


def _vocabulary() -> Iterator[str]:
    random, known = Random(5), set[str]()
    while len(known) < VOCABULARY:
        word = "".join(random.choices("bdfgklmnprstvz", k=4))
        word = "".join(f"{letter}{random.choice('aeiou')}" for letter in word)[
            : random.randint(4, 8)
        ]
        if word not in known:
            known.add(word)
            yield word


def _fill(deployment: Deployment, crowd: Crowd, words: Sequence[str]) -> None:
    """Rows in plain SQL; an index is made quicker at once than row by row."""
    store, firm = deployment.store, crowd.firm
    first = FIRMS // 2 * ACCOUNTS + 1
    owner = store if store.engine == "sqlite" else open_postgres(deployment.settings.owner_url)
    with owner.deployment_transaction(write=True):
        for table in SEARCH_TABLES:
            _drop_index(owner, table)
    mark = "?" if store.engine == "sqlite" else "%s"
    for start in range(0, DOCUMENTS, BATCH):
        with store.firm_transaction(firm.id, write=True):
            cursor = store.database.connection().cursor()
            for table, columns, rows in _tables(firm.id, first, start, words):
                marks = ", ".join(mark for _ in columns.split(","))
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
    with owner.deployment_transaction(write=True):
        for table in SEARCH_TABLES:
            make_searchable(owner.database, table)
            if store.engine == "sqlite":
                index = index_of(table)
                owner.database.execute_sql(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")
        owner.database.execute_sql("ANALYZE")
    if owner is not store:
        owner.close()


def _drop_index(owner: Store, table: str) -> None:
    if owner.engine == "postgres":
        owner.database.execute_sql(f"DROP INDEX {index_of(table)}")
        return
    for change in ("insert", "delete", "update"):
        owner.database.execute_sql(f"DROP TRIGGER {table}_{change}")
    owner.database.execute_sql(f"DROP TABLE {index_of(table)}")


def _tables(
    firm: int, first: int, start: int, words: Sequence[str]
) -> Iterator[tuple[str, str, Iterable[tuple[object, ...]]]]:
    """Every table with its columns and rows; a document and its file have the same key."""
    random = Random(start)
    if not start:
        yield (
            "documents_folder",
            _FOLDER,
            (
                (key, firm, f"{key:032x}", key, "", "", "edits", 0, 1)
                for key in range(first, first + ACCOUNTS)
            ),
        )
    keyed = [
        (
            key,
            first + key % ACCOUNTS,
            f"{random.choice(_KINDS)} {key % 2000} {random.choice(words)}.pdf",
        )
        for key in range(start + 1, start + 1 + BATCH)
    ]
    yield (
        "stored_file",
        FILE_COLUMNS,
        ((k, firm, a, f"{firm}/00/{k:032x}", 1, "application/pdf", 0, "", "") for k, a, _ in keyed),
    )
    yield (
        "documents_document",
        DOCUMENT_COLUMNS,
        (
            (
                *(k, firm, f"{k:032x}", a, a, n, n.lower(), k, 1, "application/pdf", 1),
                *(False, False, "Anna", 0, "", 1),
            )
            for k, a, n in keyed
        ),
    )
    columns = "id, firm_id, document_id, text"
    named = [(row_number(firm, k), firm, k, search_text((n,))) for k, _, n in keyed]
    yield SEARCH_TABLES[0], columns, named
    yield (
        SEARCH_TABLES[1],
        columns,
        ((*row, f"{text}\n{search_text(_written(random, words))}") for *row, text in named),
    )


def _written(random: Random, words: Sequence[str]) -> Iterator[str]:
    """Words of a text: the first of the vocabulary are in most of them, the last in few."""
    for _ in range(WORDS):
        yield words[min(len(words) - 1, int(random.paretovariate(0.35)) - 1)]
