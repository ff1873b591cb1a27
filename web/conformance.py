"""The conformance suite: whether a plugin keeps to the contract, tried on a deployment of its own.

`crm plugin check` prints what `examine` finds. What the core alone can see stands in
`crm_core.testing.conformance`.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from attrs import evolve

from crm_core.contexts import context_for_owner
from crm_core.contributions import DemoAccount, Place
from crm_core.demo.clients import demo_clients
from crm_core.file_values import ArrivingFile
from crm_core.guarding import Failed, guarded
from crm_core.languages import ENGLISH, LANGUAGES
from crm_core.links import link_contact
from crm_core.refusals import Refused
from crm_core.testing.builders import a_contact, an_account, as_owner
from crm_core.testing.conformance import Checked, check_declarations, check_tables, checked
from crm_core.testing.recording import recorded
from crm_core.work import Job, Reaction
from web.conformance_of_routes import check_routes, check_switch
from web.sections import cards, portal_cards

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm_core.accounts import Account
    from crm_core.catalog import Contributed, Installed
    from crm_core.context import Context
    from crm_core.contributions import FileScanner, Section
    from web.sections import Card
    from web.testing import Trial

QUERIES = 1
"""The queries that a section may make."""

OF_OTHERS = 4
"""The queries more for each plugin on whose values a section stands, since it is required."""

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
    yield _check_scanners(trial)
    yield _check_sections(trial)
    yield from check_routes(trial)
    yield check_switch(trial)


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


def _check_scanners(trial: Trial) -> Checked:
    """The plugin's scanners, each shown a harmless file and one without a byte."""
    mine = [s for s in trial.deployment.catalog.everything.file_scanners if s.plugin == trial.name]
    store, catalog = trial.deployment.store, trial.deployment.catalog
    with store.firm_transaction(trial.firm.id, write=False):
        ctx = context_for_owner(store, catalog, trial.firm)
    findings: list[str] = []
    for scanner in mine:
        for pieces in ((b"Nothing ", b"harmful."), ()):
            findings += _of_scanner(ctx, scanner, pieces)
    return checked("file scanners", len(mine), findings)


def _of_scanner(
    ctx: Context, scanner: Contributed[FileScanner], pieces: Sequence[bytes]
) -> Iterator[str]:
    size = sum(len(piece) for piece in pieces)
    file = ArrivingFile(name="letter.txt", size=size, kind="text/plain")

    def scan() -> object:
        try:
            return scanner.value.scan(ctx, file, iter(pieces))
        except Refused:
            return None

    outcome = guarded(scanner.name, scan)
    if isinstance(outcome, Failed):
        yield f"{scanner.name} raised, see {outcome.reference}"
    elif outcome.value is not None:
        yield f"{scanner.name} answers {outcome.value!r} for a harmless file, not None"


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
    with trial.app.test_request_context(), trial.asking("client") as ctx:
        of_portal = [section for section in mine if section.value.place is Place.PORTAL]
        for whose, account in (("client's own", trial.account), ("another firm's", trial.foreign)):
            findings += [f for s in of_portal for f in _of_section(ctx, s, whose, account)]
            for drawn in portal_cards(ctx, account):
                findings += _of_cards(trial, drawn, f"{whose} account in the portal")
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
    section = contributed.value
    with recorded(ctx.store) as statements:
        outcome = guarded(contributed.name, lambda: section.load(ctx, account))
        if section.open_items is not None:
            guarded(contributed.name, partial(section.open_items, ctx, [account.id]))
    required = ctx.catalog.installed[contributed.plugin].manifest.requires
    most = QUERIES + OF_OTHERS * len(required)
    if len(statements) > most * (1 if section.open_items is None else 2):
        yield f"{contributed.name} makes {len(statements)} queries for {whose}, not {most}"
    stores = any(table.plugin == contributed.plugin for table in ctx.catalog.everything.tables)
    if stores and whose == "another firm's" and not isinstance(outcome, Failed):
        items = getattr(outcome.value, "values", {}).get("items", ())
        if items:
            yield f"{contributed.name} shows {len(items)} items of another firm's account"
