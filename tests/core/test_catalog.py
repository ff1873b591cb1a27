"""A set of modules: built once, and what is off is not there."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from crm_core import PUBLIC, Fragment, Manifest, Place, Section, hookimpl, words_of
from crm_core.catalog import SETS_KEPT, Catalog, Installed
from crm_core.manifest import Edition

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
    second = catalog.modules(frozenset({"p1"}))
    catalog.modules(frozenset({f"p{SETS_KEPT}"}))
    catalog.modules(frozenset({"p0"}))
    assert catalog.modules(frozenset({"p1"})) is second
    assert catalog.modules(frozenset({"p2"})).names == {"p2"}


def test_order_is_by_number_and_then_by_name() -> None:
    catalog = Catalog([plugin("z", order=1), plugin("b", order=2), plugin("a", order=2)], {})
    assert names(catalog, "a", "b", "z") == ["z", "a", "b"]


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
