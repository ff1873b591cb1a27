"""Loading plugins: one that is not sound is left out with its reason, and the others load."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from attrs import frozen

from crm_core import (
    PUBLIC,
    Dataset,
    Fragment,
    Hook,
    Manifest,
    Permission,
    Place,
    Section,
    Table,
    hookimpl,
    hookspec,
    words_of,
)
from crm_core.editions import shipped_editions
from crm_core.loading import Loaded, Source, installed_sources, load

if TYPE_CHECKING:
    from collections.abc import Callable

_ = words_of("test")


def plugin(
    name: str,
    *requires: str,
    api: int = 1,
    own_hooks: tuple[Hook, ...] = (),
    **hooks: Callable[[], Any],
) -> Source:
    """A module with a manifest and these hooks."""
    module = ModuleType(name)
    module.MANIFEST = Manifest(  # type: ignore[attr-defined]
        name=name,
        title=_(name),
        description=_(name),
        requires=requires,
        api=api,
        hooks=own_hooks,
    )
    for hook, answer in hooks.items():
        answer.__name__ = hook
        setattr(module, hook, hookimpl(answer))
    return Source(name=name, module=module)


def loaded(*sources: Source) -> Loaded:
    return load((*sources, plugin("sound")), shipped_editions())


def section(name: str = "card", all_route: str = "") -> Section:
    return Section(
        name=name,
        title=_("Card"),
        place=Place.OVERVIEW,
        load=lambda ctx, account: Fragment("x/y.html"),
        needs=PUBLIC,
        all_route=all_route,
    )


def right(name: str) -> Permission:
    return Permission(name=name, title=_("Right"), description=_("Right"))


@frozen
class Flavour:
    """What plugins add to the plugin `bakery`."""

    name: str
    order: int = 500


@hookspec
def bakery_flavours() -> Any:
    """What there is."""
    raise NotImplementedError


BAKERY = plugin("bakery", own_hooks=(Hook(spec=bakery_flavours, of=Flavour),))


class Foreign:
    class _meta:  # noqa: N801
        table_name = "account"


def failing() -> Any:
    raise RuntimeError("broken in here")


def nameless() -> Source:
    return Source(name="faulty", module=ModuleType("faulty"))


FAULTS = {
    "is not there": (Source(name="faulty", module="no.such.module"), "ModuleNotFoundError"),
    "has no manifest": (nameless(), "no MANIFEST"),
    "has another name": (
        Source(name="faulty", module=plugin("other").module),
        "installed as faulty but calls itself other",
    ),
    "speaks another version": (plugin("faulty", api=99), "version 99"),
    "implements an unknown hook": (plugin("faulty", widgets=lambda: ()), "hook widgets"),
    "raises": (plugin("faulty", sections=failing), "broken in here"),
    "answers nothing": (plugin("faulty", sections=lambda: None), "NoneType"),
    "answers a wrong type": (plugin("faulty", sections=lambda: ["x"]), "a str, not a Section"),
    "takes a foreign right": (
        plugin("faulty", permissions=lambda: [right("accounts.manage")]),
        "does not begin with faulty.",
    ),
    "takes a foreign table": (
        plugin("faulty", models=lambda: [Table(row=Foreign)]),
        "account, which does not begin with faulty_",
    ),
    "has a name twice": (plugin("faulty", sections=lambda: [section(), section()]), "card twice"),
    "leads to no page": (
        plugin("faulty", sections=lambda: [section(all_route="all")]),
        "section card leads to all, which is no page",
    ),
    "needs what is not there": (plugin("faulty", "absent"), "needs absent"),
    "has a hook with a foreign name": (
        plugin("faulty", own_hooks=(Hook(spec=bakery_flavours, of=Flavour),)),
        "bakery_flavours, which does not begin with faulty_",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_plugin_is_left_out_with_its_reason_when_it(fault: str) -> None:
    source, reason = FAULTS[fault]
    found = loaded(source)
    (failure,) = found.failures
    assert failure.plugin == "faulty"
    assert reason in str(failure.reason)
    assert set(found.catalog.installed) == {"sound"}


def test_the_second_of_two_plugins_with_one_name_is_left_out() -> None:
    found = load((plugin("twin"), plugin("twin")), shipped_editions())
    assert set(found.catalog.installed) == {"twin"}
    assert "Another plugin has the name twin" in str(found.failures[0].reason)


def test_what_needs_a_plugin_that_was_left_out_is_left_out_too() -> None:
    found = loaded(plugin("top", "middle"), plugin("middle", "base"), plugin("base", api=0))
    assert set(found.catalog.installed) == {"sound"}
    reasons = {failure.plugin: str(failure.reason) for failure in found.failures}
    assert set(reasons) == {"top", "middle", "base"}
    assert reasons["middle"] == "It needs base, which is not there."
    assert reasons["top"] == "It needs middle, which is not there."


def test_two_plugins_that_need_each_other_both_load() -> None:
    found = loaded(plugin("one", "two"), plugin("two", "one"))
    assert set(found.catalog.installed) == {"sound", "one", "two"}


def test_a_plugin_answers_the_hooks_of_those_that_it_requires() -> None:
    plain, sweet = Flavour("plain", order=2), Flavour("sweet", order=1)
    found = loaded(
        plugin("salt", "bakery", bakery_flavours=lambda: [plain]),
        plugin("sugar", "bakery", bakery_flavours=lambda: [sweet]),
        BAKERY,
    )
    assert found.failures == ()
    answers = found.catalog.everything.answers("bakery_flavours")
    assert [(one.plugin, one.value) for one in answers] == [("sugar", sweet), ("salt", plain)]
    with_one = found.catalog.modules(frozenset({"bakery", "salt"}))
    assert [one.value for one in with_one.answers("bakery_flavours")] == [plain]
    assert found.catalog.modules(frozenset({"salt"})).names == frozenset()


@pytest.mark.parametrize(
    ("requires", "answer", "reason"),
    [
        ((), lambda: [Flavour("plain")], "a hook bakery_flavours that does not exist"),
        (("bakery",), lambda: ["plain"], "a str, not a Flavour"),
        (("bakery",), lambda: [Flavour("plain"), Flavour("plain")], "plain twice"),
        (("bakery",), failing, "broken in here"),
    ],
)
def test_an_answer_to_another_plugins_hook_is_looked_at_as_well(
    requires: tuple[str, ...], answer: Callable[[], Any], reason: str
) -> None:
    baker = plugin("baker", *requires, bakery_flavours=answer)
    found = loaded(baker, plugin("shop", "baker"), BAKERY)
    reasons = {failure.plugin: str(failure.reason) for failure in found.failures}
    assert reason in reasons["baker"]
    assert reasons["shop"] == "It needs baker, which is not there."
    assert set(found.catalog.installed) == {"sound", "bakery"}


def test_a_failure_keeps_what_was_raised_for_the_log() -> None:
    (failure,) = loaded(plugin("faulty", sections=failing)).failures
    assert isinstance(failure.error, RuntimeError)
    assert str(failure.reason) == "It raised RuntimeError: broken in here."


def test_the_reason_of_every_fault_is_one_sentence_of_words() -> None:
    for fault, (source, _reason) in FAULTS.items():
        (failure,) = loaded(source).failures
        said = str(failure.reason)
        assert said[0].isupper(), fault
        assert said.endswith("."), fault
        assert "\n" not in said, fault


def test_a_contribution_without_a_right_cannot_be_built() -> None:
    with pytest.raises(TypeError, match="needs"):
        Section(name="x", title=_("X"), place=Place.OVERVIEW, load=failing)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="Permission"):
        Section(name="x", title=_("X"), place=Place.OVERVIEW, load=failing, needs=None)  # type: ignore[arg-type]


def test_our_own_plugins_come_through_the_same_door_and_all_load() -> None:
    found = load(installed_sources(), shipped_editions())
    assert found.failures == ()
    assert "notes" in found.catalog.installed
    assert Dataset(name="x", tables=()).demo is None
