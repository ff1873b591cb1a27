"""What tests of tasks ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.plugins.tasks.people import Practice

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store


@pytest.fixture
def practice(
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
    client: FlaskClient,
    browser_for: Callable[[str], FlaskClient],
) -> Practice:
    """A firm with one account, and its owner's browser."""
    return Practice.of(store, catalog, owned_firm, client, browser_for)
