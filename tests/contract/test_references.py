"""What holds of every table that there is, so that a new one is held to it on the day it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg
import pytest

from crm_core.testing.catalogue import Catalogue, Index, of_postgres, of_sqlite

if TYPE_CHECKING:
    from web.bootstrap import Deployment

DEPLOYMENT = {
    *("person", "firm"),
    *("credential", "session", "signin_link", "signin_attempt", "passkey", "failed_sign_in"),
}
"""The tables that belong to no firm: a closed list."""

OUT_OF_THE_FIRM = {("firm_id",): ("firm", ("id",)), ("person_id",): ("person", ("id",))}
"""What a firm's row may refer to outside of its firm."""

INTO_A_FIRM = {("firm", "member")}
"""The firm names its owner."""

WITHOUT_FIRM_FIRST = {
    ("member", ("person_id",)): "a person's own memberships are found in every firm",
    ("client", ("person_id",)): "the firms of which a person is a client are found in every firm",
    ("outbox", ("due", "firm_id")): "the worker asks in which firms something is due",
    ("mail", ("due", "firm_id")): "the postman asks in which firms a mail is due",
}
"""Indexes for reading that do not begin with the firm, and why."""

NO_REFERENCE = {
    ("action_link", "email_id"): "the link is dead once the address is gone or another",
    ("portal_invitation", "email_id"): "the invitation outlives the address that it went to",
    ("notice", "email_id"): "nobody is told any more once the address is gone",
    ("reminder", "email_id"): "nobody is told any more once the address is gone",
    ("audit_entry", "member_id"): "the history outlives what it tells of",
    ("audit_entry", "account_id"): "the history outlives what it tells of",
    ("audit_entry", "contact_id"): "the history outlives what it tells of",
}
"""Columns that name a row of another table by its key and do not refer to it, and why."""

LEAST_TABLES, LEAST_REFERENCES = 16, 24


@pytest.fixture
def catalogue(deployment: Deployment, request: pytest.FixtureRequest) -> Catalogue:
    """The catalogue of a migrated database."""
    if deployment.store.engine == "sqlite":
        return of_sqlite(deployment.settings.folder / "crm.sqlite3")
    name = urlsplit(deployment.settings.database_url).path.strip("/")
    server = request.getfixturevalue("postgres_server")
    with psycopg.connect(server.url(name, "postgres")) as connection:
        return of_postgres(connection)


def test_the_tables_without_a_firm_are_a_closed_list(catalogue: Catalogue) -> None:
    assert set(catalogue.columns) - catalogue.firm_tables == DEPLOYMENT
    print(f"{len(catalogue.firm_tables)} tables of firms")
    assert len(catalogue.firm_tables) >= LEAST_TABLES


def test_a_reference_between_rows_of_firms_carries_the_firm_on_both_sides(
    catalogue: Catalogue,
) -> None:
    owned = catalogue.firm_tables
    for reference in catalogue.references:
        if reference.table in owned and reference.target in owned:
            assert reference.columns[0] == reference.to[0] == "firm_id", reference
            assert len(reference.columns) > 1, reference
    print(f"{len(catalogue.references)} references")
    assert len(catalogue.references) >= LEAST_REFERENCES


def test_what_leaves_a_firm_or_enters_one_is_a_closed_list(catalogue: Catalogue) -> None:
    owned = catalogue.firm_tables
    for reference in catalogue.references:
        if reference.table in owned and reference.target not in owned:
            known = OUT_OF_THE_FIRM[reference.columns]
            assert (reference.target, reference.to) == known, reference
        if reference.table not in owned and reference.target in owned:
            assert (reference.table, reference.target) in INTO_A_FIRM, reference


def test_every_table_of_a_firm_leads_to_the_firm(catalogue: Catalogue) -> None:
    leading = {"firm"}
    while (
        more := {
            reference.table
            for reference in catalogue.references
            if "firm_id" in reference.columns and reference.target in leading
        }
        - leading
    ):
        leading |= more
    assert catalogue.firm_tables <= leading


def test_the_firm_comes_first_in_a_unique_index_of_every_table(catalogue: Catalogue) -> None:
    keyed = {i.table for i in catalogue.indexes if i.unique and i.columns[:1] == ("firm_id",)}
    assert catalogue.firm_tables <= keyed


def test_the_firm_comes_first_in_every_index_but_those_with_a_reason(catalogue: Catalogue) -> None:
    other = {
        (index.table, index.columns)
        for index in catalogue.indexes
        if index.table in catalogue.firm_tables
        and index.columns[:1] != ("firm_id",)
        and not is_row_number(index)
    }
    assert other == set(WITHOUT_FIRM_FIRST)


def is_row_number(index: Index) -> bool:
    """Whether it is the key that the database counts up by itself."""
    return index.primary and index.columns in ((), ("id",))


def test_every_column_that_names_a_row_is_a_reference_or_has_a_reason(
    catalogue: Catalogue,
) -> None:
    named = {
        (table, column)
        for table in catalogue.firm_tables
        for column in catalogue.columns[table]
        if column.endswith("_id") and column != "public_id"
    }
    held = {
        (reference.table, column)
        for reference in catalogue.references
        for column in reference.columns
    }
    assert named - held == set(NO_REFERENCE)


def test_every_table_of_a_plugin_stands_in_one_dataset(deployment: Deployment) -> None:
    everything = deployment.catalog.everything
    tables = sorted((t.plugin, t.value.row._meta.table_name) for t in everything.tables)
    said = sorted((d.plugin, name) for d in everything.datasets for name in d.value.tables)
    assert tables == said
    assert tables
