"""A firm makes its own fields: names, order, choices, the archive, the right to do so (1.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core.audit import history
from crm_core.fields.defining import (
    MOST_FIELDS,
    add_field,
    archive_field,
    bring_field_back,
    change_field,
    field_named,
    fields_of,
    move_field,
)
from crm_core.fields.values import FieldChange, FieldType, NewField, Owner
from crm_core.permissions import MANAGE_FIELDS
from crm_core.refusals import NotAllowed, NotFound, Refused, Stale
from crm_core.testing.builders import a_firm, a_person, an_employee, as_owner, as_person
from tests.core.fields.filled import a_field

if TYPE_CHECKING:
    from crm_core.catalog import Catalog
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.store.database import Store


def labels(ctx: Context, *, archived: bool = False) -> list[str]:
    return [field.label for field in fields_of(ctx, Owner.ACCOUNT, archived=archived)]


def test_a_field_is_what_was_said_of_it(store: Store, catalog: Catalog, firm: Firm) -> None:
    with as_owner(store, catalog, firm) as ctx:
        new = NewField(
            owner=Owner.CONTACT,
            type=FieldType.CHOICE,
            label=" Sector ",
            help=" What they do ",
            required=True,
            choices=(" Bakery", "", "Butcher", "Bakery"),
        )
        field = add_field(ctx, new)
        assert field == field_named(ctx, field.public_id)
        assert fields_of(ctx, Owner.CONTACT) == [field]
    assert (field.label, field.help, field.required) == ("Sector", "What they do", True)
    assert (field.type, field.choices) == (FieldType.CHOICE, ("Bakery", "Butcher"))


@pytest.mark.parametrize(
    ("label", "choices", "at", "sentence"),
    [
        (" ", ("a",), "label", "needs a name"),
        ("Sector", (), "choices", "Say what can be chosen"),
        ("Sector", (" ",), "choices", "Say what can be chosen"),
        ("Sector", tuple(map(str, range(101))), "choices", "At most 100 choices"),
        ("Sector", ("a" * 201,), "choices", "at most 200 characters"),
        ("TAKEN", ("a",), "label", "called so already"),
        ("archived", ("a",), "label", "An archived field is called Archived"),
    ],
)
def test_what_cannot_be_a_field_is_refused_at_its_place(
    store: Store,
    catalog: Catalog,
    firm: Firm,
    label: str,
    choices: tuple[str, ...],
    at: str,
    sentence: str,
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        a_field(ctx, label="Taken")
        archive_field(ctx, a_field(ctx, label="Archived"))
        new = NewField(owner=Owner.ACCOUNT, type=FieldType.CHOICE, label=label, choices=choices)
        with pytest.raises(Refused, match=sentence) as refused:
            add_field(ctx, new)
        assert refused.value.at == at
        assert labels(ctx) == ["Taken"]


def test_fields_are_put_in_order_one_step_at_a_time(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        one, two, three = (a_field(ctx, label=label) for label in "123")
        a_field(ctx, "contact", label="Of contacts")
        move_field(ctx, three, up=True)
        assert labels(ctx) == ["1", "3", "2"]
        move_field(ctx, one, up=False)
        assert labels(ctx) == ["3", "1", "2"]
        for field, up in ((three, True), (two, False)):
            move_field(ctx, field, up=up)
        assert labels(ctx) == ["3", "1", "2"]
        # One that is archived has no place among them, and returns at the end.
        archive_field(ctx, three)
        with pytest.raises(NotFound):
            move_field(ctx, three, up=True)
        move_field(ctx, two, up=True)
        bring_field_back(ctx, field_named(ctx, three.public_id))
        assert labels(ctx) == ["2", "1", "3"]


def test_acc_13_an_archived_field_is_kept_and_comes_back(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """ACC-13."""
    with as_owner(store, catalog, firm) as ctx:
        field = a_field(ctx, label="Old")
        archive_field(ctx, field)
        assert (labels(ctx), labels(ctx, archived=True)) == ([], ["Old"])
        bring_field_back(ctx, field_named(ctx, field.public_id))
        assert (labels(ctx), labels(ctx, archived=True)) == (["Old"], [])


def test_there_is_a_limit_and_the_archive_makes_room(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        first = a_field(ctx, label="First")
        for number in range(MOST_FIELDS - 1):
            a_field(ctx, label=f"No. {number}")
        with pytest.raises(Refused, match="100 fields already"):
            a_field(ctx, label="One more")
        archive_field(ctx, first)
        a_field(ctx, label="One more")
        with pytest.raises(Refused, match="100 fields already"):
            bring_field_back(ctx, field_named(ctx, first.public_id))


def test_acc_15_a_field_that_somebody_else_saved_is_shown_as_it_is_now(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """ACC-15."""
    with as_owner(store, catalog, firm) as ctx:
        field = a_field(ctx, label="Old")
        change_field(ctx, field, FieldChange(label="New", help="Help", required=True, version=1))
        now = field_named(ctx, field.public_id)
        assert (now.label, now.help, now.required, now.version) == ("New", "Help", True, 2)
        with pytest.raises(Stale) as stale:
            change_field(ctx, now, FieldChange(label="Newer", version=1))
        assert stale.value.now == {"label": "New", "help": "Help", "required": True}
        assert stale.value.version == 2


def test_a_field_with_choices_keeps_at_least_one_and_its_name_is_its_own(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        a_field(ctx, label="Taken")
        field = a_field(ctx, type_="choice")
        with pytest.raises(Refused, match="at least one choice"):
            change_field(ctx, field, FieldChange(label="A choice", version=1))
        with pytest.raises(Refused, match="called so already"):
            change_field(ctx, field, FieldChange(label="taken", choices=("a",), version=1))
        assert field_named(ctx, field.public_id) == field


def test_the_right_to_manage_fields_can_be_given_to_an_employee(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    plain, manager = a_person(store), a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        field = a_field(ctx)
        an_employee(ctx, person_id=plain)
        an_employee(ctx, MANAGE_FIELDS, person_id=manager)
    for act in (
        lambda ctx: a_field(ctx, label="Another"),
        lambda ctx: change_field(ctx, field, FieldChange(label="New", version=1)),
        lambda ctx: move_field(ctx, field, up=True),
        lambda ctx: archive_field(ctx, field),
        lambda ctx: bring_field_back(ctx, field_named(ctx, field.public_id)),
    ):
        with pytest.raises(NotAllowed), as_person(store, catalog, firm, plain) as ctx:
            act(ctx)
        with as_person(store, catalog, firm, manager) as ctx:
            act(ctx)


def test_everything_is_in_the_history(store: Store, catalog: Catalog, firm: Firm) -> None:
    with as_owner(store, catalog, firm) as ctx:
        one = a_field(ctx, label="One")
        two = a_field(ctx, label="Two")
        change_field(ctx, one, FieldChange(label="Uno", version=1))
        move_field(ctx, two, up=True)
        archive_field(ctx, two)
        bring_field_back(ctx, field_named(ctx, two.public_id))
    with as_owner(store, catalog, firm, write=False) as ctx:
        entries = [e for e in history(ctx).entries if e.event.startswith("fields.")][::-1]
    assert [entry.event.removeprefix("fields.field_") for entry in entries] == [
        "added",
        "added",
        "changed",
        "moved",
        "archived",
        "brought_back",
    ]
    assert (entries[2].before["field"], entries[2].after["field"]) == ("One", "Uno")


def test_a_field_of_another_firm_is_not_there(store: Store, catalog: Catalog, firm: Firm) -> None:
    with as_owner(store, catalog, a_firm(store)) as ctx:
        theirs = a_field(ctx, label="Theirs")
    with as_owner(store, catalog, firm) as ctx:
        with pytest.raises(NotFound):
            field_named(ctx, theirs.public_id)
        assert labels(ctx) == []
        a_field(ctx, label="Theirs")
