"""A section that fails, in any way, is the matter of its own place: the page stands."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from crm_core.context import Fragment, Item, item_list
from crm_core.listing.accounts import list_accounts
from crm_core.modules import switch_module
from crm_core.permissions import MANAGE_ACCOUNTS, Permission
from crm_core.store.tables import FirmRecord
from crm_core.testing.builders import an_employee, as_owner
from tests.conftest import PASSWORD
from tests.contract.snapshots import Snapshots
from tests.web.browsing import element, elements, sign_in, the_log
from tests.web.plugins import Trial, _, a_plugin, a_section, a_template
from web.sections import LONGEST
from web.signin.people import add_person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from crm_core.accounts import Account
    from crm_core.context import Context
    from crm_core.loading import Source
    from web.settings import Settings

    Load = Callable[[Context, Account], Any]

SLOW = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) "
    "SELECT count(*) FROM n"
)


def fine(ctx: Context, account: Account) -> Fragment:
    """A section that reads and shows what it read."""
    names = [Item(what=found.name) for found in list_accounts(ctx).accounts]
    return item_list(names, empty=_("Nothing."))


def raises(ctx: Context, account: Account) -> Fragment:
    raise RuntimeError("a secret of the code")


def leaves(ctx: Context, account: Account) -> Fragment:
    sys.exit(3)


def asks_wrongly(ctx: Context, account: Account) -> Fragment:
    ctx.store.database.execute_sql("SELECT * FROM no_such_table")
    return fine(ctx, account)


def swallows_its_failure(ctx: Context, account: Account) -> Fragment:
    with pytest.raises(Exception, match="no_such_table"):
        ctx.store.database.execute_sql("SELECT * FROM no_such_table")
    return fine(ctx, account)


def takes_long(ctx: Context, account: Account) -> Fragment:
    ctx.store.database.execute_sql(SLOW)
    return fine(ctx, account)


def writes(ctx: Context, account: Account) -> Fragment:
    FirmRecord.change(ctx.store, name="Taken over").execute()
    return fine(ctx, account)


def begins_anew(ctx: Context, account: Account) -> Fragment:
    with ctx.store.firm_transaction(ctx.firm.id, write=True):
        return writes(ctx, account)


def too_many(ctx: Context, account: Account) -> Fragment:
    return item_list((Item(what="x" * 100) for _number in range(5_000)), empty=_("Nothing."))


def calls_without_end(ctx: Context, account: Account) -> Fragment:
    return calls_without_end(ctx, account)


BROKEN: dict[str, Load] = {
    "raises": raises,
    "leaves": leaves,
    "asks wrongly": asks_wrongly,
    "takes long": takes_long,
    "writes": writes,
    "begins a transaction": begins_anew,
    "answers none": lambda ctx, account: None,
    "answers text": lambda ctx, account: "<b>Hello</b>",
    "answers a class": lambda ctx, account: Fragment,
    "has no template": lambda ctx, account: Fragment("broken/nowhere.html"),
    "takes a template of the shell's data folder": lambda ctx, account: Fragment("../secret-key"),
    "has a template that raises": lambda ctx, account: Fragment("broken/card.html"),
    "has too many items": too_many,
    "calls without end": calls_without_end,
}


@pytest.fixture
def broken_and_fine(tmp_path: Path) -> Callable[[Load], tuple[Source, ...]]:
    """Makes two plugins: one with this section above, one that works below it."""
    a_template(tmp_path, "broken", "{{ 1 // 0 }}")

    def plugins(load: Load) -> tuple[Source, ...]:
        return (
            a_plugin(tmp_path, "broken", sections=(a_section("one", load, 1, budget=0.2),)),
            a_plugin(tmp_path, "fine", sections=(a_section("two", fine, 2),)),
        )

    return plugins


@pytest.fixture
def snapshots_of(
    engine: str, request: pytest.FixtureRequest
) -> Iterator[Callable[[Trial], Snapshots]]:
    server = request.getfixturevalue("postgres_server") if engine == "postgres" else None
    made: list[Snapshots] = []

    def look(trial: Trial) -> Snapshots:
        made.append(Snapshots.of(trial.deployment, server))
        return made[-1]

    yield look
    for looking in made:
        looking.close()


def cards(html: str) -> dict[str, str]:
    """The text of each card by its heading."""
    every = elements(html)
    found = [e for e in every if e.tag == "section" and "card" in e.get("class").split()]
    return {
        next(e.text for e in every if e.tag == "h2" and e.inside(card)): card.text for card in found
    }


@pytest.mark.parametrize("how", BROKEN)
def test_a_section_that_fails_shows_a_reference_and_the_rest_of_the_page_stands(
    settings: Settings,
    broken_and_fine: Callable[[Load], tuple[Source, ...]],
    snapshots_of: Callable[[Trial], Snapshots],
    how: str,
) -> None:
    trial = Trial.of(settings, *broken_and_fine(BROKEN[how]))
    before = snapshots_of(trial).digest()
    start = time.monotonic()
    with the_log() as log:
        answer = trial.client.get(trial.overview)
    assert answer.status_code == 200
    assert time.monotonic() - start < 4
    assert "Not available just now" in cards(answer.text)["One"]
    assert "Bakery" in cards(answer.text)["Two"]
    assert element(answer.text, "h1").text == "Bakery"
    reference = element(answer.text, "span", class_="reference").text.removeprefix("Reference ")
    (line,) = [line for line in log.getvalue().splitlines() if reference in line]
    for known in ("broken.one", "firm=acme", "Traceback"):
        assert known in line
    assert "secret of the code" not in answer.text
    assert snapshots_of(trial).digest() == before
    assert trial.client.get("/f/acme/clients").status_code == 200


def test_a_section_whose_failed_query_it_swallowed_harms_no_other(
    settings: Settings, broken_and_fine: Callable[[Load], tuple[Source, ...]]
) -> None:
    trial = Trial.of(settings, *broken_and_fine(swallows_its_failure))
    with the_log():
        html = trial.client.get(trial.overview).text
    assert "Bakery" in cards(html)["Two"]


def test_a_sections_budget_is_its_own(settings: Settings, tmp_path: Path) -> None:
    seconds = "0.4" if settings.database_url else ""

    def waits(ctx: Context, account: Account) -> Fragment:
        if seconds:
            ctx.store.database.execute_sql(f"SELECT pg_sleep({seconds})")
        else:
            time.sleep(0.4)
            ctx.store.database.execute_sql(SLOW.replace("2000000000", "100000"))
        return fine(ctx, account)

    trial = Trial.of(
        settings,
        a_plugin(
            tmp_path,
            "three",
            sections=(
                a_section("short", fine, 1, budget=0.05),
                a_section("long", waits, 2, budget=5.0),
                a_section("again", waits, 3, budget=0.1),
            ),
        ),
    )
    with the_log():
        found = cards(trial.client.get(trial.overview).text)
    assert "Bakery" in found["Short"]
    assert "Bakery" in found["Long"]
    assert "Not available" in found["Again"]


def test_what_a_section_shows_is_escaped(settings: Settings, tmp_path: Path) -> None:
    script = "<script>alert(1)</script>"
    template = a_template(tmp_path, "loud", "<p>{{ text }}</p>")
    load = lambda ctx, account: Fragment(template, {"text": script})  # noqa: E731
    trial = Trial.of(settings, a_plugin(tmp_path, "loud", sections=(a_section("one", load),)))
    html = trial.client.get(trial.overview).text
    assert all(script.get("src") for script in elements(html, "script"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert script in cards(html)["One"]


def test_the_most_that_a_section_may_show_is_shown(settings: Settings, tmp_path: Path) -> None:
    template = a_template(tmp_path, "long", "{{ text }}")
    texts = iter(("x" * LONGEST, "x" * (LONGEST + 1)))
    load = lambda ctx, account: Fragment(template, {"text": next(texts)})  # noqa: E731
    trial = Trial.of(settings, a_plugin(tmp_path, "long", sections=(a_section("one", load),)))
    assert "Not available" not in trial.client.get(trial.overview).text
    with the_log():
        assert "Not available" in trial.client.get(trial.overview).text


def test_sections_stand_in_their_order_and_then_by_name(settings: Settings, tmp_path: Path) -> None:
    places = {"last": 900, "first": 100, "beta": 500, "alpha": 500}
    sections = tuple(a_section(name, fine, order) for name, order in places.items())
    trial = Trial.of(settings, a_plugin(tmp_path, "many", sections=sections))
    html = trial.client.get(trial.overview).text
    assert list(cards(html)) == ["First", "Alpha", "Beta", "Last"]


def test_a_section_of_a_module_that_is_off_is_absent(settings: Settings, tmp_path: Path) -> None:
    calls: list[str] = []

    def counted(ctx: Context, account: Account) -> Fragment:
        calls.append(ctx.firm.slug)
        return fine(ctx, account)

    trial = Trial.of(
        settings,
        a_plugin(tmp_path, "quiet", sections=(a_section("one", counted),)),
        a_plugin(tmp_path, "fine", sections=(a_section("two", fine),)),
    )
    assert list(cards(trial.client.get(trial.overview).text)) == ["Two", "One"]
    with as_owner(trial.deployment.store, trial.deployment.catalog, trial.firm) as ctx:
        switch_module(ctx, "quiet")
    assert list(cards(trial.client.get(trial.overview).text)) == ["Two"]
    assert len(calls) == 1


def test_per_4_a_section_that_the_viewer_may_not_see_is_absent_and_not_even_loaded(
    settings: Settings, tmp_path: Path
) -> None:
    """PER-4."""
    calls: list[str] = []

    def counted(ctx: Context, account: Account) -> Fragment:
        calls.append(ctx.viewer.name)
        return fine(ctx, account)

    right = Permission(name="money.see", title=_("See money"), description=_("See it."))
    sections = (
        a_section("of right", counted, needs=right),
        a_section("of managers", counted, needs=MANAGE_ACCOUNTS),
        a_section("for all", fine),
    )
    money = a_plugin(tmp_path, "money", sections=sections, permissions=(right,))
    trial = Trial.of(settings, money)
    store = trial.deployment.store
    person = add_person(store, "emil@firm.example", PASSWORD)
    with as_owner(store, trial.deployment.catalog, trial.firm) as ctx:
        (account,) = list_accounts(ctx).accounts
        an_employee(ctx, accounts=(account,), person_id=person)
    assert set(cards(trial.client.get(trial.overview).text)) == {
        "Of Right",
        "Of Managers",
        "For All",
    }
    emil = trial.client.application.test_client()
    sign_in(emil, "emil@firm.example")
    assert set(cards(emil.get(trial.overview).text)) == {"For All"}
    assert set(calls) == {"Olga Owner"}
