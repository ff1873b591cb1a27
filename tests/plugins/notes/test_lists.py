"""What notes add to the list of clients: a column and a filter."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crm_core.testing.builders import an_account, as_owner
from plugins.notes import store as notes
from tests.web.test_list_filters import CLIENTS, names

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store


def test_clients_are_found_by_how_long_ago_something_was_noted(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm
) -> None:
    """LST-1: what plugins add."""
    with as_owner(store, catalog, owned_firm) as ctx:
        for name, days in (("Fresh", [2, 400]), ("Stale", [120]), ("Old", [500]), ("Never", [])):
            account = an_account(ctx, name)
            for past in days:
                at = ctx.now - timedelta(days=past)
                notes.add_note(ctx, account.id, "Called.", pinned=past > 300, at=at)

    def found(chosen: str) -> list[str]:
        return names(client, CLIENTS, **{"notes.since": chosen})

    assert found("month") == ["Fresh"]
    assert found("no-quarter") == ["Never", "Old", "Stale"]
    assert found("no-year") == ["Never", "Old"]
    assert found("nonsense") == ["Fresh", "Never", "Old", "Stale"]
    html = client.get(CLIENTS, query_string={"column": "notes.last"}).text
    assert "Last note" in html
    assert html.count("<time") == 3
