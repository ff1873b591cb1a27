"""The photo of an account: kept in two sizes, seen by whoever sees the account (I2, R3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from crm_core.accounts import account_of
from crm_core.audit import history
from crm_core.images import Pictures
from crm_core.permissions import MANAGE_ACCOUNTS
from crm_core.photos import photo_of, photos_of, picture_of, remove_photo, set_photo
from crm_core.pictures import Kept, Size
from crm_core.refusals import NotAllowed, NotFound, Stale, StorageFull
from crm_core.testing.builders import (
    a_firm,
    a_person,
    an_account,
    an_employee,
    as_owner,
    as_person,
)
from crm_core.testing.recording import recorded

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store

ONE = Pictures(small=b"\xff\xd8\x00 one", large=b"\xff\xd8\x00 one, large")
OTHER = Pictures(small=b"\xff\xd8\x00 other", large=b"\xff\xd8\x00 other, large")


@pytest.fixture
def account(store: Store, catalog: Catalog, firm: Firm) -> Account:
    with as_owner(store, catalog, firm) as ctx:
        return an_account(ctx, "Bakery")


def test_a_photo_is_kept_in_two_sizes_replaced_and_removed(
    store: Store, catalog: Catalog, firm: Firm, account: Account
) -> None:
    """I2."""
    with as_owner(store, catalog, firm) as ctx:
        assert photo_of(ctx, account) is None
        set_photo(ctx, account, ONE, 0)
    with as_owner(store, catalog, firm, write=False) as ctx:
        first = photo_of(ctx, account)
        assert picture_of(ctx, account, Size.SMALL) == (first, ONE.small)
        assert picture_of(ctx, account, Size.LARGE) == (first, ONE.large)
    with as_owner(store, catalog, firm) as ctx:
        set_photo(ctx, account, OTHER, 1)
    with as_owner(store, catalog, firm) as ctx:
        second = photo_of(ctx, account)
        assert first is not None
        assert second is not None
        assert (first.version, second.version) == (1, 2)
        assert first.digest != second.digest
        assert picture_of(ctx, account, Size.LARGE) == (second, OTHER.large)
        remove_photo(ctx, account)
    with as_owner(store, catalog, firm, write=False) as ctx:
        assert photo_of(ctx, account) is None
        with pytest.raises(NotFound):
            picture_of(ctx, account, Size.SMALL)


def test_the_photos_of_many_accounts_cost_one_query_and_no_picture(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """I2, R3."""
    with as_owner(store, catalog, firm) as ctx:
        accounts = [an_account(ctx) for _ in range(6)]
        for account in accounts[::2]:
            set_photo(ctx, account, ONE, 0)
    with as_owner(store, catalog, firm, write=False) as ctx, recorded(store) as statements:
        found = photos_of(ctx, [account.id for account in accounts])
        assert photos_of(ctx, []) == {}
    assert set(found) == {account.id for account in accounts[::2]}
    assert {photo.version for photo in found.values()} == {1}
    assert len([sql for sql in statements if "account_photo" in sql]) <= 2
    assert not [sql for sql in statements if '"small"' in sql or '"large"' in sql]


@pytest.mark.parametrize("version", [0, 2])
def test_a_photo_that_somebody_else_changed_is_not_overwritten(
    store: Store, catalog: Catalog, firm: Firm, account: Account, version: int
) -> None:
    """I2: of two who choose a photo at once, the second is told."""
    with as_owner(store, catalog, firm) as ctx:
        set_photo(ctx, account, ONE, 0)
    with pytest.raises(Stale) as refused, as_owner(store, catalog, firm) as ctx:
        set_photo(ctx, account, OTHER, version)
    assert refused.value.version == 1
    with as_owner(store, catalog, firm) as ctx:
        assert picture_of(ctx, account, Size.SMALL)[1] == ONE.small
        remove_photo(ctx, account)
    with pytest.raises(Stale) as refused, as_owner(store, catalog, firm) as ctx:
        set_photo(ctx, account, OTHER, 1)
    assert refused.value.version == 0


def test_changing_a_photo_needs_the_right_and_seeing_it_does_not(
    store: Store, catalog: Catalog, firm: Firm, account: Account
) -> None:
    """I2, PER-1."""
    plain, managing = a_person(store), a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        an_employee(ctx, person_id=plain, accounts=(account,))
        an_employee(ctx, MANAGE_ACCOUNTS, person_id=managing, accounts=(account,))
        set_photo(ctx, account, ONE, 0)
    with as_person(store, catalog, firm, plain) as ctx:
        assert picture_of(ctx, account_of(ctx, account.public_id), Size.SMALL)[1] == ONE.small
        with pytest.raises(NotAllowed):
            set_photo(ctx, account, OTHER, 1)
        with pytest.raises(NotAllowed):
            remove_photo(ctx, account)
    with as_person(store, catalog, firm, managing) as ctx:
        set_photo(ctx, account, OTHER, 1)
        remove_photo(ctx, account)


def test_another_firm_reaches_no_photo(
    store: Store, catalog: Catalog, firm: Firm, account: Account
) -> None:
    other = a_firm(store)
    with as_owner(store, catalog, firm) as ctx:
        set_photo(ctx, account, ONE, 0)
    with as_owner(store, catalog, other) as ctx:
        assert photos_of(ctx, [account.id]) == {}
        remove_photo(ctx, account)
        with pytest.raises(NotFound):
            picture_of(ctx, account, Size.LARGE)
    with as_owner(store, catalog, firm, write=False) as ctx:
        assert isinstance(photo_of(ctx, account), Kept)


def test_the_history_tells_of_photos_without_the_picture(
    store: Store, catalog: Catalog, firm: Firm, account: Account
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        set_photo(ctx, account, ONE, 0)
        first = photo_of(ctx, account)
        set_photo(ctx, account, OTHER, 1)
        second = photo_of(ctx, account)
        remove_photo(ctx, account)
        remove_photo(ctx, account)
    with as_owner(store, catalog, firm, write=False) as ctx:
        told = [
            (entry.event, dict(entry.before), dict(entry.after))
            for entry in history(ctx, account_id=account.id).entries
        ]
    assert first is not None
    assert second is not None
    assert told[:3] == [
        ("accounts.photo_removed", {"photo": second.digest}, {}),
        ("accounts.photo_changed", {"photo": first.digest}, {"photo": second.digest}),
        ("accounts.photo_changed", {}, {"photo": first.digest}),
    ]
    assert len(told) == 4


def test_a_photo_of_an_account_that_is_not_there_cannot_be_kept(
    store: Store, catalog: Catalog, firm: Firm, account: Account
) -> None:
    from peewee import IntegrityError

    other = a_firm(store)
    with as_owner(store, catalog, other) as ctx:
        foreign = an_account(ctx)
    for gone in (foreign, evolve(account, id=10**9)):
        with pytest.raises(IntegrityError), as_owner(store, catalog, firm) as ctx:
            set_photo(ctx, gone, ONE, 0)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_on_a_full_disk_nothing_is_half_kept(
    store: Store, catalog: Catalog, firm: Firm, account: Account
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        set_photo(ctx, account, ONE, 0)
    pages = store.database.execute_sql("PRAGMA page_count").fetchone()[0]
    store.database.execute_sql(f"PRAGMA max_page_count = {pages}")
    large = Pictures(small=b"s" * 100_000, large=b"l" * 100_000)
    with pytest.raises(StorageFull), as_owner(store, catalog, firm) as ctx:
        set_photo(ctx, account, large, 1)
    with as_owner(store, catalog, firm, write=False) as ctx:
        assert picture_of(ctx, account, Size.LARGE)[1] == ONE.large
        assert len(history(ctx, account_id=account.id).entries) == 2
