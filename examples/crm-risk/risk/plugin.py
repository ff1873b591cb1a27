"""Risk: how a firm rates each client, as the law on money laundering asks. What it contributes."""

from datetime import timedelta

from crm_core import (
    Dataset,
    Event,
    Field,
    FileScanner,
    FileVerifier,
    Job,
    ListColumn,
    ListOf,
    Manifest,
    NotificationType,
    Permission,
    Place,
    Reaction,
    Route,
    Scope,
    SearchProvider,
    Section,
    Tab,
    Table,
    When,
    hookimpl,
)
from crm_core.events import ACCOUNT_ARCHIVED
from risk import store, views, work
from risk.words import RATED, READ, WRITE, _

MANIFEST = Manifest(
    name="risk",
    title=_("Risk"),
    description=_("How the firm rates the risk of each client, and whom it asks about it."),
    migrations="migrations",
)


@hookimpl
def permissions() -> tuple[Permission, ...]:
    return (READ, WRITE)


@hookimpl
def events() -> tuple[Event, ...]:
    return (RATED,)


@hookimpl
def models() -> tuple[Table, ...]:
    return (Table(row=store.RatingRow), Table(row=store.AskedRow))


@hookimpl
def datasets() -> tuple[Dataset, ...]:
    tables = ("risk_rating", "risk_asked")
    return (Dataset(name="risk", tables=tables, demo=store.rate_for_the_demonstration),)


@hookimpl
def sections() -> tuple[Section, ...]:
    card = Section(
        name="latest",
        title=_("Risk"),
        place=Place.OVERVIEW,
        needs=READ,
        load=views.latest,
        all_route="rate",
    )
    return (card,)


@hookimpl
def routes() -> tuple[Route, ...]:
    page = Route(
        name="rate",
        scope=Scope.ACCOUNT,
        needs=WRITE,
        view=views.ask,
        form=views.NewRating,
        submit=views.rate,
        tab=Tab(title=_("Risk")),
    )
    return (page,)


@hookimpl
def fields() -> tuple[Field, ...]:
    switch = Field(
        name="asked",
        title=_("RISK"),
        help=_("Is asked about where the client's money comes from."),
        needs=WRITE,
        read=store.asked,
        save=store.save_asked,
    )
    return (switch,)


@hookimpl
def list_columns() -> tuple[ListColumn, ...]:
    column = ListColumn(
        name="level", title=_("Risk"), of=ListOf.ACCOUNTS, needs=READ, load=views.levels
    )
    return (column,)


@hookimpl
def search_providers() -> tuple[SearchProvider, ...]:
    return (SearchProvider(name="reasons", title=_("Risk"), needs=READ, find=views.find),)


@hookimpl
def reactions() -> tuple[Reaction, ...]:
    refusing = Reaction(
        name="in_sight",
        title=_("Risk"),
        to=(ACCOUNT_ARCHIVED,),
        when=When.BEFORE,
        act=work.keep_in_sight,
    )
    return (refusing,)


@hookimpl
def notification_types() -> tuple[NotificationType, ...]:
    return (views.HIGH,)


@hookimpl
def file_scanners() -> tuple[FileScanner, ...]:
    return (FileScanner(name="programs", title=_("Programs in files"), scan=work.program_in),)


@hookimpl
def file_verifiers() -> tuple[FileVerifier, ...]:
    return (FileVerifier(name="reports", title=_("Reports of risks"), verify=work.of_a_report),)


@hookimpl
def jobs() -> tuple[Job, ...]:
    forgetting = Job(
        name="forget", title=_("Old ratings"), every=timedelta(days=7), act=work.forget
    )
    return (forgetting,)
