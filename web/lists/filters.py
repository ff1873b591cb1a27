"""The filters of a list beyond its own: by the firm's fields, and those of modules."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from attrs import frozen

from crm_core.fields.defining import fields_of
from crm_core.fields.filtering import SPANS, between, containing, with_choice
from crm_core.fields.values import FieldType, Owner
from crm_core.forms import Choice, Input
from crm_core.guarding import Failed, read_guarded
from crm_core.listing.narrowing import Narrowing, narrowing
from crm_core.permissions import may
from crm_core.refusals import Refused
from crm_core.search_and_lists import ListOf
from crm_core.words import as_typed
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from crm_core.catalog import Contributed
    from crm_core.context import Context
    from crm_core.fields.values import CustomField
    from crm_core.search_and_lists import Keys, ListFilter
    from crm_core.words import Words

OWNER_OF = {ListOf.ACCOUNTS: Owner.ACCOUNT, ListOf.CONTACTS: Owner.CONTACT}
"""Whose fields a list can be filtered by."""

LONGEST = 200
"""Characters of what somebody types into a filter."""

MOST_CHOICES = 500
"""Choices that a module's filter may offer."""

_IS, _EMPTY = "=", "-"
"""A choice of a field stands in the address behind a sign of its own, beside "not filled in"."""


class NoChoices(Exception):  # noqa: N818
    """A module's filter offers something that is no menu."""


@frozen(kw_only=True)
class Part:
    """One thing that a filter asks; `name` is what the address of the list calls it."""

    name: str
    label: Words
    input: Input = Input.TEXT
    choices: Sequence[Choice] = ()


@frozen(kw_only=True)
class Filter:
    """A filter that a list offers. `keys` makes the query of what was asked in its parts.

    Without parts it `failed` to say what it offers.
    """

    name: str
    title: Words
    parts: Sequence[Part]
    keys: Callable[[Sequence[str]], Keys]
    budget: float = 0.5
    failed: Failed | None = None

    @property
    def names(self) -> Sequence[str]:
        """What the address of the list calls its parts."""
        return [part.name for part in self.parts] or [self.name]


@frozen(kw_only=True)
class LeftOut:
    """A filter that was asked for and is not applied, and why."""

    title: Words
    sentence: Words


@frozen(kw_only=True)
class Narrowed:
    """What the filters of a list come to: those that apply, and those that are left out."""

    narrowings: tuple[Narrowing, ...]
    left_out: Sequence[LeftOut]


def filters_of(ctx: Context, of: ListOf) -> Sequence[Filter]:
    """The filters that the viewer has for a list: one for each field of the firm, then modules'."""
    own = [_of_field(ctx, field) for field in fields_of(ctx, OWNER_OF[of])]
    contributed = [
        _contributed(ctx, one) for one in ctx.modules.list_filters(of) if may(ctx, one.value.needs)
    ]
    return [*own, *contributed]


def filter_names(ctx: Context, of: ListOf) -> tuple[str, ...]:
    """What the address of a list calls these filters' parts."""
    own = [part.name for field in fields_of(ctx, OWNER_OF[of]) for part in _parts_of(field)]
    return (*own, *(one.name for one in ctx.modules.list_filters(of)))


def narrowed(ctx: Context, filters: Sequence[Filter], asked: Mapping[str, str]) -> Narrowed:
    """The filters that were asked for; one that fails or makes no sense is left out."""
    outcomes = [
        _narrowed(ctx, one, texts)
        for one in filters
        if any(texts := [asked[name].strip() for name in one.names])
    ]
    return Narrowed(
        narrowings=tuple(o for o in outcomes if isinstance(o, Narrowing)),
        left_out=[o for o in outcomes if isinstance(o, LeftOut)],
    )


def _narrowed(ctx: Context, filter_: Filter, texts: Sequence[str]) -> Narrowing | LeftOut:
    def ask() -> Narrowing | LeftOut:
        try:
            return narrowing(ctx, filter_.keys(texts))
        except Refused as refused:
            return LeftOut(title=filter_.title, sentence=refused.sentence)

    if filter_.failed:
        return LeftOut(title=filter_.title, sentence=filter_.failed.sentence)
    if any(len(text) > LONGEST or not text.isprintable() for text in texts):
        return LeftOut(title=filter_.title, sentence=_("Nothing can hold such a text."))
    outcome = read_guarded(ctx, filter_.name, filter_.budget, ask)
    if isinstance(outcome, Failed):
        return LeftOut(title=filter_.title, sentence=outcome.sentence)
    return outcome.value


def _of_field(ctx: Context, field: CustomField) -> Filter:
    def keys(texts: Sequence[str]) -> Keys:
        if field.type in SPANS:
            return between(ctx, field, *texts)
        (text,) = texts
        if field.type.has_choices or field.type is FieldType.YES_NO:
            return with_choice(ctx, field, text.removeprefix(_IS) if text != _EMPTY else "")
        return containing(ctx, field, text)

    return Filter(name=field.name, title=as_typed(field.label), parts=_parts_of(field), keys=keys)


def _parts_of(field: CustomField) -> Sequence[Part]:
    label = as_typed(field.label)
    if field.type in SPANS:
        kind = Input.DATE if field.type is FieldType.DATE else Input.TEXT
        return (
            Part(name=f"{field.name}_from", label=_("{field}: from", field=label), input=kind),
            Part(name=f"{field.name}_to", label=_("{field}: up to", field=label), input=kind),
        )
    if field.type is FieldType.YES_NO:
        offered = [("yes", _("Yes")), ("no", _("No"))]
    elif field.type.has_choices:
        offered = [(text, as_typed(text)) for text in field.choices]
    else:
        return (Part(name=field.name, label=label),)
    choices = [Choice(value=f"{_IS}{value}", label=words) for value, words in offered]
    choices.append(Choice(value=_EMPTY, label=_("Not filled in")))
    return (Part(name=field.name, label=label, input=Input.CHOICE, choices=choices),)


def _contributed(ctx: Context, contributed: Contributed[ListFilter]) -> Filter:
    found = contributed.value

    def offered() -> Sequence[Choice]:
        choices = tuple(islice(found.choices(ctx), MOST_CHOICES + 1))
        if len(choices) > MOST_CHOICES or not all(isinstance(one, Choice) for one in choices):
            raise NoChoices(f"{contributed.name} offers too much, or something else than Choices")
        return choices

    def keys(texts: Sequence[str]) -> Keys:
        (chosen,) = texts
        if chosen not in {choice.value for choice in part.choices}:
            raise Refused(_("This is not one of the possible answers."))
        return found.find(ctx, chosen)

    # What it offers is a matter of its own: that this is quick excuses no slow query.
    outcome = read_guarded(ctx, f"{contributed.name}.choices", found.budget, offered)
    failed = outcome if isinstance(outcome, Failed) else None
    part = Part(
        name=contributed.name,
        label=found.title,
        input=Input.CHOICE,
        choices=() if isinstance(outcome, Failed) else outcome.value,
    )
    return Filter(
        name=contributed.name,
        title=found.title,
        parts=() if failed else (part,),
        keys=keys,
        budget=found.budget,
        failed=failed,
    )
