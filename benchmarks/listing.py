"""The list of clients in a crowded firm: every order, first, deep and last pages, two filters."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from crm_core.contexts import context_for_owner
from crm_core.store.database import open_postgres
from crm_core.tags import TagChange, add_tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.searching import Crowd
    from web.bootstrap import Deployment

ROUNDS = 8
DEEP = 20
"""Pages that are turned before the deep one."""

EVERY = {"common": 3, "middling": 197, "rare": 997}
"""The tags, and how many clients there are for each that has it."""

ORDERS = ("name", "-name", "number", "-number", "created", "-created")


def tagged(deployment: Deployment, crowd: Crowd) -> Mapping[str, str]:
    """Gives every third client a common tag, every 197th a middling and every 997th a rare one.

    Every fourth becomes a company. It answers the tags' public ids.
    """
    store, firm = deployment.store, crowd.firm
    with store.firm_transaction(firm.id, write=True):
        ctx = context_for_owner(store, deployment.catalog, firm)
        tags = {name: add_tag(ctx, TagChange(name=name)) for name in EVERY}
        run = store.database.execute_sql
        for name, every in EVERY.items():
            run(
                "INSERT INTO account_tag (firm_id, account_id, tag_id) "
                f"SELECT firm_id, id, {tags[name].id} FROM account "
                f"WHERE firm_id = {firm.id} AND id = id / {every} * {every}"
            )
        run(f"UPDATE account SET type = 'business' WHERE firm_id = {firm.id} AND id = id / 4 * 4")
        run(f"UPDATE account SET created = id * 1000000 WHERE firm_id = {firm.id}")
        if store.engine == "sqlite":
            run("ANALYZE")
    if store.engine == "postgres":
        owner = open_postgres(deployment.settings.owner_url)
        owner.database.execute_sql("VACUUM ANALYZE")
        owner.close()
    return {name: tag.public_id for name, tag in tags.items()}


def list_times(crowd: Crowd, tags: Mapping[str, str]) -> Iterator[tuple[str, float, float]]:
    """What was asked, and p50 and p95 in milliseconds over all orders."""
    for what, query in (
        ("first page", ""),
        ("two filters that many fit", f"type=business&tag={tags['common']}"),
        ("two filters that some fit", f"type=business&tag={tags['middling']}"),
        ("two filters that few fit", f"type=business&tag={tags['rare']}"),
        ("no LOGIN, common tag", f"login=off&tag={tags['common']}"),
    ):
        taken = [
            _page(crowd, f"{query}&sort={order}")[0] for order in ORDERS for _ in range(ROUNDS)
        ]
        yield (what, *_percentiles(taken))
    deep = []
    for order in ORDERS:
        after = ""
        for _ in range(DEEP):
            took, after = _page(crowd, f"tag={tags['common']}&sort={order}&after={after}")
        deep.append(took)
    yield ("a deep page of a filter", *_percentiles(deep))


def _page(crowd: Crowd, query: str) -> tuple[float, str]:
    """How long a page takes, and from where the next one goes on."""
    start = time.perf_counter()
    answer = crowd.owner.get(f"/f/{crowd.firm.slug}/clients?{query}")
    taken = (time.perf_counter() - start) * 1000
    assert answer.status_code == 200
    return taken, answer.text.rpartition("after=")[2][:32]


def _percentiles(taken: list[float]) -> tuple[float, float]:
    taken.sort()
    return taken[len(taken) // 2], taken[len(taken) * 95 // 100]
