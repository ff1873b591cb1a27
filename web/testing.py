"""A deployment to try a plugin in: for the conformance suite, and for a plugin's own tests.

The fixtures of `web.pytest_plugin` hand it to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from crm_core.access import assign
from crm_core.loading import installed_sources
from crm_core.membership import add_member
from crm_core.permissions import Role
from crm_core.refusals import Refused
from crm_core.store.engines import SQLITE_FILE
from crm_core.testing.builders import (
    a_client,
    a_firm,
    an_account,
    as_client,
    as_owner,
    as_person,
)
from web import once
from web.app import create_app
from web.bootstrap import Deployment, assemble, migrate_deployment, ready
from web.settings import Settings
from web.signin.people import add_person
from web.signin.security import TOKEN
from web.signin.sessions import begin_session
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from crm_core.accounts import Account
    from crm_core.catalog import Installed
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.loading import Source

EDITION = "tried"
PEOPLE = ("owner", "employee", "client", "stranger")
NOWHERE = "0" * 32
QUERIES = 1
"""The queries that a section may make."""

LARGEST_CARD = 20_000
"""Characters of HTML that a card may have: one shows a few lines, *View all* the rest."""

MANY = 30
"""How often the demonstration of the plugin is told of the rich account."""

PASSWORD = "correct horse battery"  # noqa: S105 - of people who do not exist


@frozen(kw_only=True)
class Trial:
    """A deployment on SQLite in a folder, with a firm that has the plugin and one beside it.

    Its people are `owner`, `employee` (with no right of their own, on `account`), `client`, who may
    sign in to `account`, and `stranger`, the owner of the firm beside; `foreign` is an account of
    theirs.
    """

    name: str
    deployment: Deployment
    app: Flask
    firm: Firm
    people: dict[str, int]
    account: Account
    foreign: Account
    _clients: dict[str, FlaskClient] = field(factory=dict)

    @property
    def plugin(self) -> Installed:
        """The plugin that is tried."""
        return self.deployment.catalog.installed[self.name]

    @property
    def database(self) -> Path:
        """The file with everything in it."""
        return self.deployment.settings.folder / SQLITE_FILE

    def client(self, who: str = "owner") -> FlaskClient:
        """A browser in which one of the people is signed in, or nobody: `signed out`."""
        if who not in self._clients:
            made = self.app.test_client()
            if who in self.people:
                token = begin_session(self.deployment.store, self.people[who])
                with made.session_transaction() as session:
                    session["_user_id"] = who
                    session[TOKEN] = token
            self._clients[who] = made
        return self._clients[who]

    def asking(self, who: str) -> AbstractContextManager[Context]:
        """A transaction of the firm in which `owner`, `employee` or `client` asks."""
        deployment = self.deployment
        make = as_client if who == "client" else as_person
        return make(deployment.store, deployment.catalog, self.firm, self.people[who])

    def filled(self, **fields: str) -> dict[str, str]:
        """What a browser would send with a form that is filled in so."""
        return {once.FIELD: once.new_key(), **fields}

    def close(self) -> None:
        """Closes the database."""
        self.deployment.store.close()


def a_trial(folder: Path, name: str, *more: Source) -> Trial:
    """Sets up a deployment for the plugin in an empty folder, with what it requires and no more.

    `more` are plugins that are not installed; the others come from Python's installed packages.
    Refuses a plugin that is left out, with the reason.
    """
    given = {source.name for source in more}
    sources = [*more, *(source for source in installed_sources() if source.name not in given)]
    everything = assemble(_settings(folder), sources)
    for failure in everything.failures:
        if failure.plugin == name:
            raise Refused(
                _("{name} is left out. {reason}", name=name, reason=failure.reason)
            ) from failure.error
    if name not in everything.catalog.installed:
        raise Refused(_("There is no plugin {name}.", name=name))
    wanted = _with_required(everything, name)
    deployment = _migrated(folder, [s for s in sources if s.name in wanted], wanted)
    store, catalog = deployment.store, deployment.catalog
    people = {who: add_person(store, f"{who}@person.example", PASSWORD) for who in PEOPLE}
    here = a_firm(store, "here", people["owner"], EDITION)
    there = a_firm(store, "there", people["stranger"], EDITION)
    with as_owner(store, catalog, there) as ctx:
        foreign = an_account(ctx, "Foreign")
    with as_owner(store, catalog, here) as ctx:
        account = an_account(ctx, "Bakery", first_name="Anna", emails=("anna@x.example",))  # type: ignore[arg-type]
        employee = add_member(ctx, people["employee"], "Emil", "emil@x.example", Role.EMPLOYEE)
        assign(ctx, account.id, employee)
        a_client(ctx, account, people["client"])
    app = create_app(deployment)
    # A form's secret has tests of its own; here the right alone is asked.
    app.config["WTF_CSRF_ENABLED"] = False
    return Trial(
        name=name,
        deployment=deployment,
        app=app,
        firm=here,
        people=people,
        account=account,
        foreign=foreign,
    )


def _settings(folder: Path) -> Settings:
    return Settings(folder=folder, database_url="", owner_url="", base_url="http://127.0.0.1:8000")


def _with_required(deployment: Deployment, name: str) -> set[str]:
    wanted, waiting = {name}, [name]
    while waiting:
        more = set(deployment.catalog.installed[waiting.pop()].manifest.requires) - wanted
        wanted |= more
        waiting.extend(more)
    return wanted


def _migrated(folder: Path, sources: Sequence[Source], names: set[str]) -> Deployment:
    folder.mkdir(parents=True, exist_ok=True)
    editions = folder / "editions.toml"
    listed = ", ".join(f'"{name}"' for name in sorted(names))
    editions.write_text(f'[{EDITION}]\ntitle = "Tried"\nplugins = [{listed}]\n', "utf-8")
    deployment = assemble(evolve(_settings(folder), editions=editions), sources)
    migrate_deployment(deployment)
    return ready(deployment)
