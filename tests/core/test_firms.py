"""Firms: what one needs to begin, and who is in which."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from crm_core.firms import (
    NewFirm,
    check_firm,
    create_firm,
    firm_named,
    firms_of_person,
    list_firms,
    slug_of,
)
from crm_core.refusals import NotFound, Refused
from crm_core.testing.builders import a_firm, a_person

if TYPE_CHECKING:
    from crm_core.store.database import Store

NEW = NewFirm(
    name="Van Dijk & Partners",
    slug="van-dijk",
    owner_person_id=0,
    owner_name="Eva",
    owner_address="eva@x.example",
)


def test_a_firm_begins_with_an_owner_and_the_first_letter_of_its_name(store: Store) -> None:
    made = create_firm(store, evolve(NEW, owner_person_id=a_person(store)))
    assert (made.letter, made.edition, made.switched_off) == ("V", "pro", frozenset())
    assert firm_named(store, "van-dijk") == made


@pytest.mark.parametrize(
    ("name", "letter"),
    [("'s Gravenhage", "S"), ("Éclair", "E"), ("株式会社", "A"), ("9 to 5", "T")],
)
def test_the_letter_is_the_first_of_a_to_z(store: Store, name: str, letter: str) -> None:
    person = a_person(store)
    assert create_firm(store, evolve(NEW, name=name, owner_person_id=person)).letter == letter


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "  "),
        ("owner_name", ""),
        ("slug", ""),
        ("slug", "Van Dijk"),
        ("slug", "-x"),
        ("slug", "x" * 41),
        ("letter", "12"),
        ("currency", "euro"),
        ("zone", "Mars/Olympus"),
        ("zone", "../etc/passwd"),
    ],
)
def test_what_a_firm_cannot_begin_with_is_refused_at_its_field(
    store: Store, field: str, value: str
) -> None:
    with pytest.raises(Refused) as refused:
        check_firm(store, evolve(NEW, **{field: value}))
    assert refused.value.at == field


def test_a_slug_is_taken_once(store: Store) -> None:
    a_firm(store, "van-dijk")
    with pytest.raises(Refused, match="already"):
        create_firm(store, evolve(NEW, owner_person_id=a_person(store)))


def test_a_person_owns_two_firms_and_each_person_sees_their_own(store: Store) -> None:
    person = a_person(store)
    a_firm(store, "one", person)
    a_firm(store, "two", person)
    a_firm(store, "three")
    assert [f.slug for f in firms_of_person(store, person)] == ["one", "two"]
    assert [f.slug for f in list_firms(store)] == ["one", "three", "two"]
    assert firms_of_person(store, a_person(store)) == []


def test_an_unknown_firm_is_not_there(store: Store) -> None:
    with pytest.raises(NotFound):
        firm_named(store, "nobody")


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Van Dijk & Partners", "van-dijk-partners"), ("  Ünïc  ", "unic"), ("x" * 60, "x" * 40)],
)
def test_a_slug_is_made_of_a_name(name: str, slug: str) -> None:
    assert slug_of(name) == slug
