"""Forms as values: what a class asks, and what a page shows of it."""

from __future__ import annotations

from enum import StrEnum

import pytest
from attrs import frozen

from crm_core.forms import Choice, Form, Input, as_text, ask, asks_of, version_field
from crm_core.words import words_of

_ = words_of("test")


class Kind(StrEnum):
    SMALL = "small"


@frozen
class Wish:
    name: str = ask(_("Name"))
    note: str = ask(_("Note"), default="", longest=9, input=Input.LONG_TEXT)
    kind: Kind = ask(
        _("Kind"), input=Input.CHOICE, choices=(Choice(value="small", label=_("Small")),)
    )
    version: int = version_field(_("Version"))
    unasked: int = 0


def test_a_form_asks_its_fields_in_order_and_no_others() -> None:
    assert list(asks_of(Wish)) == ["name", "note", "kind", "version"]
    assert Form(of=Wish).asks == asks_of(Wish)


def test_what_has_no_default_is_required() -> None:
    required = {name: asked.required for name, asked in asks_of(Wish).items()}
    assert required == {"name": True, "note": False, "kind": True, "version": False}
    with pytest.raises(TypeError, match="name"):
        Wish(kind=Kind.SMALL)  # type: ignore[call-arg]
    assert Wish(name="x", kind=Kind.SMALL).version == 0


def test_a_field_says_how_it_is_asked() -> None:
    note = asks_of(Wish)["note"]
    assert (note.label, note.input, note.longest) == (_("Note"), Input.LONG_TEXT, 9)
    assert asks_of(Wish)["version"].input is Input.HIDDEN


def test_a_form_begins_with_values_as_a_browser_would_send_them() -> None:
    begun = Form(of=Wish).starting_from(name="Anna", kind=Kind.SMALL, version=3)
    assert begun.typed == {"name": "Anna", "kind": "small", "version": "3"}
    assert not begun.answered


def test_what_a_person_typed_is_never_replaced() -> None:
    typed = Form(of=Wish, typed={"name": "Typed"}, answered=True)
    assert typed.starting_from(name="Stored") is typed


def test_a_view_offers_choices_that_the_class_cannot_know() -> None:
    form = Form(of=Wish)
    offered = (Choice(value="1", label="Ada"),)
    assert form.offering(name=offered).choices_of("name") == offered
    assert form.offering(name=offered).offering(note=()).choices_of("name") == offered
    assert form.choices_of("kind") == asks_of(Wish)["kind"].choices
    assert form.choices_of("name") == ()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "1"),
        (False, ""),
        (0, "0"),
        ("x", "x"),
        (Kind.SMALL, "small"),
        (("b", "a"), "a\nb"),
        (frozenset({Kind.SMALL}), "small"),
        ([], ""),
    ],
)
def test_a_value_as_a_browser_sends_it(value: object, text: str) -> None:
    assert as_text(value) == text
