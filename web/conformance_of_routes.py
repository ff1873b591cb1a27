"""Whether the pages of a plugin keep to the contract: who may open them, and what they change."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core.contributions import Scope
from crm_core.firms import firm_named
from crm_core.modules import switch_module
from crm_core.testing.builders import as_owner
from crm_core.testing.conformance import Checked, checked
from web import once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_core.catalog import Contributed
    from crm_core.contributions import Route
    from web.testing import Trial

NOWHERE = "0" * 32


@frozen
class _Asked:
    """A request: by whom, for which account, and the statuses that are right."""

    who: str
    account: str
    right: tuple[int, ...]
    why: str


def check_routes(trial: Trial) -> Iterator[Checked]:
    """Each page and form of the plugin, asked by everybody; and that reading changes nothing."""
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
            _answer(trial, contributed, _who_may(contributed), trial.account.public_id, "GET")
    wrote = ["opening its pages changed what is stored"] if _digest(trial) != before else []
    yield checked("pages that only read", len(routes), wrote)


def _questions(trial: Trial, route: Route) -> Iterator[_Asked]:
    own = trial.account.public_id
    yield _Asked("signed out", own, (302, 303), "asks to sign in")
    nothing = (404,) if "<" in route.path else ()
    works = (200, 303, 409, 422, *nothing)
    if route.scope is Scope.PORTAL:
        for who in ("stranger", "owner", "employee"):
            yield _Asked(who, own, (404,), "is not there for whoever is no client")
        for foreign in (trial.foreign.public_id, NOWHERE):
            yield _Asked("client", foreign, (404,), "is not there for an account of others")
        yield _Asked("client", own, works, "works for the client")
        return
    yield _Asked("stranger", own, (404,), "is not there for somebody of another firm")
    if route.scope is Scope.ACCOUNT:
        foreign = trial.foreign.public_id
        yield _Asked("owner", foreign, (404,), "is not there for another firm's account")
        yield _Asked("owner", NOWHERE, (404,), "is not there for an account that never was")
    if not route.needs.for_everyone:
        yield _Asked("employee", own, (403,), "refuses whoever lacks its right")
    yield _Asked("client", own, (404,), "is not there for a client")
    yield _Asked("owner", own, works, "works for the owner")


def _who_may(contributed: Contributed[Route]) -> str:
    """Somebody who may open the page."""
    return "client" if contributed.value.scope is Scope.PORTAL else "owner"


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
    if contributed.value.scope is not Scope.FIRM:
        path["account"] = account
    with trial.app.test_request_context():
        url = trial.app.url_for(contributed.name, firm=trial.firm.slug, **path)
    data = {"_once": once.new_key()} if method == "POST" else None
    return trial.client(who).open(url, method=method, data=data).status_code


def _names_in(path: str) -> list[str]:
    return [part.split(">")[0].rpartition(":")[2] for part in path.split("<")[1:]]


def check_switch(trial: Trial) -> Checked:
    """Switched off it is gone, nothing of it is lost, and switched on all is as it was."""
    pages = ["", "/info"]
    root = f"/f/{trial.firm.slug}/accounts/{trial.account.public_id}"
    routes = [r for r in trial.deployment.catalog.everything.routes if r.plugin == trial.name]
    before, rows = [_page(trial, root + page) for page in pages], _rows_of(trial)
    findings = []
    _switch(trial)
    for contributed in routes:
        for method in _methods(contributed.value):
            who = _who_may(contributed)
            status = _answer(trial, contributed, who, trial.account.public_id, method)
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
