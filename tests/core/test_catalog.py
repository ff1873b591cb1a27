"""A set of modules: built once, and what is off is not there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

import pluggy
import pytest

from crm_core import PUBLIC, Fragment, Manifest, Permission, Place, Section, hookimpl, words_of
from crm_core.catalog import SETS_KEPT, Catalog, Installed
from crm_core.contributions import Route, Scope, Tab
from crm_core.manifest import Edition
from crm_core.permissions import CORE_PERMISSIONS

_ = words_of("test")


def plugin(
    name: str, *requires: str, order: int = 500, asked: list[str] | None = None
) -> Installed:
    """A plugin with one section; `asked` notes each time that a hook of it is called."""
    module = ModuleType(name)

    def sections() -> Any:
        if asked is not None:
            asked.append(name)
        return [
            Section(
                name="card",
                title=_(name),
                place=Place.OVERVIEW,
                load=lambda ctx, account: Fragment("x.html"),
                needs=PUBLIC,
                order=order,
            )
        ]

    module.sections = hookimpl(sections)  # type: ignore[attr-defined]
    manifest = Manifest(name=name, title=_(name), description=_(name), requires=requires)
    return Installed(manifest, module)


def names(catalog: Catalog, *wanted: str) -> list[str]:
    return [s.plugin for s in catalog.modules(frozenset(wanted)).sections(Place.OVERVIEW)]


def test_a_set_is_built_once_and_what_is_off_is_never_asked() -> None:
    asked: list[str] = []
    catalog = Catalog([plugin("a", asked=asked), plugin("b", asked=asked)], {})
    assert catalog.modules(frozenset("a")) is catalog.modules(frozenset("a"))
    assert asked == ["a"]
    assert names(catalog, "a") == ["a"]


def test_the_sets_used_last_are_kept() -> None:
    plugins = [plugin(f"p{number}") for number in range(SETS_KEPT + 1)]
    catalog = Catalog(plugins, {})
    first = catalog.modules(frozenset({"p0"}))
    for number in range(1, SETS_KEPT):
        catalog.modules(frozenset({f"p{number}"}))
    assert catalog.modules(frozenset({"p0"})) is first
    second, third = catalog.modules(frozenset({"p1"})), catalog.modules(frozenset({"p2"}))
    for number in range(3, SETS_KEPT):
        catalog.modules(frozenset({f"p{number}"}))
    catalog.modules(frozenset({"p0"}))
    catalog.modules(frozenset({"p1"}))
    catalog.modules(frozenset({f"p{SETS_KEPT}"}))
    catalog.modules(frozenset({"p0"}))
    assert catalog.modules(frozenset({"p1"})) is second
    assert catalog.modules(frozenset({"p2"})) is not third


def test_order_is_by_number_and_then_by_name() -> None:
    catalog = Catalog([plugin("z", order=1), plugin("b", order=2), plugin("a", order=2)], {})
    assert names(catalog, "a", "b", "z") == ["z", "a", "b"]


def test_tabs_stand_in_their_order_and_then_by_name_and_pages_without_one_are_none() -> None:
    def tabbed(name: str, order: int) -> Route:
        tab = Tab(title=_(name), order=order) if order else None
        view = lambda ctx, account: Fragment("x.html")  # noqa: E731
        return Route(name=name, path=name, scope=Scope.ACCOUNT, needs=PUBLIC, view=view, tab=tab)

    late, early = plugin("late"), plugin("early")
    late.module.routes = hookimpl(lambda: [tabbed("one", 1), tabbed("two", 9)])  # type: ignore[attr-defined]
    early.module.routes = hookimpl(lambda: [tabbed("none", 0), tabbed("two", 9)])  # type: ignore[attr-defined]
    for each in (late, early):
        each.module.routes.__name__ = "routes"
    modules = Catalog([late, early], {}).everything
    assert [tab.name for tab in modules.tabs] == ["late.one", "early.two", "late.two"]
    assert len(modules.routes) == 4


def test_what_a_plugin_contributes_stands_beside_the_cores_own_and_says_whose_it_is() -> None:
    mine = Permission(name="a.see", title=_("See"), description=_("See it."))
    one = plugin("a")
    one.module.permissions = hookimpl(lambda: [mine])  # type: ignore[attr-defined]
    catalog = Catalog([one, plugin("b")], {})
    assert catalog.everything.permissions == (*CORE_PERMISSIONS, mine)
    assert catalog.modules(frozenset("b")).permissions == CORE_PERMISSIONS
    (card,) = catalog.modules(frozenset("a")).sections(Place.OVERVIEW)
    assert (card.plugin, card.name) == ("a", "a.card")


def test_names_that_are_not_installed_are_left_out_of_a_set() -> None:
    assert Catalog([plugin("a")], {}).modules(frozenset({"a", "gone"})).names == {"a"}


def test_a_plugin_answers_no_hook_that_does_not_exist() -> None:
    odd = plugin("odd")
    odd.module.widgets = hookimpl(lambda: ())  # type: ignore[attr-defined]
    with pytest.raises(pluggy.PluginValidationError, match="widgets"):
        _ = Catalog([odd], {}).everything


def test_many_who_ask_at_once_get_the_same_set_built_once() -> None:
    asked: list[str] = []
    catalog = Catalog([plugin("a", asked=asked)], {})
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(catalog.modules, [frozenset("a")] * 64))
    assert all(modules is found[0] for modules in found)
    assert asked == ["a"]


def test_a_plugin_without_what_it_requires_is_absent() -> None:
    catalog = Catalog([plugin("base"), plugin("top", "base"), plugin("higher", "top")], {})
    assert names(catalog, "top", "higher") == []
    assert set(names(catalog, "base", "top", "higher")) == {"base", "top", "higher"}


def test_an_edition_bounds_what_is_on_and_a_firm_switches_off_inside_it() -> None:
    editions = {"one": Edition(name="one", title="One", plugins=("a", "gone"))}
    catalog = Catalog([plugin("a"), plugin("b")], editions)
    assert catalog.of_edition("one").names == {"a"}
    assert catalog.of_edition("one", frozenset("a")).names == set()
    assert catalog.of_edition("unknown").names == set()


def test_switching_off_takes_what_requires_it_away_too() -> None:
    editions = {"one": Edition(name="one", title="One", plugins=("base", "top", "loose"))}
    catalog = Catalog([plugin("base"), plugin("top", "base"), plugin("loose")], editions)
    assert catalog.of_edition("one", frozenset({"base"})).names == {"loose"}


def test_a_route_prepares_only_what_a_form_asked_for() -> None:
    page = {"name": "one", "scope": Scope.ACCOUNT, "needs": PUBLIC}
    view = lambda ctx, account: Fragment("x.html")  # noqa: E731
    with pytest.raises(ValueError, match="only a form"):
        Route(**page, view=view, submit=view, prepare=lambda value: value)  # type: ignore[arg-type]
