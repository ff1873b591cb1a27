"""Search as somebody types it, in one firm among ten: whole requests, p50 and p95.

CRM_BENCH_ACCOUNTS says how many accounts each firm has, CRM_BENCH_FIRMS how many firms there are;
a hundred thousand in each of ten takes minutes to fill.
"""

from __future__ import annotations

import os
import time
from random import Random
from typing import TYPE_CHECKING

from attrs import frozen

from benchmarks.deployments import PASSWORD, client_of
from crm_core.access import assign
from crm_core.contexts import context_for_owner
from crm_core.store.database import open_postgres
from crm_core.store.search_schema import index_of, make_searchable, row_number
from crm_core.store.searching import search_text
from crm_core.testing.builders import a_firm, a_person, an_employee
from web.signin.people import add_person

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from flask.testing import FlaskClient

    from crm_core.firms import Firm
    from web.bootstrap import Deployment

FIRMS = int(os.environ.get("CRM_BENCH_FIRMS", "10"))
ACCOUNTS = int(os.environ.get("CRM_BENCH_ACCOUNTS", "3000"))
ASSIGNED = 50
ROUNDS = 3
LETTERS = 8
SEARCH_TABLES = ("account_search", "contact_search")

_CONTACT = (
    "id, firm_id, public_id, name, sort_name, first_name, created, version, middle_name, "
    "last_name, company, phone, street, postcode, city, region, country"
)
_ACCOUNT = (
    "id, firm_id, public_id, number, name, sort_name, name_by_hand, type, anchor_contact_id, "
    "created, version, company_name, company_street, company_postcode, company_city, "
    "company_region, company_country"
)
_SYLLABLES = (
    *("ba", "be", "bo", "da", "de", "di", "ka", "ko", "la", "le", "li", "ma", "me", "mi", "na"),
    *("no", "pa", "pe", "ra", "re", "ri", "ro", "sa", "se", "si", "ta", "te", "ti", "to", "va"),
    *("ve", "vi", "wa", "we", "wi", "jan", "piet", "van", "der", "berg", "haan", "man", "sen"),
    *("son", "ini", "ov"),
)


@frozen
class Crowd:
    """The firm that is measured: its owner's and an employee's browsers, and words to type."""

    firm: Firm
    owner: FlaskClient
    employee: FlaskClient
    owners_words: Sequence[str]
    employees_words: Sequence[str]


@frozen
class Times:
    """Milliseconds of requests."""

    p50: float
    p95: float


def crowd(deployment: Deployment) -> Crowd:
    """Fills ten firms alike; the one in the middle is measured."""
    store = deployment.store
    people = {name: add_person(store, f"{name}@bench.example", PASSWORD) for name in ("o", "e")}
    firms = [
        a_firm(store, f"crowd-{place}", people["o"] if place == FIRMS // 2 else a_person(store))
        for place in range(FIRMS)
    ]
    measured = firms[FIRMS // 2]
    _without_indexes(deployment)
    names: list[str] = []
    for place, firm in enumerate(firms):
        made = _fill(deployment, firm, place * ACCOUNTS + 1)
        names = made if firm is measured else names
    _with_indexes(deployment)
    first = FIRMS // 2 * ACCOUNTS + 1
    with store.firm_transaction(measured.id, write=True):
        ctx = context_for_owner(store, deployment.catalog, measured)
        member = an_employee(ctx, person_id=people["e"])
        step = max(1, ACCOUNTS // ASSIGNED)
        mine = range(0, step * min(ASSIGNED, ACCOUNTS), step)
        for place in mine:
            assign(ctx, first + place, member)
    return Crowd(
        measured,
        client_of(deployment, "o@bench.example"),
        client_of(deployment, "e@bench.example"),
        _words(names),
        _words([names[place] for place in mine]),
    )


def typing(client: FlaskClient, firm: Firm, words: Sequence[str], letters: int = LETTERS) -> Times:
    """Each word typed letter by letter, one request for each letter, up to eight or so many."""
    taken = []
    for _ in range(ROUNDS):
        for word in words:
            for end in range(1, min(letters, len(word)) + 1):
                taken.append(_milliseconds(client, firm, word[:end]))
    taken.sort()
    return Times(taken[len(taken) // 2], taken[len(taken) * 95 // 100])


def nothing_typed(client: FlaskClient, firm: Firm) -> Times:
    """The floor: the same request with nothing to look for."""
    taken = sorted(_milliseconds(client, firm, "") for _ in range(100))
    return Times(taken[50], taken[95])


NOWHERE = ("qqxzyqxz", "zqxjqzxj", "xqzqxzqj", "qx@xq.qz", "jqxz7qzx")
"""Words whose letters stand together in no name here."""


def _milliseconds(client: FlaskClient, firm: Firm, text: str) -> float:
    start = time.perf_counter()
    answer = client.get(f"/f/{firm.slug}/search", query_string={"part": "hits", "q": text})
    taken = (time.perf_counter() - start) * 1000
    assert answer.status_code == 200
    return taken


def _words(names: Sequence[str]) -> Sequence[str]:
    random = Random(7)
    chosen = [random.choice(names).split() for _ in range(12)]
    return [word[place % 2].lower() for place, word in enumerate(chosen)]


def _fill(deployment: Deployment, firm: Firm, first: int) -> list[str]:
    """Accounts with a contact and an address each, in plain SQL, and the names they have."""
    random = Random(firm.id)
    store = deployment.store
    people = list(_people(random))
    with store.firm_transaction(firm.id, write=True):
        connection = store.database.connection()
        cursor = connection.cursor()
        mark = "?" if store.engine == "sqlite" else "%s"
        for table, columns, rows in _tables(firm, first, people):
            marks = ", ".join(mark for _ in columns.split(","))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
    return [name for name, _ in people]


def _people(random: Random) -> Iterator[tuple[str, str]]:
    firsts = ["".join(random.choices(_SYLLABLES, k=2)) for _ in range(800)]
    lasts = ["".join(random.choices(_SYLLABLES, k=3)) for _ in range(20_000)]
    for _ in range(ACCOUNTS):
        first, last = random.choice(firsts), random.choice(lasts)
        yield (
            f"{first.title()} {last.title()}",
            f"{first}.{last}@{random.choice(lasts)}.example",
        )


def _tables(
    firm: Firm, first: int, people: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, str, Iterable[tuple[object, ...]]]]:
    """Every table with its columns and rows; an account and its contact have the same key."""
    keyed = [(key, *person) for key, person in enumerate(people, first)]
    empty = ("",) * 9
    yield (
        "contact",
        _CONTACT,
        ((k, firm.id, f"{k:032x}", n, n.lower(), n.split()[0], 0, 1, *empty) for k, n, _ in keyed),
    )
    yield (
        "contact_email",
        "firm_id, contact_id, address, address_key, position",
        ((firm.id, k, address, address, 0) for k, _, address in keyed),
    )
    yield (
        "account",
        _ACCOUNT,
        (
            (
                *(k, firm.id, f"{k:032x}", f"A{k}", n, n.lower(), False, "individual", k, 0, 1),
                *empty[:6],
            )
            for k, n, _ in keyed
        ),
    )
    yield (
        "link",
        "firm_id, account_id, contact_id, description, version",
        ((firm.id, k, k, "", 1) for k, _, _ in keyed),
    )
    yield (
        "contact_search",
        "id, firm_id, contact_id, text",
        ((row_number(firm.id, k), firm.id, k, search_text((n, a))) for k, n, a in keyed),
    )
    yield (
        "account_search",
        "id, firm_id, account_id, text",
        (
            (row_number(firm.id, k), firm.id, k, search_text((n, f"A{k}", str(k), a)))
            for k, n, a in keyed
        ),
    )


def _without_indexes(deployment: Deployment) -> None:
    """On PostgreSQL an index is made quicker at once than row by row."""
    if deployment.store.engine == "postgres":
        owner = open_postgres(deployment.settings.owner_url)
        for table in SEARCH_TABLES:
            owner.database.execute_sql(f"DROP INDEX {index_of(table)}")
        owner.close()


def _with_indexes(deployment: Deployment) -> None:
    if deployment.store.engine == "sqlite":
        with deployment.store.deployment_transaction(write=True):
            deployment.store.database.execute_sql("ANALYZE")
        return
    owner = open_postgres(deployment.settings.owner_url)
    for table in SEARCH_TABLES:
        make_searchable(owner.database, table)
    owner.database.execute_sql("VACUUM ANALYZE")
    owner.close()
