"""Sixteen faults of plugins, at every kind of contribution: the page stands, and its place says so.

Faults that show when a plugin is loaded leave the whole plugin out, and `crm doctor` and
`crm plugins` name it. The others show when a contribution acts, each in its own place.
"""

from __future__ import annotations

import os
import re
import time
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from attrs import evolve, field, frozen
from markupsafe import Markup

from crm_core import (
    PUBLIC,
    SEE_ACCOUNTS,
    Choice,
    Context,
    Field,
    Fragment,
    Hit,
    Item,
    Keys,
    ListColumn,
    ListFilter,
    ListOf,
    Page,
    Place,
    Route,
    Scope,
    SearchProvider,
    Tab,
    To,
    item_list,
)
from crm_core.links import linked_contacts
from crm_core.listing.accounts import list_accounts
from crm_core.loading import Source
from crm_core.store import AccountRow
from crm_core.store.tables import FirmRecord
from crm_core.testing.builders import a_firm, an_account, as_owner
from tests.conftest import ADDRESS, PASSWORD
from tests.contract.snapshots import Snapshots
from tests.web.browsing import elements, sign_in, the_log
from tests.web.commands import Crm
from tests.web.plugins import Trial, _, a_plugin, a_section, an_installed_plugin
from web.app import create_app
from web.bootstrap import assemble
from web.signin.people import add_person

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from web.settings import Settings

MANIFEST = """
from crm_core import *
_ = words_of("{name}")
MANIFEST = Manifest(name="{said}", title=_("T"), description=_("D."), api={api})
"""
WHOLE = MANIFEST.format(name="twin", said="twin", api=1)
FOREIGN_TABLE = """
class Row:
    class _meta:
        table_name = "account"
@hookimpl
def models():
    return [Table(row=Row)]
"""

WHEN_LOADED = {
    "unimportable": ("import no_such_module_at_all", "No module named 'no_such_module_at_all'"),
    "nameless": ("MANIFEST = {'name': 'nameless'}", "no MANIFEST of the type Manifest"),
    "unhooked": (
        MANIFEST.format(name="unhooked", said="unhooked", api=1)
        + "@hookimpl\ndef widgets():\n    return ()\n",
        "a hook widgets that does not exist",
    ),
    "second": (
        MANIFEST.format(name="second", said="twin", api=1),
        "installed as second but calls itself twin",
    ),
    "grabbing": (
        MANIFEST.format(name="grabbing", said="grabbing", api=1) + FOREIGN_TABLE,
        "account, which does not begin with grabbing_",
    ),
    "futuristic": (
        MANIFEST.format(name="futuristic", said="futuristic", api=99),
        "version 99 of the contract",
    ),
}
"""Six plugins: an import error, a bad manifest, an unknown hook, a clashing name, a foreign table,
another API; and what is said of each."""

SLOW = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) "
    "SELECT count(*) FROM n"
)
BUDGET = 0.15
SCRIPT = "<script>alert(1)</script>"


def raises(ctx: Context) -> None:
    raise RuntimeError("a secret of the code")


def leaves(ctx: Context) -> None:
    raise SystemExit(3)


def asks_slowly(ctx: Context) -> None:
    ctx.store.database.execute_sql(SLOW)


def asks_wrongly(ctx: Context) -> None:
    list(AccountRow.of(ctx).limit(1))
    ctx.store.database.execute_sql("SELECT * FROM no_such_table")


def writes(ctx: Context) -> None:
    FirmRecord.change(ctx.store, name="Taken over").execute()


def leaves_a_transaction_open(ctx: Context) -> None:
    ctx.store.database.transaction().__enter__()


def ends_the_transaction(ctx: Context) -> None:
    ctx.store.database.execute_sql("COMMIT")


ACTS: Mapping[str, Callable[[Context], None]] = {
    "raises": raises,
    "leaves": leaves,
    "asks_slowly": asks_slowly,
    "asks_wrongly": asks_wrongly,
    "writes": writes,
    "leaves_open": leaves_a_transaction_open,
    "ends_it": ends_the_transaction,
}
"""What a contribution does before it answers as it should."""

ANSWERS: Mapping[str, object] = {"none": None, "wrong": object(), "text": "nonsense"}
"""What it answers instead."""


@frozen
class Kind:
    """A kind of contribution: how one is made that answers so, and where it shows.

    `also` are further faults of this kind, by what it answers.
    """

    hook: str
    make: Callable[[str, Callable[[Context], Any]], Any]
    sound: Callable[[Context], Any]
    place: Callable[[Trial, str], str]
    also: Mapping[str, Any] = field(factory=dict)


def _section(name: str, answer: Callable[[Context], Any]) -> Any:
    return a_section(name, lambda ctx, _account: answer(ctx), 10, budget=BUDGET)


def _card(name: str, answer: Callable[[Context], Any]) -> Any:
    return a_section(name, answer, 10, place=Place.HOME, budget=BUDGET)


def _route(name: str, answer: Callable[[Context], Any]) -> Route:
    def view(ctx: Context, account: Any) -> Any:
        return answer(ctx)

    tab = Tab(title=_("Tab"))
    return Route(name=name, path=name, scope=Scope.ACCOUNT, needs=SEE_ACCOUNTS, view=view, tab=tab)


def _field(name: str, answer: Callable[[Context], Any]) -> Field:
    return Field(
        name=name,
        title=_(name),
        help=_("Help."),
        needs=SEE_ACCOUNTS,
        read=lambda ctx, _account: answer(ctx),
        save=lambda _ctx, _account, _changed: None,
        budget=BUDGET,
    )


def _provider(name: str, answer: Callable[[Context], Any]) -> SearchProvider:
    return SearchProvider(
        name=name,
        title=_(name),
        needs=PUBLIC,
        find=lambda ctx, _text, _limit: answer(ctx),
        budget=BUDGET,
    )


def _column(name: str, answer: Callable[[Context], Any]) -> ListColumn:
    return ListColumn(
        name=name,
        title=_(name),
        of=ListOf.ACCOUNTS,
        needs=PUBLIC,
        load=lambda ctx, _keys: answer(ctx),
        budget=BUDGET,
    )


def _filter(name: str, answer: Callable[[Context], Any]) -> ListFilter:
    return ListFilter(
        name=name,
        title=_(name),
        of=ListOf.ACCOUNTS,
        needs=PUBLIC,
        choices=lambda _ctx: [Choice(value="a", label=_("All"))],
        find=lambda ctx, _chosen: answer(ctx),
        budget=BUDGET,
    )


def _filter_by_its_choices(name: str, answer: Callable[[Context], Any]) -> ListFilter:
    return ListFilter(
        name=name,
        title=_(name),
        of=ListOf.ACCOUNTS,
        needs=PUBLIC,
        choices=answer,
        find=lambda ctx, _chosen: Keys(query=AccountRow.of(ctx, AccountRow.id)),
        budget=BUDGET,
    )


def _names(ctx: Context) -> Fragment:
    return item_list((Item(what=a.name) for a in list_accounts(ctx).accounts), empty=_("Nothing."))


MILLION = range(1_000_000)

KINDS = {
    "section": Kind(
        "sections",
        _section,
        _names,
        lambda trial, _name: trial.overview,
        {
            "no_template": lambda _ctx: Fragment("faulty/nowhere.html"),
            "million": lambda _ctx: item_list(
                (Item(what="x" * 10) for _number in range(200_000)), empty=_("Nothing.")
            ),
        },
    ),
    "card of the home page": Kind(
        "sections",
        _card,
        _names,
        lambda _trial, _name: "/f/acme/home",
        {"no_template": lambda _ctx: Fragment("faulty/nowhere.html")},
    ),
    "field": Kind(
        "fields",
        _field,
        lambda _ctx: (1,),
        lambda trial, _name: f"{trial.overview}/info",
        {"of_texts": lambda _ctx: ["a@x.example"]},
    ),
    "search provider": Kind(
        "search_providers",
        _provider,
        lambda _ctx: [Hit(what="Found", to=To("shell.clients"))],
        lambda _trial, _name: "/f/acme/search?q=bakery",
        {"leads_nowhere": lambda _ctx: [Hit(what="Found", to=To("no.such_route"))]},
    ),
    "list column": Kind(
        "list_columns",
        _column,
        lambda _ctx: dict.fromkeys(range(1000), "Cell"),
        lambda _trial, name: f"/f/acme/clients?column=faulty.{name}",
        {"of_objects": lambda _ctx: dict.fromkeys(range(1000), object())},
    ),
    "list filter": Kind(
        "list_filters",
        _filter,
        lambda ctx: Keys(query=AccountRow.of(ctx, AccountRow.id)),
        lambda _trial, name: f"/f/acme/clients?faulty.{name}=a",
        {"two_columns": lambda ctx: Keys(query=AccountRow.of(ctx, AccountRow.id, AccountRow.name))},
    ),
    "choices of a list filter": Kind(
        "list_filters",
        _filter_by_its_choices,
        lambda _ctx: [Choice(value="a", label=_("All"))],
        lambda _trial, name: f"/f/acme/clients?faulty.{name}=a",
        {
            "million": lambda _ctx: (Choice(value=str(n), label="x") for n in MILLION),
        },
    ),
}


def faults_of(kind: Kind) -> dict[str, Callable[[Context], Any]]:
    """How a contribution of this kind can fail, by a name for each."""

    def doing(act: Callable[[Context], None]) -> Callable[[Context], Any]:
        def answer(ctx: Context) -> Any:
            act(ctx)
            return kind.sound(ctx)

        return answer

    def answering(value: object) -> Callable[[Context], Any]:
        return lambda _ctx: value

    return {
        **{name: doing(act) for name, act in ACTS.items()},
        **{name: answering(value) for name, value in ANSWERS.items()},
        **kind.also,
    }


@pytest.mark.parametrize("which", KINDS)
def test_a_contribution_that_fails_says_so_in_its_place_and_the_page_stands(
    settings: Settings, tmp_path: Path, which: str, engine: str, request: pytest.FixtureRequest
) -> None:
    kind = KINDS[which]
    faults = faults_of(kind)
    made = [kind.make(name, answer) for name, answer in faults.items()]
    trial = Trial.of(
        settings,
        a_plugin(tmp_path, "faulty", **{kind.hook: (*made, kind.make("sound", kind.sound))}),
        a_plugin(tmp_path, "fine", sections=(a_section("last", lambda ctx, _a: _names(ctx), 900),)),
    )
    with_an_address(trial)
    server = request.getfixturevalue("postgres_server") if engine == "postgres" else None
    looking = Snapshots.of(trial.deployment, server)
    before = looking.digest()
    log = ""
    for name in faults:
        with the_log() as written:
            answer = trial.client.get(kind.place(trial, name))
        log += written.getvalue()
        assert answer.status_code == 200, name
        assert "Bakery" in answer.text, name
        assert "Not available just now" in answer.text, name
        assert "a secret of the code" not in answer.text
        shown = re.findall(r"Reference (\w{4}-\w\w)", answer.text)
        assert shown, name
        assert all(f"reference={reference}" in log for reference in shown), name
    told = trial.client.get("/f/acme/settings/modules").text
    for name in faults:
        assert f"what=faulty.{name}" in log, name
        assert f"faulty.{name}" in told, "the page of modules names what failed"
    assert "a secret of the code" not in told
    assert "Traceback" in log
    with the_log():
        assert trial.client.get(kind.place(trial, "sound")).status_code == 200
        assert "Bakery" in trial.client.get("/f/acme/clients").text
    assert looking.digest() == before
    looking.close()
    print(f"{which}: {len(faults)} faults")
    assert len(faults) >= 11


def with_an_address(trial: Trial) -> None:
    """Gives the client's account another contact, with an address to show settings of."""
    with as_owner(trial.deployment.store, trial.deployment.catalog, trial.firm) as ctx:
        more = {"first_name": "Anna", "emails": ("a@x.example",)}
        account = an_account(ctx, "Bakery Two", **more)  # type: ignore[arg-type]
        assert linked_contacts(ctx, account)[0].addresses
    trial.overview = f"/f/acme/accounts/{account.public_id}"


ROUTE_FAULTS: Mapping[str, Callable[[Context], Any]] = {
    "no_template": lambda _ctx: Page("faulty/nowhere.html", _("X")),
    "million": lambda _ctx: Page("shell/page.html", "x" * 6_000_000),
}


def test_a_page_that_fails_says_so_with_a_reference_and_all_others_stand(
    settings: Settings,
    tmp_path: Path,
    engine: str,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("web.routing.LONGEST_SQL", BUDGET)
    sound = lambda _ctx: Page("shell/page.html", _("Fine"))  # noqa: E731
    kind = Kind("routes", _route, sound, lambda trial, name: f"{trial.overview}/faulty/{name}")
    # A view may leave by itself: the server's worker catches that, and answers nothing.
    faults = {n: a for n, a in {**faults_of(kind), **ROUTE_FAULTS}.items() if n != "leaves"}
    trial = Trial.of(
        settings,
        a_plugin(tmp_path, "faulty", routes=tuple(_route(n, a) for n, a in faults.items())),
    )
    server = request.getfixturevalue("postgres_server") if engine == "postgres" else None
    looking = Snapshots.of(trial.deployment, server)
    before = looking.digest()
    for name in faults:
        with the_log() as written:
            answer = trial.client.get(kind.place(trial, name))
        assert answer.status_code == 500, name
        assert "Something went wrong on our side" in answer.text, name
        assert "a secret of the code" not in answer.text
        assert "Traceback" in written.getvalue(), name
        assert f"faulty/{name}" in written.getvalue(), name
        with the_log() as written:
            assert trial.client.get(trial.overview).status_code == 200, name
        assert written.getvalue() == "", name
    assert looking.digest() == before
    looking.close()
    assert len(faults) >= 11


@pytest.mark.parametrize("which", KINDS)
def test_what_is_late_three_times_in_a_row_is_left_out_for_five_minutes(
    settings: Settings, tmp_path: Path, which: str
) -> None:
    kind = KINDS[which]
    calls = []

    def slow(ctx: Context) -> Any:
        calls.append(ctx.now)
        time.sleep(BUDGET * 1.2)
        return kind.sound(ctx)

    trial = Trial.of(
        settings, a_plugin(tmp_path, "faulty", **{kind.hook: (kind.make("slow", slow),)})
    )
    with_an_address(trial)
    place = kind.place(trial, "slow")

    def seen() -> tuple[str, str]:
        with the_log() as log:
            answer = trial.client.get(place)
        assert answer.status_code == 200
        return answer.text, log.getvalue()

    for _time in range(3):
        html, log = seen()
        assert "Left out" not in html
        assert "contribution late" in log
        assert "what=faulty.slow" in log
    reference = log.split("reference=")[1].split()[0]
    assert "contribution left out" in log
    told = trial.client.get("/f/acme/settings/modules").text
    assert reference in told
    assert "Too slow three times in a row" in told
    html, log = seen()
    assert "Left out for five minutes, since it was too slow three times in a row" in html
    assert reference in html
    assert "Bakery" in html
    assert log == ""
    assert len(calls) == 3
    with time_machine.travel(calls[-1].timestamp() + 301, tick=True):
        assert "Left out" not in seen()[0]
    assert len(calls) == 4


def test_what_is_late_now_and_then_is_never_left_out(settings: Settings, tmp_path: Path) -> None:
    waits = iter([1, 1, 0, 1, 1, 0] * 2)

    def sometimes(ctx: Context) -> Fragment:
        time.sleep(BUDGET * 1.2 * next(waits))
        return _names(ctx)

    trial = Trial.of(
        settings, a_plugin(tmp_path, "faulty", sections=(_section("slow", sometimes),))
    )
    for _time in range(12):
        with the_log():
            assert "Left out" not in trial.client.get(trial.overview).text


def test_html_that_a_plugin_calls_safe_is_shown_as_the_text_that_it_is(
    settings: Settings, tmp_path: Path
) -> None:
    loud = Markup(SCRIPT)
    trial = Trial.of(
        settings,
        a_plugin(
            tmp_path,
            "faulty",
            sections=(
                _section("one", lambda _c: item_list([Item(what=loud)], empty=_("Nothing"))),
            ),
            search_providers=(
                _provider("one", lambda _c: [Hit(what=loud, to=To("shell.clients"))]),
            ),
            list_columns=(_column("one", lambda _c: dict.fromkeys(range(99), loud)),),
            list_filters=(
                _filter_by_its_choices("one", lambda _c: [Choice(value=loud, label=loud)]),
            ),
        ),
    )
    for place in (
        trial.overview,
        "/f/acme/search?q=a",
        "/f/acme/search?q=a&part=hits",
        "/f/acme/clients?column=faulty.one",
    ):
        answer = trial.client.get(place)
        scripts = [e for e in elements(answer.text, "script") if not e.get("src")]
        assert scripts == [], place
        assert "&lt;script&gt;" in answer.text, place
        assert "script-src 'self';" in answer.headers["Content-Security-Policy"]


def test_what_fails_when_it_is_loaded_is_left_out_and_the_commands_say_why(
    settings: Settings, tmp_path: Path
) -> None:
    for name, (code, _said) in WHEN_LOADED.items():
        an_installed_plugin(tmp_path / "installed", name, code)
    an_installed_plugin(tmp_path / "installed", "twin", WHOLE)
    path = os.pathsep.join([str(tmp_path / "installed"), os.getcwd()])
    crm = Crm(settings)
    doctor, listed = crm("doctor", PYTHONPATH=path), crm("plugins", PYTHONPATH=path)
    assert doctor.code == 1
    assert listed.code == 0
    for name, (_code, said) in WHEN_LOADED.items():
        for lines in (doctor.out, listed.error):
            (line,) = (line for line in lines.splitlines() if f"{name}: left out." in line)
            assert said in line
    assert "twin 1.0: T. D." in listed.out
    assert "notes 1.0" in listed.out
    assert len(WHEN_LOADED) == 6


def test_a_plugin_of_the_edition_that_is_not_sound_is_named_to_those_who_switch_modules(
    settings: Settings, tmp_path: Path
) -> None:
    unsound = a_plugin(tmp_path, "unsound", nonsense=())
    other = a_plugin(tmp_path, "other")
    editions = tmp_path / "editions.toml"
    editions.write_text('[trial]\ntitle = "Trial"\nplugins = ["unsound", "other"]\n', "utf-8")
    raising = Source(name="raising", module="no_such_module_of_a_plugin")
    deployment = assemble(evolve(settings, editions=editions), sources=[unsound, other, raising])
    assert {failure.plugin for failure in deployment.failures} == {"unsound", "raising"}
    person = add_person(deployment.store, ADDRESS, PASSWORD)
    a_firm(deployment.store, "acme", person, "trial")
    client = create_app(deployment).test_client()
    sign_in(client, ADDRESS)
    page = client.get("/f/acme/settings/modules").text
    assert "It implements a hook nonsense that does not exist." in page
    assert "raising" not in page, "it is no plugin of this firm's edition"
    assert "no_such_module_of_a_plugin" not in page
