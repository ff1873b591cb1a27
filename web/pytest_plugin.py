"""Fixtures for a plugin's own tests, found by pytest wherever Practice CRM is installed.

`crm_plugin` in the configuration of pytest, or a fixture of that name, says which plugin is tried.
All of it begins when a test asks: nothing is imported before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from flask.testing import FlaskClient

    from crm_core.context import Context
    from web.testing import Trial


def pytest_addoption(parser: pytest.Parser) -> None:
    """Lets a project name its plugin."""
    parser.addini(
        "crm_plugin", "the plugin for Practice CRM that is tried, by its name", default=""
    )


@pytest.fixture
def crm_plugin(request: pytest.FixtureRequest) -> str:
    """The name of the plugin that is tried."""
    name = str(request.config.getini("crm_plugin"))
    if not name:
        raise pytest.UsageError("Name your plugin in the configuration of pytest: crm_plugin = ...")
    return name


@pytest.fixture
def crm_trial(crm_plugin: str, tmp_path: Path) -> Iterator[Trial]:
    """A deployment on SQLite, with a firm that has the plugin; see `web.testing.Trial`."""
    from web.testing import a_trial

    trial = a_trial(tmp_path / "crm", crm_plugin)
    yield trial
    trial.close()


@pytest.fixture
def crm_as(crm_trial: Trial) -> Callable[[str], AbstractContextManager[Context]]:
    """Transactions in which somebody asks: `with crm_as("employee") as ctx:`, or `"owner"`."""
    return crm_trial.asking


@pytest.fixture
def crm_client(crm_trial: Trial) -> FlaskClient:
    """A browser in which the firm's owner is signed in."""
    return crm_trial.client("owner")


@pytest.fixture
def crm_findings(crm_trial: Trial) -> list[str]:
    """What the conformance suite finds: nothing, if the plugin keeps to the contract."""
    from web.conformance import examine

    return [f"{one.what}: {text}" for one in examine(crm_trial) for text in one.findings]
