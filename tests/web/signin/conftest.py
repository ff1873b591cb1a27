"""What tests of signing in ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.signin.acting import Outbox
from web.signin import brakes

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from crm_core.firms import Firm
    from web.settings import Settings


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
