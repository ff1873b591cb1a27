"""What is found follows every change, in the same transaction."""

from __future__ import annotations

import runpy
from pathlib import Path
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from crm_core import search_index
from crm_core.account_changes import (
    archive_account,
    change_account,
    delete_account,
    details_of,
)
from crm_core.accounts import account_of, visible_accounts
from crm_core.contact_changes import ContactChange, change_contact
from crm_core.contexts import context_for_owner
from crm_core.exchange.importing import import_contacts
from crm_core.finding import find_accounts, find_contacts
from crm_core.links import link_contact, linked_contacts, unlink_contact
from crm_core.refusals import Refused
from crm_core.store import search_schema
from crm_core.store.database import open_postgres, open_sqlite
from crm_core.store.searching import ACCOUNTS, by_index, search_text
from crm_core.store.tables import AccountRow, AccountSearchRow, ContactRow
from crm_core.testing.builders import a_contact, a_firm, an_account, as_owner

if TYPE_CHECKING:
    from crm_core.catalog import Catalog
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.links import LinkedContact
    from crm_core.store.database import Store
    from web.bootstrap import Deployment

MIGRATION = Path(search_schema.__file__).parent / "migrations" / "0008_search.py"


def found(ctx: Context, text: str) -> list[str]:
    return [hit.name for hit in find_accounts(ctx, text, 20)]


def found_contacts(ctx: Context, text: str) -> list[str]:
    return [hit.name for hit in find_contacts(ctx, text, 20)]


def test_a_text_to_be_found_by_has_each_word_once_with_room_before_it() -> None:
    text = search_text(("Anna Öz-Bos", "anna", "a.oz@x.example", ""))
    assert text == "  anna  oz-bos  bo  a.oz@x.example  oz  x  ex"


def test_linking_and_unlinking_are_followed(store: Store, catalog: Catalog, firm: Firm) -> None:
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx, "Bakery")
        key = a_contact(ctx, "Quintus", "q@far.example")
        assert found(ctx, "quintus") == []
        assert len(found_contacts(ctx, "quintus")) == 1
        link_contact(ctx, account, key)
        assert found(ctx, "quintus") == found(ctx, "@far") == ["Bakery"]
        unlink_contact(ctx, account, key)
        assert found(ctx, "quintus") == []


def test_a_new_name_and_a_new_address_are_followed(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx, "Bakery", first_name="Quintus")
        generated = an_account(ctx, first_name="Octavius")
        change_account(ctx, account, evolve(details_of(account), name="Butcher"))
        assert found(ctx, "bakery") == []
        assert found(ctx, "butcher") == ["Butcher"]
        (contact,) = linked_contacts(ctx, account)
        change_contact(ctx, contact, _changed(contact, "Septimus", "S@x.example"))
        assert found(ctx, "quintus") == found_contacts(ctx, "quintus") == []
        assert found(ctx, "septi") == found(ctx, "s@x") == ["Butcher"]
        assert found_contacts(ctx, "septi") == found_contacts(ctx, "s@x") == ["Septimus"]
        (contact,) = linked_contacts(ctx, generated)
        change_contact(ctx, contact, _changed(contact, "Nonus"))
        assert found(ctx, "octavius") == []
        assert found(ctx, "nonus") == ["Nonus"]


def _changed(contact: LinkedContact, name: str, *emails: str) -> ContactChange:
    return ContactChange(first_name=name, emails=emails, version=contact.version)


def test_what_is_undone_is_not_found(store: Store, catalog: Catalog, firm: Firm) -> None:
    with pytest.raises(ZeroDivisionError), as_owner(store, catalog, firm) as ctx:
        an_account(ctx, "Bakery")
        assert found(ctx, "bakery") == ["Bakery"]
        raise ZeroDivisionError
    with as_owner(store, catalog, firm, write=False) as ctx:
        assert found(ctx, "bakery") == []
        assert AccountSearchRow.of(ctx).count() == 0


def test_what_is_deleted_is_not_found(store: Store, catalog: Catalog, firm: Firm) -> None:
    with as_owner(store, catalog, firm) as ctx:
        key = a_contact(ctx, "Quintus")
        ContactRow.remove(ctx).where(ContactRow.id == key).execute()
        assert found_contacts(ctx, "quintus") == []
        # Another one may not be found by the letters of the first.
        a_contact(ctx, "Septimus")
        assert found_contacts(ctx, "quintus") == []


def test_an_account_that_is_deleted_is_not_found(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx, "Bakery", first_name="Quintus")
        archive_account(ctx, account)
        delete_account(ctx, account_of(ctx, account.public_id), "Bakery")
    with as_owner(store, catalog, firm) as ctx:
        assert found(ctx, "bakery") == []
        assert len(found_contacts(ctx, "quintus")) == 1
        assert AccountSearchRow.of(ctx).count() == 0


def test_imported_contacts_and_accounts_are_found(
    store: Store, catalog: Catalog, firm: Firm, tmp_path: Path
) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text(
        "First name,Last name,Email,Account\n"
        "Anna,Bos,a@x.example,Bakery\nQuin,Tus,q@y.example,Bakery\n"
    )
    with as_owner(store, catalog, firm, write=False) as ctx:
        pass
    import_contacts(ctx, path)
    with as_owner(store, catalog, firm) as ctx:
        assert found(ctx, "bakery") == found(ctx, "anna") == found(ctx, "q@y") == ["Bakery"]
        assert found_contacts(ctx, "quin tus") == ["Quin Tus"]
    assert search_index.rebuild(ctx) == 0


def test_two_who_link_to_one_account_at_once_are_both_found(
    deployment: Deployment, firm: Firm
) -> None:
    store, catalog = deployment.store, deployment.catalog
    with as_owner(store, catalog, firm) as ctx:
        public_id = an_account(ctx, "Bakery").public_id
        keys = [a_contact(ctx, name) for name in ("Quintus", "Septimus")]
    together = Barrier(2)

    def link(key: int) -> None:
        together.wait()
        with store.firm_transaction(firm.id, write=True):
            ctx = context_for_owner(store, catalog, firm)
            link_contact(ctx, account_of(ctx, public_id), key)
        store.close()

    threads = [Thread(target=link, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with as_owner(store, catalog, firm, write=False) as ctx:
        assert found(ctx, "quintus") == found(ctx, "septimus") == ["Bakery"]


def test_rebuilding_mends_what_is_wrong_and_says_how_much(
    store: Store, catalog: Catalog, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "BATCH", 2)
    with as_owner(store, catalog, firm) as ctx:
        for name in ("Bakery", "Butcher", "Brewer"):
            an_account(ctx, name)
    assert search_index.rebuild(ctx) == 0
    with as_owner(store, catalog, firm) as ctx:
        AccountSearchRow.remove(ctx).execute()
        assert found(ctx, "akery") == []
    assert search_index.rebuild(ctx) == 3
    assert search_index.rebuild(ctx) == 0
    with as_owner(store, catalog, firm) as ctx:
        assert found(ctx, "akery") == ["Bakery"]


def test_the_migration_fills_in_what_was_stored_before(
    deployment: Deployment, catalog: Catalog, request: pytest.FixtureRequest
) -> None:
    """Upgrading: as the owner of the tables, who sees no rows without naming a firm."""
    store = deployment.store
    firms = [a_firm(store), a_firm(store)]
    for each in firms:
        with as_owner(store, catalog, each) as ctx:
            account = an_account(ctx, f"Bakery {each.slug}", first_name="Quintus")
            link_contact(ctx, account, a_contact(ctx, "Anna", "a@x.example", "b@x.example"))
            link_contact(ctx, account, a_contact(ctx, "Quintus", "c@x.example"))
    store.close()
    migrating = _owner_of(deployment)
    with migrating.database.connection_context(), migrating.database.atomic():
        for table in ("account_search", "contact_search"):
            if migrating.engine == "sqlite":
                migrating.database.execute_sql(f"DROP TABLE {table}_index")
            migrating.database.execute_sql(f"DROP TABLE {table}")
        runpy.run_path(str(MIGRATION))["up"](None, migrating.database)
        if migrating.engine == "postgres":
            migrating.database.execute_sql(
                "GRANT ALL ON ALL TABLES IN SCHEMA public TO crm_serving"
            )
    migrating.close()
    for each in firms:
        with as_owner(store, catalog, each) as ctx:
            assert found(ctx, "a@x") == [f"Bakery {each.slug}"]
        assert search_index.rebuild(ctx) == 0


def _owner_of(deployment: Deployment) -> Store:
    """The same database as the role that migrates."""
    if deployment.store.engine == "sqlite":
        return open_sqlite(deployment.settings.folder)
    return open_postgres(deployment.settings.owner_url)


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
def test_an_owner_who_may_not_create_the_extensions_is_told_so(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_schema, "EXTENSIONS", ("not_there",))
    with (
        store.deployment_transaction(write=True),
        pytest.raises(Refused, match="CREATE EXTENSION not_there"),
        store.savepoint(),
    ):
        search_schema.create_extensions(store.database)


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
def test_the_index_is_asked_for_the_firm_and_the_text_together(
    deployment: Deployment, catalog: Catalog, firm: Firm
) -> None:
    """The driver's small numbers are no bigints: with one of those the index reads every firm."""
    owner = open_postgres(deployment.settings.owner_url)
    owner.database.execute_sql("DROP INDEX accountsearch_firm_id_account_id")
    owner.close()
    store = deployment.store
    with as_owner(store, catalog, firm, write=False) as ctx, store.by_indexes():
        query = by_index(ctx, visible_accounts(ctx, AccountRow.id), ACCOUNTS, ["bakery"])
        sql, values = query.sql()
        lines = store.database.execute_sql(f"EXPLAIN {sql}", values).fetchall()
    asked = f"Index Cond: ((firm_id = '{firm.id}'::bigint) AND (text ~~ '%bakery%'"
    assert [line for (line,) in lines if line.strip().startswith(asked)], lines
