"""The made-up notes of the demonstration: life-like in time, and the same every time."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING

import pytest
import time_machine

from crm_core.demo.clients import demo_clients
from crm_core.demo.filling import fill_firm
from crm_core.listing.accounts import AccountFilter, list_accounts
from crm_core.testing.builders import a_firm, as_owner
from plugins.notes.demo_texts import demo_notes
from plugins.notes.forms import LONGEST
from plugins.notes.rows import NoteRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_core.catalog import Catalog
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.store.database import Store

MOMENTS = ("2026-11-24 00:01", "2026-03-29 01:30", "2026-11-24 23:59")
"""Just after midnight, on the night when the clock goes forward, just before midnight."""


@pytest.fixture(params=MOMENTS)
def filled(
    store: Store, catalog: Catalog, firm: Firm, request: pytest.FixtureRequest
) -> Iterator[Context]:
    """A demonstration firm, made at this moment."""
    with (
        time_machine.travel(datetime.fromisoformat(request.param).replace(tzinfo=UTC), tick=False),
        as_owner(store, catalog, firm) as ctx,
    ):
        fill_firm(ctx, demo_clients(60))
        yield ctx


def test_no_note_is_older_than_its_client_or_of_tomorrow(filled: Context) -> None:
    accounts = [
        account
        for archived in (False, True)
        for account in list_accounts(filled, AccountFilter(archived=archived), size=100).accounts
    ]
    created = {account.id: account.created for account in accounts}
    notes = list(NoteRow.of(filled))
    assert len(notes) > 100
    for note in notes:
        assert created[note.account_id] < note.created <= filled.now
        assert note.saved == note.created


def test_pinned_notes_are_few_and_every_note_could_have_been_typed(filled: Context) -> None:
    notes = sorted(NoteRow.of(filled), key=lambda note: note.account_id)
    for _account, written in itertools.groupby(notes, key=lambda note: note.account_id):
        assert sum(note.pinned for note in written) <= 2
    for note in notes:
        assert note.text.strip() == note.text
        assert 0 < len(note.text) <= LONGEST
        assert "{" not in note.text


def test_the_same_firm_is_made_every_time(store: Store, catalog: Catalog) -> None:
    texts = []
    for slug in ("one", "two"):
        with as_owner(store, catalog, a_firm(store, slug)) as ctx:
            fill_firm(ctx, demo_clients(20))
            texts.append([note.text for note in NoteRow.of(ctx).order_by(NoteRow.id)])
    assert texts[0] == texts[1]


def test_a_trade_that_nobody_knows_gets_general_notes() -> None:
    random = Random(7)
    assert any(demo_notes("astronaut", random) for _ in range(20))
