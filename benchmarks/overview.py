"""The Overview with thirteen sections, two of ours and the others made here; a portal with ten."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from random import Random
from types import ModuleType
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen
from peewee import BigAutoField, BigIntegerField, CharField

from benchmarks.deployments import PASSWORD, client_of
from crm_core import (
    SEE_ACCOUNTS,
    VIEW_ALL_ACCOUNTS,
    Context,
    Dataset,
    Fragment,
    Item,
    Manifest,
    Place,
    Section,
    Table,
    To,
    hookimpl,
    item_list,
    words_of,
)
from crm_core.contexts import context_for_owner
from crm_core.links import link_contact
from crm_core.loading import Source, installed_sources
from crm_core.permissions import USE_PORTAL
from crm_core.store import FirmRow, InstantField, References, compiled, new_public_id
from crm_core.testing.builders import (
    a_client,
    a_contact,
    a_firm,
    an_account,
    an_employee,
    with_login,
)
from plugins.notes.store import add_notes
from plugins.tasks.saving import add_tasks
from plugins.tasks.values import Priority, Task, TaskState
from web.app import create_app
from web.bootstrap import Deployment, assemble, migrate_deployment, ready
from web.signin.people import add_person

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from crm_core.accounts import Account
    from crm_core.firms import Firm
    from crm_core.store import Scoped
    from web.settings import Settings

_ = words_of("bench")
AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
DUE = date(2099, 1, 5)
OURS = 2
SECTIONS = 13
VISITS = 1000
WARM = 50
SHOWN = 5
ADDRESS = "emil@bench.example"
OWNER = "olga@bench.example"
CLIENT = "carla@bench.example"
IN_PORTAL = 10
ACCOUNTS_OF_CLIENT = 20
OVERVIEW, PORTAL = "/f/bench/accounts/", "/p/bench/"


def a_row(number: int) -> type[FirmRow]:
    """The table of one of the bench's sections."""

    class BenchRow(FirmRow):
        id = BigAutoField()
        public_id = CharField(32)
        account_id = BigIntegerField()
        name = CharField(100)
        at = InstantField()

        class Meta:
            table_name = f"bench_s{number}"
            indexes = ((("firm_id", "id"), True), (("firm_id", "account_id", "id"), False))
            constraints = (
                References(
                    ("firm_id", "account_id"), "account", ("firm_id", "id"), on_delete="CASCADE"
                ),
            )

    return BenchRow


ROWS = [a_row(number) for number in range(SECTIONS - OURS)]

MIGRATION = """
from benchmarks.overview import ROWS
from crm_core.store import create_tables

def up(migrator, db):
    create_tables(db, ROWS)
"""


def _loading(row: Any, leads_to: str = "shell.info") -> Callable[[Context, Account], Fragment]:
    @compiled
    def latest(asked: Scoped, account_id: Any, count: Any) -> Any:
        mine = row.of(asked).where(row.account_id == account_id)
        return mine.order_by(row.id.desc()).limit(count)

    def load(ctx: Context, account: Account) -> Fragment:
        found = latest(ctx, account.id, SHOWN)
        here = To(leads_to, {"account": account.public_id})
        return item_list([Item(what=r.name, when=r.at, to=here) for r in found], empty=_("None."))

    return load


def bench_plugin(folder: Path, name: str = "bench", rows: Sequence[Any] = ROWS) -> Source:
    """A plugin with a section for each of these tables."""
    module: Any = ModuleType(name)
    module.__file__ = str(folder / name / "plugin.py")
    migrations = folder / name / "migrations"
    migrations.mkdir(parents=True)
    (migrations / "0001_bench.py").write_text(MIGRATION, "utf-8")
    module.MANIFEST = Manifest(
        name=name,
        title=_("Bench"),
        description=_("Sections to be measured."),
        migrations="migrations" if rows else "",
    )
    sections = [
        Section(
            name=f"s{number}",
            title=_("Bench"),
            place=Place.OVERVIEW,
            load=_loading(row),
            needs=SEE_ACCOUNTS,
            order=200 + number,
        )
        for number, row in enumerate(rows)
    ]
    sections += [
        Section(
            name=f"p{number}",
            title=_("Bench"),
            place=Place.PORTAL,
            load=_loading(row, "shell.portal"),
            needs=USE_PORTAL,
            order=200 + number,
        )
        for number, row in enumerate(rows[:IN_PORTAL])
    ]
    tables = tuple(row._meta.table_name for row in rows)
    datasets = (Dataset(name="rows", tables=tables),) if rows else ()
    for hook, answer in (
        ("sections", sections),
        ("models", [Table(row=row) for row in rows]),
        ("datasets", datasets),
    ):
        setattr(module, hook, hookimpl(lambda answer=answer: answer))
    return Source(name=name, module=module)


@frozen
class Asked:
    """A page that is measured: who opens it, where it is, and for which accounts."""

    client: FlaskClient
    path: str
    accounts: Sequence[str]


@frozen
class Office:
    """A deployment with a firm that has thirteen sections, and rows in each of them."""

    deployment: Deployment
    app: Flask
    firm: Firm
    accounts: Sequence[str]

    def overview(self, path: str = OVERVIEW) -> Asked:
        """The Overview, for an employee with the rights; or what stands at another path."""
        client = client_of(self.deployment, ADDRESS, self.app)
        return Asked(client, path, self.accounts[ACCOUNTS_OF_CLIENT:])

    def portal(self, path: str = PORTAL) -> Asked:
        """The portal, for a client of the first accounts; or what stands at another path."""
        client = client_of(self.deployment, CLIENT, self.app)
        return Asked(client, path, self.accounts[:ACCOUNTS_OF_CLIENT])

    def close(self) -> None:
        """Closes the database."""
        self.deployment.store.close()


def office(settings: Settings, folder: Path, accounts: int, rows: int, idle: int = 0) -> Office:
    """Fills a firm with so many accounts and section rows; `idle` plugins are there and off."""
    folder.mkdir(parents=True)
    plugins = [bench_plugin(folder), *(bench_plugin(folder, f"idle{n}", ()) for n in range(idle))]
    editions = folder / "editions.toml"
    editions.write_text('[full]\ntitle = "Full"\nplugins = ["notes", "tasks", "bench"]\n', "utf-8")
    deployment = assemble(
        evolve(settings, editions=editions), sources=[*installed_sources(), *plugins]
    )
    assert not deployment.failures, deployment.failures
    migrate_deployment(deployment)
    ready(deployment)
    store = deployment.store
    owner, employee, client = (
        add_person(store, address, PASSWORD) for address in (OWNER, ADDRESS, CLIENT)
    )
    firm = a_firm(store, "bench", owner, "full")
    with store.firm_transaction(firm.id, write=True):
        ctx = context_for_owner(store, deployment.catalog, firm)
        member = an_employee(ctx, VIEW_ALL_ACCOUNTS, person_id=employee)
        made = [an_account(ctx, f"Client {number:05} of the bench") for number in range(accounts)]
        for account in made[:ACCOUNTS_OF_CLIENT]:
            link_contact(ctx, account, a_contact(ctx, "Carla", CLIENT))
            with_login(ctx, account, CLIENT)
        a_client(ctx, made[0], client, CLIENT)
        _fill(ctx, [account.id for account in made], rows, member)
    return Office(deployment, create_app(deployment), firm, [a.public_id for a in made])


def _fill(ctx: Context, accounts: Sequence[int], rows: int, member: int) -> None:
    """Spreads the rows over sections and accounts; each name is the only one of its kind."""
    places = [
        (accounts[n % len(accounts)], f"Row {n:06} with a name") for n in range(rows // SECTIONS)
    ]
    me = ctx.viewer.member_id
    add_notes(ctx, [(account, me, name, False, AT) for account, name in places])
    for start in range(0, len(places), 10_000):
        add_tasks(ctx, [_task(ctx, *place, member) for place in places[start : start + 10_000]])
    for row in ROWS:
        fields = (row.public_id, row.account_id, row.name, row.at)  # type: ignore[attr-defined]
        row.insert_all(ctx, fields, ((new_public_id(), a, name, AT) for a, name in places))
    if ctx.store.engine == "sqlite":
        ctx.store.database.execute_sql("ANALYZE")


def _task(ctx: Context, account: int, name: str, member: int) -> Task:
    return Task(
        id=0,
        public_id=new_public_id(),
        account_id=account,
        account="",
        account_public_id="",
        name=name,
        description="",
        state=TaskState.PLANNED,
        priority=Priority.NORMAL,
        starts=None,
        due=DUE,
        maker_id=ctx.viewer.member_id,
        created=AT,
        version=1,
        assignees={member: "Emil Employee"},
    )


def visits(*asked: Asked) -> list[list[float]]:
    """Milliseconds of a thousand visits to each of these pages, of random accounts, in turns."""
    random = Random(1)
    taken: list[list[float]] = [[] for _ in asked]
    for number in range(WARM + VISITS):
        place = random.random()
        for one, times in zip(asked, taken, strict=True):
            account = one.accounts[int(place * len(one.accounts))]
            start = time.perf_counter()
            answer = one.client.get(f"{one.path}{account}")
            times.append((time.perf_counter() - start) * 1000)
            assert answer.status_code == 200
        if number == WARM - 1:
            for times in taken:
                times.clear()
    return [sorted(times) for times in taken]
