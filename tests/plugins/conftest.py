"""An account with its owner, an employee, and two clients, for the tests of documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core.access import assign
from crm_core.links import link_contact
from crm_core.testing.builders import a_client, a_contact, an_account, an_employee, as_owner
from tests.conftest import PASSWORD
from tests.plugins.documents.people import ANNA, BEN, EMIL, Practice
from web.signin.people import add_person

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store


@pytest.fixture
def practice(
    store: Store,
    catalog: Catalog,
    app: Flask,
    owned_firm: Firm,
    client: FlaskClient,
    browser_for: Callable[[str], FlaskClient],
) -> Practice:
    people = {who: add_person(store, who, PASSWORD) for who in (ANNA, BEN, EMIL)}
    with as_owner(store, catalog, owned_firm) as ctx:
        account = an_account(ctx, "Bakery", emails=(ANNA,))
        link_contact(ctx, account, a_contact(ctx, "Ben", BEN))
        a_client(ctx, account, people[ANNA], ANNA)
        a_client(ctx, account, people[BEN], BEN)
        assign(ctx, account.id, an_employee(ctx, person_id=people[EMIL]))
    return Practice(store, catalog, owned_firm, client, browser_for, account, people)
