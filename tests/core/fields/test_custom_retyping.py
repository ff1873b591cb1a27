"""Another type for a field: every pair of types, and nothing that stood there is lost (1.4)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from crm_core.audit import history
from crm_core.fields.defining import field_named
from crm_core.fields.kinds import KINDS
from crm_core.fields.reading import facts_of_accounts, facts_of_contacts, values_of_accounts
from crm_core.fields.retyping import change_type, type_change
from crm_core.fields.values import FieldType
from crm_core.links import link_contact, linked_contacts
from crm_core.permissions import MANAGE_FIELDS, VIEW_ALL_ACCOUNTS
from crm_core.refusals import NotAllowed, Refused, Stale
from crm_core.store.tables import ContactEmailRow, CustomValueRow
from crm_core.testing.builders import (
    a_contact,
    a_person,
    an_account,
    an_employee,
    as_owner,
    as_person,
)
from crm_core.testing.recording import recorded
from tests.core.fields.filled import a_field, fill

if TYPE_CHECKING:
    from crm_core.catalog import Catalog
    from crm_core.context import Context
    from crm_core.fields.values import CustomField
    from crm_core.firms import Firm
    from crm_core.store.database import Store

TYPED = {
    "text": ["Dossier 7", "1,234.5", "2026-02-28", "yes", "a@x.example", "020 123 4567", "x.nl"],
    "long_text": ["one\ntwo", "1234.5", "2026-02-28", "no", "a@x.example", "020 123 4567", "x.nl"],
    "number": ["1,234.5", "-7", "1", "201234567"],
    "date": ["2026-02-28"],
    "money": ["1,234.5", "10 USD", "1"],
    "yes_no": ["yes", "no"],
    "choice": ["Gold", "Silver"],
    "several": ["Gold", "Gold\nSilver"],
    "email": ["Anna@x.example"],
    "phone": ["020 123 4567"],
    "web": ["example.com/a"],
}

CONVERTING = {
    "text": "text long_text number date money yes_no choice several email phone web",
    "long_text": "text long_text number date money yes_no choice several email phone web",
    "number": "text long_text number money yes_no choice several phone",
    "date": "text long_text date choice several",
    "money": "text long_text number money choice several",
    "yes_no": "text long_text yes_no choice several",
    "choice": "text long_text choice several",
    "several": "text long_text choice several",
    "email": "text long_text choice several email",
    "phone": "text long_text choice several phone",
    "web": "text long_text choice several web",
}
"""From each type: those to which some of these examples convert."""


def shown(ctx: Context, field: CustomField, keys: list[int]) -> list[tuple[str, bool]]:
    """What each account shows in the field, and whether it fits."""
    facts = facts_of_accounts(ctx, keys)
    return [
        (str(fact.value), fact.fits)
        for key in keys
        for fact in facts.get(key, ())
        if str(fact.label) == field.label
    ]


@pytest.mark.parametrize("source", sorted(TYPED))
def test_nothing_is_lost_whatever_the_types(
    store: Store, catalog: Catalog, firm: Firm, source: str
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        keys = [an_account(ctx).id for _ in TYPED[source]]
        for target in (type_ for type_ in FieldType if type_ != source):
            field = a_field(ctx, type_=source, label=f"To {target}")
            for key, typed in zip(keys, TYPED[source], strict=True):
                sent = typed.split("\n") if source == "several" else typed
                assert fill(ctx, "account", key, {field: sent}) == {}
            before = shown(ctx, field, keys)
            report = type_change(ctx, field, target)
            assert report.converting + report.staying == len(keys)
            assert (report.converting > 0) == (target in CONVERTING[source].split()), target
            done = change_type(ctx, field, target, field.version)
            after = shown(ctx, field_named(ctx, field.public_id), keys)
            assert (done.converting, done.staying) == (report.converting, report.staying)
            assert len(after) == len(keys)
            assert sum(fits for _, fits in after) == report.converting
            for (was, _), (now, fits), typed in zip(before, after, TYPED[source], strict=True):
                types = {source, target}
                if fits:
                    assert meaning(now, types) == meaning(was, types), (source, target)
                else:
                    # As it was typed: a text or an amount may have been shown in groups.
                    same = {meaning(was, types), meaning(typed, types)}
                    assert meaning(now, types) in same, (source, target)


def meaning(text: str, types: set[str]) -> str:
    """What a value says, less the signs in which types write the same differently."""
    text = text.casefold()
    for sign in ("us$", "usd", "eur", "€", "https://"):
        text = text.replace(sign, "").strip()
    if "yes_no" in types:
        text = {"1": "yes", "0": "no"}.get(text, text)
    text = {"28 feb 2026": "2026-02-28", "+31 20 123 4567": "020 123 4567"}.get(text, text)
    try:
        return format(Decimal(text.replace(",", "")).normalize(), "f")
    except InvalidOperation:
        return "".join(text.replace(",", "").replace("+31", "").split()).removeprefix("0")


def test_what_did_not_convert_stays_beside_the_field_and_returns_with_a_type_that_it_fits(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        good, bad = an_account(ctx).id, an_account(ctx).id
        field = a_field(ctx, label="Staff")
        fill(ctx, "account", good, {field: "12"})
        fill(ctx, "account", bad, {field: "a dozen"})
        report = change_type(ctx, field, FieldType.NUMBER, 1)
        assert (report.examples, report.left) == ([("12", "12")], ["a dozen"])
        field = field_named(ctx, field.public_id)
        assert shown(ctx, field, [good, bad]) == [("12", True), ("a dozen", False)]
        # Saving the form as it is keeps it; so it does when another field is filled in.
        other = a_field(ctx, label="Other")
        fill(ctx, "account", bad, {other: "x"})
        assert ("a dozen", False) in shown(ctx, field, [bad])
        change_type(ctx, field, FieldType.TEXT, field.version)
        assert shown(ctx, field, [good, bad]) == [("12", True), ("a dozen", True)]


def test_what_was_kept_is_replaced_or_removed_by_hand(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        one, two = an_account(ctx).id, an_account(ctx).id
        field = a_field(ctx, label="Staff")
        for key in (one, two):
            fill(ctx, "account", key, {field: "a dozen"})
        change_type(ctx, field, FieldType.NUMBER, 1)
        fill(ctx, "account", one, {field: "12"})
        assert fill(ctx, "account", two, {f"{field.name}_drop": "1"}) == {}
        assert shown(ctx, field, [one, two]) == [("12", True)]
    with as_owner(store, catalog, firm, write=False) as ctx:
        dropped, replaced, *_ = history(ctx).entries
        assert (dropped.before, dropped.after) == ({"Staff": "a dozen"}, {"Staff": ""})
        assert (replaced.before, replaced.after) == ({"Staff": "a dozen"}, {"Staff": "12"})


def test_numbers_and_money_are_read_as_the_firm_writes_them(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        dutch = evolve(ctx, firm=evolve(firm, language="nl"))
        one, two = an_account(ctx).id, an_account(ctx).id
        field = a_field(ctx, label="Amount")
        fill(ctx, "account", one, {field: "1.500,25"})
        fill(ctx, "account", two, {field: "1.5"})
        report = change_type(dutch, field, FieldType.MONEY, 1)
        assert (report.converting, report.left) == (1, ["1.5"])
        field = field_named(ctx, field.public_id)
        assert shown(ctx, field, [one]) == [("€1,500.25", True)]
        # As a text it says of which currency it was.
        change_type(dutch, field, FieldType.TEXT, field.version)
        assert shown(ctx, field, [one, two]) == [("1500,25 EUR", True), ("1.5", True)]


def test_a_field_with_choices_offers_what_stood_in_it(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        keys = [an_account(ctx).id for _ in range(103)]
        field = a_field(ctx, label="Sector")
        texts = ["bakery", "Butcher", "bakery", *(f"s{number:03}" for number in range(100))]
        for key, text in zip(keys, texts, strict=True):
            fill(ctx, "account", key, {field: text})
        report = change_type(ctx, field, FieldType.CHOICE, 1)
        now = field_named(ctx, field.public_id)
        assert now.choices == tuple(report.choices)
        assert now.choices[:3] == ("bakery", "Butcher", "s000")
        # There is room for a hundred choices; what finds none stays beside.
        assert (len(now.choices), report.converting, report.staying) == (100, 101, 2)
        assert len(shown(ctx, now, keys)) == 103


def test_a_field_that_is_empty_cannot_become_one_with_choices(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        field = a_field(ctx)
        with pytest.raises(Refused, match="nothing to choose from"):
            change_type(ctx, field, FieldType.CHOICE, 1)
        with pytest.raises(Refused, match="already"):
            change_type(ctx, field, FieldType.TEXT, 1)


def test_acc_15_the_type_of_a_field_that_somebody_else_changed_is_not_changed(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """ACC-15."""
    with as_owner(store, catalog, firm) as ctx:
        field = a_field(ctx)
        change_type(ctx, field, FieldType.NUMBER, 1)
        with pytest.raises(Stale):
            change_type(ctx, field, FieldType.DATE, 1)


def test_acc_6_addresses_come_and_go_with_the_type(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """ACC-6."""
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx)
        known = a_contact(ctx, "Carl", "carl@x.example")
        new, bare = a_contact(ctx, "Nina", "nina@x.example"), a_contact(ctx, "Bo")
        for contact in (known, new, bare):
            link_contact(ctx, account, contact)
        field = a_field(ctx, "contact", label="Work")
        for contact, text in ((known, "CARL@x.example"), (new, "n@w.example"), (bare, "Bo@w.nl")):
            fill(ctx, "contact", contact, {field: text})
        # An address that the contact has already stays beside: it is one address, not two.
        report = change_type(ctx, field, FieldType.EMAIL, 1)
        assert (report.converting, report.left) == (2, ["CARL@x.example"])
        emails = {c.id: c.emails for c in linked_contacts(ctx, account)}
        assert emails[known] == ("carl@x.example",)
        assert emails[new] == ("nina@x.example", "n@w.example")
        assert emails[bare] == ("Bo@w.nl",)
        rows = CustomValueRow.of(ctx).where(CustomValueRow.field_id == field.id)
        linked = {row.contact_id: row.email_id for row in rows}
        assert linked[known] is None
        for contact in (new, bare):
            address = ContactEmailRow.of(ctx).where(ContactEmailRow.id == linked[contact]).get()
            assert address.contact_id == contact
        change_type(ctx, field_named(ctx, field.public_id), FieldType.TEXT, 2)
        emails = {c.id: c.emails for c in linked_contacts(ctx, account)}
        assert emails[new] == ("nina@x.example",)
        assert emails[bare] == ()
        facts = facts_of_contacts(ctx, [known, new, bare])
        assert [str(facts[key][0].value) for key in (known, new, bare)] == [
            "CARL@x.example",
            "n@w.example",
            "Bo@w.nl",
        ]


def test_who_may_not_see_every_account_gets_counts_and_no_examples(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    some, every, none = a_person(store), a_person(store), a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        an_employee(ctx, MANAGE_FIELDS, person_id=some)
        an_employee(ctx, MANAGE_FIELDS, VIEW_ALL_ACCOUNTS, person_id=every)
        an_employee(ctx, VIEW_ALL_ACCOUNTS, person_id=none)
        key, field = an_account(ctx).id, a_field(ctx)
        fill(ctx, "account", key, {field: "secret"})
    with as_person(store, catalog, firm, some) as ctx:
        report = type_change(ctx, field, FieldType.NUMBER)
        assert (report.converting, report.staying, report.left) == (0, 1, [])
        report = type_change(ctx, field, FieldType.CHOICE)
        assert (report.examples, report.choices) == ([], ())
    with as_person(store, catalog, firm, every) as ctx:
        assert type_change(ctx, field, FieldType.NUMBER).left == ["secret"]
        assert type_change(ctx, field, FieldType.CHOICE).choices == ("secret",)
    with as_person(store, catalog, firm, none) as ctx:
        for act in (
            lambda: type_change(ctx, field, FieldType.NUMBER),
            lambda: change_type(ctx, field, FieldType.NUMBER, 1),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_many_values_are_converted_in_few_statements(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        field = a_field(ctx, "contact", label="Work")
        keys = [a_contact(ctx) for _ in range(1_200)]
        columns = (
            CustomValueRow.field_id,
            CustomValueRow.contact_id,
            CustomValueRow.text,
            CustomValueRow.sort_text,
        )
        CustomValueRow.insert_all(ctx, columns, [(field.id, k, f"c{k}@x.nl", "") for k in keys])
        with recorded(store) as statements:
            assert change_type(ctx, field, FieldType.EMAIL, 1).converting == 1_200
        print(f"{len(statements)} statements")
        # Rows are stored five hundred at a time, those that search reads among them.
        assert len(statements) < 40
        assert ContactEmailRow.of(ctx).count() == 1_200
        assert KINDS[FieldType.EMAIL].title
        assert values_of_accounts(ctx, keys) == {}
