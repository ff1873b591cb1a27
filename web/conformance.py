"""The conformance suite: whether a plugin keeps to the contract, tried on a deployment of its own.

`crm plugin check` prints what `examine` finds. What the core alone can see stands in
`crm_core.testing.conformance`.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from crm_core.contexts import context_for_owner
from crm_core.contributions import DemoAccount, Place, Scope
from crm_core.demo.clients import demo_clients
from crm_core.firms import firm_named
from crm_core.guarding import Failed, guarded
from crm_core.languages import ENGLISH, LANGUAGES
from crm_core.links import link_contact
from crm_core.modules import switch_module
from crm_core.testing.builders import a_contact, an_account, as_owner
from crm_core.testing.conformance import Checked, check_declarations, check_tables, checked
from crm_core.testing.recording import recorded
from crm_core.work import Job, Reaction
from web import once
from web.sections import cards

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm_core.accounts import Account
    from crm_core.catalog import Contributed, Installed
    from crm_core.context import Context
    from crm_core.contributions import Route, Section
    from web.sections import Card
    from web.testing import Trial

PEOPLE = ("owner", "employee", "stranger")
NOWHERE = "0" * 32
QUERIES = 1
"""The queries that a section may make."""

LARGEST_CARD = 20_000
"""Characters of HTML that a card may have: one shows a few lines, *View all* the rest."""

MANY = 30
"""How often the demonstration of the plugin is told of the rich account."""


def examine(trial: Trial) -> Iterator[Checked]:
    """Everything that the contract asks of the plugin; where it raises, that is the finding."""
    plugin, catalog = trial.plugin, trial.deployment.catalog
    yield from check_declarations(plugin, catalog)
    declared = trial.deployment.settings.folder / "declared"
    declared.mkdir()
    yield from check_tables(plugin, catalog, trial.database, declared)
    yield checked("texts", 1, _of_texts(plugin))
    yield _check_demonstration(trial)
    yield _check_work(trial)
    yield _check_sections(trial)
    yield from _check_routes(trial)
    yield _check_switch(trial)


def _of_texts(plugin: Installed) -> Iterator[str]:
    """What lacks a translation in the languages that the plugin comes with."""
    from web.extraction import path_of, unfit, untranslated, up_to_date

    package = Path(str(plugin.module.__file__)).parent
    for language in LANGUAGES:
        if language == ENGLISH or not (package / "locale" / language).is_dir():
            continue
        if not path_of(package, language).is_file():
            yield (
                f"{language}: there is no {path_of(package, language).relative_to(package)}; "
                "the folder of a plugin is named as the plugin"
            )
            continue
        catalogue = up_to_date(package, language)
        for message in untranslated(catalogue):
            yield f"{language}: {message.id!r} is not translated"
        for message in unfit(catalogue):
            yield f"{language}: the translation of {message.id!r} has other placeholders"


def _check_demonstration(trial: Trial) -> Checked:
    """The demonstration of each dataset, told of one account again and again."""
    findings = []
    of_plugin = [d for d in trial.deployment.catalog.everything.datasets if d.plugin == trial.name]
    trade = demo_clients(1)[0].trade
    with as_owner(trial.deployment.store, trial.deployment.catalog, trial.firm) as ctx:
        old = evolve(trial.account, created=ctx.now.replace(year=ctx.now.year - 5))
        told = [DemoAccount(account=old, trade=trade, first=True)] * MANY
        for dataset in of_plugin:
            if dataset.value.demo is None:
                findings.append(f"{dataset.name} shows nothing in the demonstration: give it demo")
                continue
            outcome = guarded(dataset.name, partial(dataset.value.demo, ctx, told, Random(1)))  # noqa: S311
            if isinstance(outcome, Failed):
                findings.append(f"{dataset.name}: its demo raised, see {outcome.reference}")
    return checked("demonstration", len(of_plugin), findings)


def _check_work(trial: Trial) -> Checked:
    """The plugin's jobs, each done once, and whether what it reacts to can happen at all."""
    modules = trial.deployment.catalog.everything
    mine = [work for work in modules.work.values() if work.plugin == trial.name]
    reactions = [work for work in mine if isinstance(work.value, Reaction)]
    told = {event.name for event in modules.events}
    findings = [
        f"{reaction.name} reacts to {event}, which nobody tells: see the hook events"
        for reaction in reactions
        for event in reaction.value.to
        if event not in told
    ]
    for job in mine:
        if isinstance(job.value, Job):
            with as_owner(trial.deployment.store, trial.deployment.catalog, trial.firm) as ctx:
                outcome = guarded(job.name, partial(job.value.act, ctx))
            if isinstance(outcome, Failed):
                findings.append(f"{job.name} raised, see {outcome.reference}")
    return checked("jobs and reactions", len(mine), findings)


def _check_sections(trial: Trial) -> Checked:
    store, catalog = trial.deployment.store, trial.deployment.catalog
    mine = [s for p in Place for s in catalog.everything.sections(p) if s.plugin == trial.name]
    sections = [section for section in mine if section.value.place is Place.OVERVIEW]
    with as_owner(store, catalog, trial.firm) as ctx:
        empty = an_account(ctx, "Empty")
        contact = a_contact(ctx, "Carl", "carl@x.example")
        link_contact(ctx, trial.account, contact)
    findings: list[str] = []
    accounts = {"rich": trial.account, "empty": empty, "another firm's": trial.foreign}
    with trial.app.test_request_context(), store.firm_transaction(trial.firm.id, write=False):
        ctx = context_for_owner(store, catalog, trial.firm)
        for whose, account in accounts.items():
            findings += [f for s in sections for f in _of_section(ctx, s, whose, account)]
            findings += _of_cards(trial, cards(ctx, Place.OVERVIEW, account), f"{whose} account")
        findings += _of_cards(trial, cards(ctx, Place.HOME), "home page")
    return checked("sections", len(mine), findings)


def _of_cards(trial: Trial, drawn: Sequence[Card], whose: str) -> Iterator[str]:
    for card in drawn:
        if not card.name.startswith(f"{trial.name}."):
            continue
        if card.failed:
            yield f"{card.name} fails for the {whose}"
        elif len(card.html) > LARGEST_CARD:
            yield f"{card.name} is {len(card.html)} characters for the {whose}"
        elif not card.html.strip():
            yield f"{card.name} is blank for the {whose}: say what to do next"


def _of_section(
    ctx: Context, contributed: Contributed[Section], whose: str, account: Account
) -> Iterator[str]:
    with recorded(ctx.store) as statements:
        outcome = guarded(contributed.name, lambda: contributed.value.load(ctx, account))
    if len(statements) > QUERIES:
        yield f"{contributed.name} makes {len(statements)} queries for {whose}, not {QUERIES}"
    stores = any(table.plugin == contributed.plugin for table in ctx.catalog.everything.tables)
    if stores and whose == "another firm's" and not isinstance(outcome, Failed):
        items = getattr(outcome.value, "values", {}).get("items", ())
        if items:
            yield f"{contributed.name} shows {len(items)} items of another firm's account"


@frozen
class _Asked:
    """A request: by whom, for which account, and the statuses that are right."""

    who: str
    account: str
    right: tuple[int, ...]
    why: str


def _check_routes(trial: Trial) -> Iterator[Checked]:
    routes = [r for r in trial.deployment.catalog.everything.routes if r.plugin == trial.name]
    met = 0
    findings: list[str] = []
    for contributed in routes:
        for asked in _questions(trial, contributed.value):
            for method in _methods(contributed.value):
                met += 1
                findings += _of_answer(trial, contributed, asked, method)
    yield checked("requests to routes", met, findings)
    before = _digest(trial)
    for contributed in routes:
        if contributed.value.view is not None:
            _answer(trial, contributed, "owner", trial.account.public_id, "GET")
    wrote = ["opening its pages changed what is stored"] if _digest(trial) != before else []
    yield checked("pages that only read", len(routes), wrote)


def _questions(trial: Trial, route: Route) -> Iterator[_Asked]:
    own = trial.account.public_id
    yield _Asked("signed out", own, (302, 303), "asks to sign in")
    yield _Asked("stranger", own, (404,), "is not there for somebody of another firm")
    if route.scope is Scope.ACCOUNT:
        foreign = trial.foreign.public_id
        yield _Asked("owner", foreign, (404,), "is not there for another firm's account")
        yield _Asked("owner", NOWHERE, (404,), "is not there for an account that never was")
    if not route.needs.for_everyone:
        yield _Asked("employee", own, (403,), "refuses whoever lacks its right")
    nothing = (404,) if "<" in route.path else ()
    yield _Asked("owner", own, (200, 303, 409, 422, *nothing), "works for the owner")


def _methods(route: Route) -> tuple[str, ...]:
    return tuple(m for m, has in (("GET", route.view), ("POST", route.submit)) if has)


def _of_answer(
    trial: Trial, contributed: Contributed[Route], asked: _Asked, method: str
) -> Iterator[str]:
    status = _answer(trial, contributed, asked.who, asked.account, method)
    if status not in asked.right:
        yield f"{contributed.name}: {method} by {asked.who} gives {status}; it {asked.why}"


def _answer(
    trial: Trial, contributed: Contributed[Route], who: str, account: str, method: str
) -> int:
    path: dict[str, Any] = dict.fromkeys(_names_in(contributed.value.path), NOWHERE)
    if contributed.value.scope is Scope.ACCOUNT:
        path["account"] = account
    with trial.app.test_request_context():
        url = trial.app.url_for(contributed.name, firm=trial.firm.slug, **path)
    data = {"_once": once.new_key()} if method == "POST" else None
    return trial.client(who).open(url, method=method, data=data).status_code


def _names_in(path: str) -> list[str]:
    return [part.split(">")[0].rpartition(":")[2] for part in path.split("<")[1:]]


def _check_switch(trial: Trial) -> Checked:
    """Switched off it is gone, nothing of it is lost, and switched on all is as it was."""
    pages = ["", "/info"]
    root = f"/f/{trial.firm.slug}/accounts/{trial.account.public_id}"
    routes = [r for r in trial.deployment.catalog.everything.routes if r.plugin == trial.name]
    before, rows = [_page(trial, root + page) for page in pages], _rows_of(trial)
    findings = []
    _switch(trial)
    for contributed in routes:
        for method in _methods(contributed.value):
            status = _answer(trial, contributed, "owner", trial.account.public_id, method)
            if status != 404:
                findings.append(f"{contributed.name} gives {status} while the module is off")
    for page in pages:
        if trial.client().get(root + page).status_code != 200:
            findings.append(f"{page or 'the Overview'} does not stand without it")
    _switch(trial)
    if [_page(trial, root + page) for page in pages] != before:
        findings.append("pages are not as they were after it was switched off and on")
    if _rows_of(trial) != rows:
        findings.append("its rows are not as they were after it was switched off and on")
    return checked("switching off and on", len(pages) + len(routes), findings)


def _switch(trial: Trial) -> None:
    store, catalog = trial.deployment.store, trial.deployment.catalog
    with as_owner(store, catalog, firm_named(store, trial.firm.slug)) as ctx:
        switch_module(ctx, trial.name)


def _page(trial: Trial, path: str) -> str:
    """A page without what is new in it each time."""
    html = trial.client().get(path).text
    return re.sub(r'(name="(?:csrf_token|_once)" value=")[^"]*', r"\1", html)


def _rows_of(trial: Trial) -> list[str]:
    tables = [t.value.row._meta.table_name for t in _tables(trial)]
    return [line for line in _dump(trial) if any(f'INTO "{t}"' in line for t in tables)]


def _tables(trial: Trial) -> list[Contributed[Any]]:
    return [t for t in trial.deployment.catalog.everything.tables if t.plugin == trial.name]


def _digest(trial: Trial) -> str:
    """A hash over all that is stored, but for when somebody was last seen."""
    lines = [line for line in _dump(trial) if 'INTO "session"' not in line]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _dump(trial: Trial) -> list[str]:
    with closing(sqlite3.connect(trial.database)) as connection:
        return list(connection.iterdump())
