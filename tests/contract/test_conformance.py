"""Our own plugins pass the suite that others' are held to; and the suite finds what is wrong."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from crm_core.context import Page
from crm_core.contributions import Place, Route, Scope, Section
from crm_core.loading import installed_sources
from crm_core.permissions import USE_PORTAL
from crm_core.words import words_of
from tests.web.commands import Crm
from tests.web.plugins import a_plugin, a_template
from web.conformance import examine
from web.testing import a_trial

if TYPE_CHECKING:
    from web.settings import Settings

_ = words_of("tests")
OURS = [source.name for source in installed_sources()]
LEAST_MET = 60
ONE_THING = {"clamd": 7}
"""What is looked at in plugins that contribute one thing alone."""

EXAMPLE = Path(__file__).parents[2] / "examples" / "crm-risk" / "risk"


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """The suite has a database of its own."""
    return str(request.param)


@pytest.mark.parametrize("name", OURS)
def test_our_own_plugins_keep_to_the_contract(name: str, tmp_path: Path) -> None:
    trial = a_trial(tmp_path, name)
    found = list(examine(trial))
    trial.close()
    for one in found:
        print(f"{one.what}: {one.met}")
    assert [text for one in found for text in one.findings] == []
    assert sum(one.met for one in found) >= ONE_THING.get(name, LEAST_MET)


BROKEN = {
    "a foreign catalogue": ("words.py", 'words_of("risk")', 'words_of("notes")', "risk"),
    "an empty title": (
        "plugin.py",
        'title=_("Risk"),\n    desc',
        'title=_(" "),\n    desc',
        "empty",
    ),
    "a text that is none": ("plugin.py", 'help=_("Is asked', 'help=("Is asked', "not a Words"),
    "a word as its place": ("plugin.py", "Place.OVERVIEW", '"overview"', "not a Place"),
    "a right that nobody brings": ("plugin.py", "(READ, WRITE)", "(READ,)", "which nobody brings"),
    "a bad name": ("plugin.py", 'name="asked"', 'name="Asked!"', "small letters"),
    "a table in no dataset": (
        "plugin.py",
        '("risk_rating", "risk_asked")',
        '("risk_rating",)',
        "stands in no dataset",
    ),
    "a column that no migration makes": (
        "store.py",
        "reason = CharField(200)\n",
        "reason = CharField(200)\n    note = CharField(9)\n",
        "migrations and rows differ",
    ),
    "a reference that is missing": (
        "migrations/0001_risk.py",
        "[OF_ACCOUNT, OF_ADDRESS]",
        "[OF_ACCOUNT]",
        "refers to nothing",
    ),
    "no demonstration": ("plugin.py", "demo=store.rate_for_the_demonstration", "", "give it demo"),
    "two queries": (
        "views.py",
        'page = To("risk.rate"',
        'store.asked(ctx, account)\n    page = To("risk.rate"',
        "makes 2 queries",
    ),
    "a card that raises": ("views.py", "    items = [", "    1 / 0\n    items = [", "fails for"),
    "a card that ignores whose it is": (
        "store.py",
        "where(RatingRow.account_id == account_id)",
        "where(RatingRow.account_id > 0)",
        "of another firm's account",
    ),
    "a page that raises": ("views.py", 'return Page("risk', '1 / 0\n    return Page("risk', "500"),
    "a page that is not there for those who may": (
        "views.py",
        'return Page("risk',
        'from crm_core import NotFound\n    raise NotFound\n    return Page("risk',
        "works for the owner",
    ),
    "a job that raises": (
        "work.py",
        "    store.remove_older",
        "    1 / 0\n    store.remove_older",
        "forget raised",
    ),
    "a reaction to what nobody tells": (
        "plugin.py",
        "to=(ACCOUNT_ARCHIVED,)",
        'to=("nothing.happened",)',
        "which nobody tells",
    ),
    "a scanner that raises": (
        "work.py",
        'return "Program for',
        '1 / 0\n    return "Program for',
        "programs raised",
    ),
    "a scanner that finds harm everywhere": (
        "work.py",
        'startswith(b"MZ")',
        'startswith(b"")',
        "for a harmless file, not None",
    ),
    "a text that is not translated": (
        "views.py",
        '_("Why")',
        '_("Why is that")',
        "'Why is that' is not translated",
    ),
}


@pytest.mark.parametrize("how", BROKEN)
def test_the_suite_finds(settings: Settings, tmp_path: Path, how: str) -> None:
    """Each change of a sound plugin is found, in a sentence that says what to do."""
    file, old, new, said = BROKEN[how]
    report = checked_copy(Crm(settings), tmp_path, file, old, new)
    findings = [line for line in report.splitlines() if line.startswith("finding ")]
    assert any(said in line for line in findings), report


def test_a_plugin_that_does_not_load_is_refused_with_its_reason(
    settings: Settings, tmp_path: Path
) -> None:
    copy = copied(tmp_path, "plugin.py", "MANIFEST = Manifest(", "MANIFEST = Manifest(api=99,")
    line = Crm(settings).refused("plugin", "check", str(copy))
    assert line.startswith("crm: risk is left out. It speaks version 99 of the contract")
    assert "is no plugin that is installed" in Crm(settings).refused("plugin", "check", "nothing")


def checked_copy(crm: Crm, tmp_path: Path, file: str, old: str, new: str) -> str:
    """What `crm plugin check` says of a copy of the example that differs in this."""
    said = evolve(crm, shows_traces=True)("plugin", "check", str(copied(tmp_path, file, old, new)))
    assert said.code == 1, said
    assert re.search(r"\d+ things looked at, [1-9]\d* findings", said.out)
    return said.out


def copied(tmp_path: Path, file: str, old: str, new: str) -> Path:
    """A copy of the example that differs in this."""
    copy = tmp_path / "copied" / "risk"
    for path in EXAMPLE.rglob("*"):
        if path.is_file() and path.suffix != ".pyc":
            target = copy / path.relative_to(EXAMPLE)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    text = (copy / file).read_text()
    assert old in text, old
    (copy / file).write_text(text.replace(old, new))
    return copy


def test_pages_and_cards_of_the_portal_are_tried_as_a_client(tmp_path: Path) -> None:
    """A module of the portal passes; one whose page another firm's client opens would not."""
    template = a_template(
        tmp_path, "tests", "{% extends 'shell/portal.html' %}{% block body %}Papers{% endblock %}"
    )
    page = Page(template, _("Papers"))
    plugin = a_plugin(
        tmp_path,
        "tests",
        sections=(
            Section(
                name="open",
                title=_("Open"),
                place=Place.PORTAL,
                needs=USE_PORTAL,
                load=lambda ctx, account: None,
                open_items=lambda ctx, keys: {},
            ),
        ),
        routes=(
            Route(
                name="all",
                scope=Scope.PORTAL,
                needs=USE_PORTAL,
                view=lambda ctx, account: page,
            ),
        ),
    )
    trial = a_trial(tmp_path / "tried", "tests", plugin)
    found = {one.what: one for one in examine(trial)}
    trial.close()
    assert [text for one in found.values() for text in one.findings] == []
    assert found["requests to routes"].met == LEAST_ASKED_IN_PORTAL


LEAST_ASKED_IN_PORTAL = 7
"""Signed out, three who are no clients, two accounts of others, and the client's own."""
