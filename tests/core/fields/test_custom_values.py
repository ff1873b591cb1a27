"""What accounts and contacts have in the firm's fields: filled in, shown, changed, removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from crm_core.account_changes import change_account, details_of
from crm_core.accounts import AccountType, NewAccount, account_of, create_account
from crm_core.audit import history
from crm_core.contact_changes import ContactChange, change_contact
from crm_core.contacts import NewContact
from crm_core.fields.asking import entered_in, field_asks, typed_values, with_fields
from crm_core.fields.defining import archive_field, bring_field_back, change_field
from crm_core.fields.kinds import KINDS
from crm_core.fields.notation import viewers_notation
from crm_core.fields.reading import (
    facts_of_accounts,
    facts_of_contacts,
    values_of_accounts,
    values_of_contacts,
)
from crm_core.fields.retyping import change_type
from crm_core.fields.saving import write_values
from crm_core.fields.values import FieldChange, FieldType, Owner
from crm_core.links import link_contact, linked_contacts
from crm_core.refusals import Refused, Stale
from crm_core.store.tables import ContactEmailRow, ContactRow, CustomValueRow
from crm_core.testing.builders import (
    a_contact,
    a_firm,
    an_account,
    as_owner,
)
from crm_core.testing.recording import recorded
from tests.core.fields.filled import Edited, a_field, fill

if TYPE_CHECKING:
    from crm_core.catalog import Catalog
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.store.database import Store

TYPED = {
    "text": "Dossier 7",
    "long_text": "one\n\ttwo",
    "number": "1,234.5",
    "date": "2026-02-28",
    "money": "1,234.5",
    "yes_no": "yes",
    "choice": "Gold",
    "several": ["Gold", "Silver"],
    "email": "Anna@X.example",
    "phone": "020 123 4567",
    "web": "example.com",
}
SHOWN = {
    "A text": "Dossier 7",
    "A long_text": "one\n\ttwo",
    "A number": "1,234.5",
    "A date": "28 Feb 2026",
    "A money": "€1,234.50",
    "A yes_no": "Yes",
    "A choice": "Gold",
    "A several": "Gold, Silver",
    "A email": "Anna@x.example",
    "A phone": "+31 20 123 4567",
    "A web": "https://example.com",
}


def facts(ctx: Context, owner: str, key: int) -> dict[str, str]:
    """The filled fields as they are read: label and value."""
    read = facts_of_accounts if owner == "account" else facts_of_contacts
    return {str(fact.label): str(fact.value) for fact in read(ctx, [key]).get(key, ())}


@pytest.mark.parametrize("owner", ["account", "contact"])
def test_i6_every_type_is_filled_in_shown_and_emptied_again(
    store: Store, catalog: Catalog, firm: Firm, owner: str
) -> None:
    """I6."""
    with as_owner(store, catalog, firm) as ctx:
        key = an_account(ctx).id if owner == "account" else a_contact(ctx)
        fields = {type_: a_field(ctx, owner, type_) for type_ in TYPED}
        assert facts(ctx, owner, key) == {}
        assert fill(ctx, owner, key, {fields[t]: typed for t, typed in TYPED.items()}) == {}
        wanted = dict(SHOWN)
        if owner == "contact":
            # C4: it is listed with the contact's addresses.
            assert addresses(ctx, key) == [wanted.pop("A email")]
        assert list(facts(ctx, owner, key).items()) == list(wanted.items())
        # What the form shows is what was typed, in the language of the viewer.
        dutch = evolve(ctx, language="nl")
        kind = Owner(owner)
        assert typed_values(dutch, kind, key)[fields["number"].name] == "1234,5"
        assert facts(dutch, owner, key)["A money"] == "€\xa01.234,50"
        assert fill(ctx, owner, key, {}) == {}
        assert list(facts(ctx, owner, key).items()) == list(wanted.items())
        empty: dict = {field: "" for t, field in fields.items() if t != "several"}
        assert fill(ctx, owner, key, {**empty, fields["several"]: []}) == {}
        assert facts(ctx, owner, key) == {}
        assert CustomValueRow.of(ctx).count() == 0
        assert addresses(ctx, key) == [] or owner == "account"


@pytest.mark.parametrize(
    ("type_", "typed", "problem"),
    [
        ("number", "abc", "abc is not a number"),
        ("date", "28-02-2026", "is not a date"),
        ("money", "1.234", "too many decimals"),
        ("yes_no", "perhaps", "not one of the possible answers"),
        ("choice", "Bronze", "not one of the possible answers"),
        ("several", ["Gold", "Bronze"], "not one of the possible answers"),
        ("email", "anna@", "not an e-mail address"),
        ("phone", "abc", "not a phone number"),
        ("web", "javascript:alert(1)", "not a web address"),
        ("text", "a\nb", "cannot be stored"),
        ("long_text", "a" * 20_001, "At most"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_stored(
    store: Store,
    catalog: Catalog,
    firm: Firm,
    type_: str,
    typed: str | list[str],
    problem: str,
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        key = an_account(ctx).id
        wrong, right = a_field(ctx, type_=type_), a_field(ctx, label="Right")
        problems = fill(ctx, "account", key, {wrong: typed, right: "fine"})
        assert list(problems) == [wrong.name]
        assert problem in str(problems[wrong.name])
        assert CustomValueRow.of(ctx).count() == 0


@pytest.mark.parametrize("type_", sorted(TYPED))
def test_a_required_field_of_any_type_has_to_be_filled(
    store: Store, catalog: Catalog, firm: Firm, type_: str
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        key = an_account(ctx).id
        field = a_field(ctx, type_=type_, label="BSN", required=True)
        assert str(fill(ctx, "account", key, {})[field.name]) == "Please fill in: BSN."
        assert fill(ctx, "account", key, {field: TYPED[type_]}) == {}


def test_the_two_sets_are_separate_and_stand_in_the_firms_order(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx)
        contact = linked_contacts(ctx, account)[0].id
        mine, theirs = a_field(ctx, label="Same"), a_field(ctx, "contact", label="Same")
        fill(ctx, "account", account.id, {mine: "of the account"})
        fill(ctx, "contact", contact, {theirs: "of the contact"})
        assert list(field_asks(ctx, Owner.ACCOUNT)) == [mine.name]
        assert list(field_asks(ctx, Owner.CONTACT)) == [theirs.name]
        assert facts(ctx, "account", account.id) == {"Same": "of the account"}
        assert facts(ctx, "contact", contact) == {"Same": "of the contact"}


def addresses(ctx: Context, contact_id: int) -> list[str]:
    """The addresses of a contact as they are listed."""
    rows = ContactEmailRow.of(ctx).where(ContactEmailRow.contact_id == contact_id)
    return [row.address for row in rows.order_by(ContactEmailRow.position)]


def test_c4_acc_6_an_address_in_a_field_is_an_address_of_the_contact_with_a_row_that_stays(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """C4, ACC-6."""
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx)
        contact = a_contact(ctx, "Carl", "carl@x.example")
        link_contact(ctx, account, contact)
        work, home = (a_field(ctx, "contact", "email", label) for label in ("Work", "Home"))
        fill(ctx, "contact", contact, {work: "c@work.example", home: "c@home.example"})
        (listed,) = [c.emails for c in linked_contacts(ctx, account) if c.id == contact]
        assert listed == ("carl@x.example", "c@work.example", "c@home.example")
        key = ContactEmailRow.of(ctx).where(ContactEmailRow.address == "c@work.example").get().id
        fill(ctx, "contact", contact, {work: "C@New.example"})
        row = ContactEmailRow.of(ctx).where(ContactEmailRow.id == key).get()
        assert (row.address, row.address_key) == ("C@new.example", "c@new.example")
        fill(ctx, "contact", contact, {work: ""})
        assert addresses(ctx, contact) == ["carl@x.example", "c@home.example"]
        # An archived field leaves its address among the contact's.
        archive_field(ctx, home)
        assert addresses(ctx, contact) == ["carl@x.example", "c@home.example"]


def test_an_address_that_the_contact_has_already_is_refused_at_its_field(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        contact, other = a_contact(ctx, "Carl", "carl@x.example"), a_contact(ctx)
        work, home = (a_field(ctx, "contact", "email", label) for label in ("Work", "Home"))
        # Another contact may have it, too.
        fill(ctx, "contact", other, {work: "carl@x.example"})
    for typed in ({work: "CARL@x.example"}, {work: "a@x.example", home: "A@x.example"}):
        taken = pytest.raises(Refused, match="address of this contact")
        with taken as refused, as_owner(store, catalog, firm) as ctx:
            fill(ctx, "contact", contact, typed)
        assert refused.value.at in (work.name, home.name)
    with as_owner(store, catalog, firm, write=False) as ctx:
        assert addresses(ctx, contact) == ["carl@x.example"]
        assert values_of_contacts(ctx, [contact]) == {}


def test_a_contact_that_is_removed_takes_its_values_and_addresses_along(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        contact = a_contact(ctx, "Carl", "carl@x.example")
        fill(ctx, "contact", contact, {a_field(ctx, "contact", "email"): "c@work.example"})
        ContactRow.remove(ctx).where(ContactRow.id == contact).execute()
    with as_owner(store, catalog, firm, write=False) as ctx:
        assert CustomValueRow.of(ctx).count() == ContactEmailRow.of(ctx).count() == 0


def test_acc_15_who_saves_second_is_told_what_is_saved_now(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """ACC-15."""
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx)
        number = a_field(ctx, type_="number", label="Staff")
        fill(ctx, "account", account.id, {number: "1,234.5"})
        form = with_fields(Edited, ctx, Owner.ACCOUNT, account.id)
        emptied = entered_in(form(**{number.name: ()}), Owner.ACCOUNT)
        opened = details_of(account)
        change_account(ctx, account, evolve(opened, name="Theirs"))
    with pytest.raises(Stale) as stale, as_owner(store, catalog, firm) as ctx:
        now = account_of(ctx, account.public_id)
        change_account(ctx, now, evolve(opened, fields=emptied))
    assert stale.value.now[number.name] == "1234.5"
    assert stale.value.version == opened.version + 1
    with as_owner(store, catalog, firm) as ctx:
        assert facts(ctx, "account", account.id) == {"Staff": "1,234.5"}
        again = evolve(opened, fields=emptied, version=stale.value.version)
        change_account(ctx, account_of(ctx, account.public_id), again)
        assert facts(ctx, "account", account.id) == {}


def test_who_changes_nothing_adds_nothing_to_the_history(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx)
        fill(ctx, "account", account.id, {a_field(ctx): "as it is"})
    with as_owner(store, catalog, firm) as ctx:
        before = len(history(ctx).entries)
        fill(ctx, "account", account.id, {})
    with as_owner(store, catalog, firm, write=False) as ctx:
        assert len(history(ctx).entries) == before


def test_a_contact_and_an_account_are_stored_with_what_was_entered(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """I6, C4."""
    with as_owner(store, catalog, firm) as ctx:
        site, work = a_field(ctx), a_field(ctx, "contact", "email")
        of_accounts = with_fields(Edited, ctx, Owner.ACCOUNT)
        of_contacts = with_fields(Edited, ctx, Owner.CONTACT)
        notation = viewers_notation(ctx)
        text = KINDS[FieldType.TEXT].read("Dossier 7", notation)
        address = KINDS[FieldType.EMAIL].read("anna@work.example", notation)
        account = create_account(
            ctx,
            NewAccount(
                type=AccountType.INDIVIDUAL,
                contact=NewContact(
                    first_name="Anna",
                    fields=entered_in(of_contacts(**{work.name: (address,)}), Owner.CONTACT),
                ),
                fields=entered_in(of_accounts(**{site.name: (text,)}), Owner.ACCOUNT),
            ),
        )
        (anna,) = linked_contacts(ctx, account)
        assert facts(ctx, "account", account.id) == {"A text": "Dossier 7"}
        assert addresses(ctx, anna.id) == ["anna@work.example"]
        change = ContactChange(first_name="Anna", version=anna.version, fields=())
        change_contact(ctx, anna, change)
        assert addresses(ctx, anna.id) == ["anna@work.example"]


def test_the_history_tells_what_was_and_what_is(store: Store, catalog: Catalog, firm: Firm) -> None:
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx)
        text, several = a_field(ctx, label="Text"), a_field(ctx, type_="several", label="Several")
        fill(ctx, "account", account.id, {text: "old", several: ["Gold", "Silver"]})
    with as_owner(store, catalog, firm) as ctx:
        fill(ctx, "account", account.id, {text: "new" * 60})
    with as_owner(store, catalog, firm, write=False) as ctx:
        last, first, *_ = history(ctx, account_id=account.id).entries
    assert (first.event, first.before) == ("fields.fields_filled", {})
    assert first.after == {"Text": "old", "Several": "Gold, Silver"}
    assert (last.before, last.after) == ({"Text": "old"}, {"Text": ("new" * 60)[:200]})


def test_a_form_of_fields_that_are_others_by_now_is_refused(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        key = an_account(ctx).id
        field = a_field(ctx, type_="text")
        form = with_fields(Edited, ctx, Owner.ACCOUNT, key)
        stored = entered_in(form(**{field.name: ()}), Owner.ACCOUNT)
        change_type(ctx, field, FieldType.NUMBER, field.version)
        with pytest.raises(Refused, match="changed meanwhile"):
            write_values(ctx, Owner.ACCOUNT, key, stored)


def test_an_archived_field_is_neither_asked_nor_shown_and_returns_with_what_stood_in_it(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        key = an_account(ctx).id
        field = a_field(ctx, label="Kept")
        fill(ctx, "account", key, {field: "still here"})
        archive_field(ctx, field)
        assert facts(ctx, "account", key) == {}
        assert field_asks(ctx, Owner.ACCOUNT) == {}
        bring_field_back(ctx, evolve(field, archived=True, version=field.version + 1))
        assert facts(ctx, "account", key) == {"Kept": "still here"}


def test_a_choice_that_is_renamed_is_so_everywhere_and_one_taken_off_stays_where_it_was_chosen(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        key = an_account(ctx).id
        one = a_field(ctx, type_="choice", label="One")
        many = a_field(ctx, type_="several", label="Many")
        fill(ctx, "account", key, {one: "Gold", many: ["Gold", "Silver"]})
        for field in (one, many):
            swapped = {"Gold": "Silver", "Silver": "Gold"}
            change_field(
                ctx,
                field,
                FieldChange(
                    label=field.label, version=1, choices=("Silver", "Gold"), renamed=swapped
                ),
            )
        assert facts(ctx, "account", key) == {"One": "Silver", "Many": "Silver, Gold"}
        for field in (one, many):
            change = FieldChange(label=field.label, version=2, choices=("Gold", "Bronze"))
            change_field(ctx, field, change)
        assert fill(ctx, "account", key, {}) == {}
        assert facts(ctx, "account", key) == {"One": "Silver", "Many": "Silver, Gold"}
        assert fill(ctx, "account", key, {one: "Bronze", many: ["Bronze"]}) == {}
        assert facts(ctx, "account", key) == {"One": "Bronze", "Many": "Bronze"}
        # Once it is given up it is not offered again.
        assert list(fill(ctx, "account", key, {one: "Silver"})) == [one.name]


def test_two_firms_have_their_own_fields_and_values(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, a_firm(store)) as ctx:
        theirs = an_account(ctx).id
        fill(ctx, "account", theirs, {a_field(ctx, label="Theirs"): "theirs"})
    with as_owner(store, catalog, firm) as ctx:
        assert field_asks(ctx, Owner.ACCOUNT) == {}
        a_field(ctx, label="Theirs")
        assert values_of_accounts(ctx, [theirs]) == {}


def test_values_of_a_thousand_contacts_cost_as_many_queries_as_those_of_one(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        field, several = a_field(ctx, "contact"), a_field(ctx, "contact", "several")
        keys = [a_contact(ctx) for _ in range(1_000)]
        for key in keys[:3]:
            fill(ctx, "contact", key, {field: f"No. {key}", several: ["Gold", "Silver"]})
        copies = CustomValueRow.of(ctx).where(CustomValueRow.contact_id == keys[0])
        columns = (
            CustomValueRow.field_id,
            CustomValueRow.place,
            CustomValueRow.text,
            CustomValueRow.sort_text,
        )
        rows = [
            (row.field_id, row.place, row.text, row.sort_text, key)
            for row in copies
            for key in keys[3:]
        ]
        CustomValueRow.insert_all(ctx, (*columns, CustomValueRow.contact_id), rows)
        with recorded(store) as one:
            assert len(facts_of_contacts(ctx, keys[:1])) == 1
        with recorded(store) as many:
            found = facts_of_contacts(ctx, keys)
    assert len(found) == 1_000
    assert all(len(some) == 2 for some in found.values())
    assert len(one) == len(many) == 2
