"""What tests of signing in ask for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import time_machine

from tests.web.signin.acting import Outbox
from web.signin import brakes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

    from crm_core.firms import Firm
    from web.settings import Settings


MONDAY = datetime(2030, 3, 4, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands at a Monday morning until a test moves it.

    Ask for it before `client`: the owner then signs in by this clock.
    """
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def outbox(settings: Settings) -> Outbox:
    """The mails that were written."""
    return Outbox(settings.folder / "outbox")


@pytest.fixture
def stranger(app: Flask, owned_firm: Firm) -> FlaskClient:
    """A browser in which nobody is signed in."""
    return app.test_client()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is slowed does not wait, but where a test is about it."""
    monkeypatch.setattr(brakes, "SLOWED", 0.0)
