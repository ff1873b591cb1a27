"""Tags (features.md 1.5): unique however spelled, kept when renamed and merged, filtered by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core.access import assign
from crm_core.accounts import AccountType
from crm_core.listing import narrowing
from crm_core.listing.accounts import AccountFilter, AccountOrder, list_accounts
from crm_core.permissions import MANAGE_TAGS
from crm_core.refusals import NotAllowed, Refused, Stale
from crm_core.tags import (
    Colour,
    TagChange,
    add_tag,
    change_tag,
    delete_tag,
    list_tags,
    merge_tags,
    set_tags,
    tag_of,
    tags_of_accounts,
    uses_of_tags,
)
from crm_core.testing.builders import a_person, an_account, an_employee, as_owner, as_person

if TYPE_CHECKING:
    from crm_core.catalog import Catalog
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.store.database import Store


def named(ctx: Context, name: str) -> int:
    return add_tag(ctx, TagChange(name=name)).id


def test_a_name_is_taken_however_it_is_spelled(store: Store, catalog: Catalog, firm: Firm) -> None:
    with as_owner(store, catalog, firm) as ctx:
        add_tag(ctx, TagChange(name="  Décembre "))
        for name in ("décembre", "DECEMBRE"):
            with pytest.raises(Refused, match="There is a tag"):
                add_tag(ctx, TagChange(name=name))
        with pytest.raises(Refused, match="needs a name"):
            add_tag(ctx, TagChange(name="   "))
        assert [tag.name for tag in list_tags(ctx)] == ["Décembre"]


def test_a_renamed_tag_stays_where_it_is(store: Store, catalog: Catalog, firm: Firm) -> None:
    """1.5; ACC-15."""
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx)
        tag = add_tag(ctx, TagChange(name="VAT", colour=Colour.RED))
        set_tags(ctx, account, [tag.id])
        change_tag(ctx, tag, TagChange(name="VAT quarterly", colour=Colour.BLUE, version=1))
        (carried,) = tags_of_accounts(ctx, [account.id])[account.id]
        assert (carried.name, carried.colour) == ("VAT quarterly", Colour.BLUE)
        with pytest.raises(Stale):
            change_tag(ctx, carried, TagChange(name="Other", version=1))


def test_merged_tags_keep_every_assignment_once(store: Store, catalog: Catalog, firm: Firm) -> None:
    with as_owner(store, catalog, firm) as ctx:
        one, two, both = (an_account(ctx) for _ in range(3))
        first, second = (add_tag(ctx, TagChange(name=name)) for name in ("First", "Second"))
        set_tags(ctx, one, [first.id])
        set_tags(ctx, two, [second.id])
        set_tags(ctx, both, [first.id, second.id])
        with pytest.raises(Refused, match="into itself"):
            merge_tags(ctx, first, first)
        assert merge_tags(ctx, first, second) == 2
        assert [tag.name for tag in list_tags(ctx)] == ["Second"]
        assert uses_of_tags(ctx) == {second.id: 3}
        delete_tag(ctx, tag_of(ctx, second.public_id))
        assert tags_of_accounts(ctx, [one.id, two.id]) == {one.id: [], two.id: []}


def test_tags_need_their_right_and_an_account_its_own(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """1.7, PER-4."""
    emil, tess = a_person(store), a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx)
        an_employee(ctx, accounts=(account,), person_id=emil)
        an_employee(ctx, MANAGE_TAGS, accounts=(account,), person_id=tess)
    with as_person(store, catalog, firm, tess) as ctx:
        tag = add_tag(ctx, TagChange(name="VAT"))
    with pytest.raises(NotAllowed), as_person(store, catalog, firm, tess) as ctx:
        set_tags(ctx, account, [tag.id])
    with pytest.raises(NotAllowed), as_person(store, catalog, firm, emil) as ctx:
        delete_tag(ctx, tag)


def test_a_tag_that_is_gone_cannot_be_given(store: Store, catalog: Catalog, firm: Firm) -> None:
    with pytest.raises(Refused, match="was deleted"), as_owner(store, catalog, firm) as ctx:
        set_tags(ctx, an_account(ctx), [0])


@pytest.mark.parametrize(("few", "some"), [(3_000, 20_000), (0, 20_000), (0, 0)])
def test_lst_1_filters_combine_in_every_order_whether_few_some_or_many_fit(
    store: Store, catalog: Catalog, firm: Firm, monkeypatch: pytest.MonkeyPatch, few: int, some: int
) -> None:
    """LST-1; with several tags an account needs all, or any (1.5)."""
    monkeypatch.setattr(narrowing, "FEW", few)
    monkeypatch.setattr(narrowing, "SOME", some)
    monkeypatch.setattr(narrowing, "SOME_TO_COUNT", some)
    emil = a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        accounts = {name: an_account(ctx, name) for name in ("A", "B", "C", "D")}
        vat, pay = named(ctx, "VAT"), named(ctx, "Payroll")
        set_tags(ctx, accounts["A"], [vat])
        set_tags(ctx, accounts["B"], [vat, pay])
        set_tags(ctx, accounts["C"], [vat, pay])
        member = an_employee(ctx, person_id=emil)
        assign(ctx, accounts["B"].id, member)
        assign(ctx, accounts["D"].id, member)

        def found(**wanted: object) -> str:
            page = list_accounts(ctx, AccountFilter(**wanted))  # type: ignore[arg-type]
            assert page.count == len(page.accounts)
            return "".join(account.name for account in page.accounts)

        assert found(tags=(vat,)) == "ABC"
        assert found(tags=(vat, pay)) == "BC"
        assert found(tags=(vat, pay), any_tag=True) == "ABC"
        assert found(member=member) == "BD"
        assert found(tags=(vat,), member=member) == "B"
        assert found(type=AccountType.BUSINESS) == ""
        assert found(type=AccountType.INDIVIDUAL, tags=(pay,)) == "BC"
        for order in AccountOrder:
            seen: list[str] = []
            after = ""
            while True:
                page = list_accounts(
                    ctx, AccountFilter(tags=(vat,)), order=order, size=1, after=after
                )
                seen += [account.name for account in page.accounts]
                after = page.after
                if not after:
                    break
            backwards = order.value.startswith("-") and order is not AccountOrder.NEWEST
            assert sorted(seen) == ["A", "B", "C"]
            if order is not AccountOrder.NEWEST:
                assert seen == sorted(seen, reverse=backwards)
            before = list_accounts(
                ctx,
                AccountFilter(tags=(vat,)),
                order=order,
                size=5,
                before=page.accounts[0].public_id,
            )
            assert [account.name for account in before.accounts] == seen[:-1]
