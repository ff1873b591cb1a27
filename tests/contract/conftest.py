"""What the contract tests ask for: a world of two firms, and a look at every row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.contract.snapshots import Snapshots
from tests.contract.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from web.bootstrap import Deployment


@pytest.fixture
def world(deployment: Deployment) -> World:
    return World.build(deployment)


@pytest.fixture
def snapshots(
    deployment: Deployment, engine: str, request: pytest.FixtureRequest
) -> Iterator[Snapshots]:
    server = request.getfixturevalue("postgres_server") if engine == "postgres" else None
    looking = Snapshots.of(deployment, server)
    yield looking
    looking.close()
