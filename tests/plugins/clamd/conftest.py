"""A clamd that runs for as long as a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.plugins.clamd.daemon import Daemon

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def daemon() -> Iterator[Daemon]:
    """One on a free port."""
    with Daemon() as made:
        yield made
