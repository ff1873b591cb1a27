"""A key for all tests, since making one takes a while."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from plugins.signatures.sealing.keys import key_of

if TYPE_CHECKING:
    from pathlib import Path

    from plugins.signatures.sealing.keys import SealKey

NOW = datetime(2026, 6, 1, 12, 30, 15, tzinfo=UTC)


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of our key."""
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="session")
def key(key_folder: Path) -> SealKey:
    """Our key."""
    return key_of(key_folder, "Acme", NOW)


@pytest.fixture(scope="session")
def other_key(tmp_path_factory: pytest.TempPathFactory) -> SealKey:
    """Somebody else's."""
    return key_of(tmp_path_factory.mktemp("others"), "Somebody else", NOW)
