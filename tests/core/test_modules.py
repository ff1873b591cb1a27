"""A firm's modules: on and off at once, with what they need and what needs them."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from crm_core import Manifest, words_of
from crm_core.catalog import Catalog, Installed
from crm_core.manifest import Edition
from crm_core.modules import change_edition, module_list, switch_module
from crm_core.refusals import NotAllowed, NotFound
from crm_core.testing.builders import a_firm, a_person, an_employee, as_owner, as_person

if TYPE_CHECKING:
    from crm_core.firms import Firm
    from crm_core.store.database import Store

_ = words_of("test")


def plugin(name: str, *requires: str) -> Installed:
    manifest = Manifest(name=name, title=_(name.title()), description=_(name), requires=requires)
    return Installed(manifest, ModuleType(name))


@pytest.fixture
def three() -> Catalog:
    """`base`, `middle` that needs it, `top` that needs that, and `loose`, in two editions."""
    plugins = (
        plugin("base"),
        plugin("middle", "base"),
        plugin("top", "middle"),
        plugin("loose"),
    )
    names = ("base", "middle", "top", "loose")
    editions = {
        "pro": Edition(name="pro", title="Pro", plugins=names),
        "lite": Edition(name="lite", title="Lite", plugins=("base",)),
    }
    return Catalog(plugins, editions)


def on(store: Store, catalog: Catalog, firm: Firm) -> set[str]:
    from crm_core.firms import firm_named

    now = firm_named(store, firm.slug)
    with as_owner(store, catalog, now, write=False) as ctx:
        assert {m.name for m in module_list(ctx) if m.on} == set(ctx.modules.names)
        return set(ctx.modules.names)


def switch(store: Store, catalog: Catalog, firm: Firm, name: str) -> list[str]:
    from crm_core.firms import firm_named

    with as_owner(store, catalog, firm_named(store, firm.slug)) as ctx:
        return [module.name for module in switch_module(ctx, name)]


def test_off_pulls_out_what_needs_it_and_on_pulls_in_what_it_needs(
    store: Store, three: Catalog, firm: Firm
) -> None:
    assert on(store, three, firm) == {"base", "middle", "top", "loose"}
    assert set(switch(store, three, firm, "base")) == {"base", "middle", "top"}
    assert on(store, three, firm) == {"loose"}
    assert set(switch(store, three, firm, "top")) == {"base", "middle", "top"}
    assert on(store, three, firm) == {"base", "middle", "top", "loose"}


def test_a_switch_is_the_firms_alone(store: Store, three: Catalog, firm: Firm) -> None:
    other = a_firm(store)
    switch(store, three, firm, "loose")
    assert "loose" in on(store, three, other)


def test_an_edition_is_the_upper_bound_and_a_switch_survives_it(
    store: Store, three: Catalog, firm: Firm
) -> None:
    switch(store, three, firm, "loose")
    for edition, expected in (("lite", {"base"}), ("pro", {"base", "middle", "top"})):
        with as_owner(store, three, firm) as ctx:
            change_edition(ctx, edition)
        assert on(store, three, firm) == expected


def test_a_module_outside_the_edition_cannot_be_switched(store: Store, three: Catalog) -> None:
    firm = a_firm(store, edition="lite")
    for name in ("top", "made-up"):
        with pytest.raises(NotFound):
            switch(store, three, firm, name)


def test_an_employee_switches_nothing(store: Store, three: Catalog, firm: Firm) -> None:
    person = a_person(store)
    with as_owner(store, three, firm) as ctx:
        an_employee(ctx, person_id=person)
    with pytest.raises(NotAllowed), as_person(store, three, firm, person) as ctx:
        switch_module(ctx, "loose")


def test_a_module_says_what_it_adds_needs_and_is_needed_by(
    store: Store, catalog: Catalog, three: Catalog, firm: Firm
) -> None:
    with as_owner(store, three, firm, write=False) as ctx:
        middle = next(m for m in module_list(ctx) if m.name == "middle")
    assert [str(t) for t in middle.needs] == ["Base"]
    assert [str(t) for t in middle.needed_by] == ["Top"]
    with as_owner(store, catalog, firm, write=False) as ctx:
        notes = next(m for m in module_list(ctx) if m.name == "notes")
    added = ["Notes", "Latest notes", "Last note", "Read notes", "Write notes"]
    assert [str(t) for t in notes.adds] == added
