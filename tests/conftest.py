"""What tests ask for: a migrated store of either engine, a deployment, a browser that is signed in.

A test that takes `store` or `deployment` runs on SQLite and on PostgreSQL. Every database is a
fresh copy of a template that was migrated once, and on PostgreSQL everything runs as the serving
role.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from functools import partialmethod
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher
from attrs import evolve
from flask import Flask
from hypothesis import settings as hypothesis_settings
from jinja2 import BytecodeCache
from passlib.hash import argon2

from crm_core.testing.builders import a_firm
from crm_core.testing.postgres import OWNER, SERVING, PostgresServer
from tests.s3 import S3_CREDENTIALS, Moods, S3Server
from web.app import create_app
from web.bootstrap import Deployment, assemble, migrate_deployment, ready
from web.settings import Settings
from web.signin.people import add_person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import CodeType

    from flask.testing import FlaskClient
    from jinja2.bccache import Bucket

    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store

# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis_settings.register_profile("ours", deadline=None)
hypothesis_settings.load_profile("ours")

ENGINES = ("sqlite", "postgres")
STORAGES = ("folder", "bucket")
LONG_ON_POSTGRES = pytest.mark.parametrize(
    "engine", ["sqlite", pytest.param("postgres", marks=pytest.mark.deep)], indirect=True
)
"""For a test that takes long and asks every page: on PostgreSQL `make deep` runs it."""

ADDRESS = "olga@firm.example"
PASSWORD = "correct horse battery"
SERVED_AT = "http://127.0.0.1:8000"
LEAST_STRINGS = 500

MEMORY = Path("/dev/shm")
"""Where Linux keeps files in memory."""

ROOM = 2 * 1024**3
"""Bytes that have to be free there."""

LITTLE_WORK = {"time_cost": 1, "memory_cost": 64, "parallelism": 1}
"""What a hash of a password costs here; `test_hashes` looks at what it costs elsewhere."""


def pytest_configure() -> None:
    """Keeps the files of the tests in memory where there is room: to copy a database, a disk takes
    ten times as long.
    """
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


class CompiledTemplates(BytecodeCache):
    """The templates that this test process has compiled, by their source."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Answers nothing for a source that is new."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps what was compiled."""
        assert bucket.code is not None
        self._codes[bucket.key, bucket.checksum] = bucket.code


@pytest.fixture(scope="session", autouse=True)
def done_once() -> Iterator[None]:
    """What takes long and is the same for every test: templates are compiled once, and passwords
    hashed as always, but with little work.
    """
    with pytest.MonkeyPatch.context() as patch:
        kept = {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()}
        patch.setattr(Flask, "jinja_options", kept)
        hasher = partialmethod(PasswordHasher.__init__, **LITTLE_WORK)
        patch.setattr(PasswordHasher, "__init__", hasher)
        patch.setattr(argon2, "default_rounds", LITTLE_WORK["time_cost"])
        patch.setattr(argon2, "memory_cost", LITTLE_WORK["memory_cost"])
        patch.setattr(argon2, "parallelism", LITTLE_WORK["parallelism"])
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A server of this test process.

    It runs as a user of its own, so its folder lies outside pytest's, which only root may enter.
    """
    folder = Path(tempfile.mkdtemp(prefix="crm-postgres-"))
    folder.chmod(0o755)
    server = PostgresServer.start(folder / "data")
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a migrated SQLite database."""
    folder = tmp_path_factory.mktemp("sqlite-template")
    deployment = assemble(_settings(folder))
    migrate_deployment(deployment)
    deployment.store.close()
    return folder / "crm.sqlite3"


@pytest.fixture(scope="session")
def postgres_template(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The name of a migrated PostgreSQL database."""
    name = postgres_server.new_database()
    folder = tmp_path_factory.mktemp("postgres-template")
    deployment = assemble(
        evolve(
            _settings(folder),
            database_url=postgres_server.url(name, SERVING),
            owner_url=postgres_server.url(name, OWNER),
        )
    )
    migrate_deployment(deployment)
    deployment.store.close()
    return name


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """The engine of this run of the test."""
    return str(request.param)


@pytest.fixture
def settings(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Settings that lead to a fresh, migrated database of this engine."""
    folder = tmp_path / "data"
    folder.mkdir()
    if engine == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), folder)
        yield _settings(folder)
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.new_database(request.getfixturevalue("postgres_template"))
    yield evolve(
        _settings(folder),
        database_url=server.url(name, SERVING),
        owner_url=server.url(name, OWNER),
    )
    server.drop_database(name)


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """A store that speaks like S3, of this test process."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in S3_CREDENTIALS.items():
            patch.setenv(name, value)
        server = S3Server.start()
        yield server
        server.stop()


@pytest.fixture
def s3(s3_server: S3Server) -> S3Server:
    """That store, in a good mood."""
    s3_server.moods = Moods()
    return s3_server


@pytest.fixture(params=STORAGES)
def storage(request: pytest.FixtureRequest) -> str:
    """Where files lie in this run of a test that takes `settings_with_storage`."""
    return str(request.param)


@pytest.fixture
def settings_with_storage(
    settings: Settings, storage: str, request: pytest.FixtureRequest
) -> Settings:
    """The settings with files in a folder, or in a bucket of their own."""
    if storage == "folder":
        return settings
    server: S3Server = request.getfixturevalue("s3")
    return evolve(settings, bucket=server.new_bucket())


@pytest.fixture
def deployment(settings: Settings) -> Iterator[Deployment]:
    """A deployment with our own plugins, fit to serve; a plugin that fails to load is fatal."""
    made = ready(assemble(settings))
    assert not made.failures
    yield made
    made.store.close()


@pytest.fixture
def store(deployment: Deployment) -> Store:
    """The deployment's store."""
    return deployment.store


@pytest.fixture
def catalog(deployment: Deployment) -> Catalog:
    """The deployment's catalog."""
    return deployment.catalog


@pytest.fixture
def firm(store: Store) -> Firm:
    """A firm whose owner cannot sign in."""
    return a_firm(store, "acme")


@pytest.fixture
def app(deployment: Deployment) -> Flask:
    """The application of the deployment."""
    made = create_app(deployment)
    made.testing = False
    return made


@pytest.fixture
def browser_for(app: Flask, store: Store) -> Callable[..., FlaskClient]:
    """Makes a client that is signed in with an address of its own: `browser_for(address)`."""

    def signed_in(address: str) -> FlaskClient:
        client = app.test_client()
        page = client.get("/sign-in").text
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        answer = client.post(
            "/sign-in", data={"email": address, "password": PASSWORD, "csrf_token": token}
        )
        assert answer.status_code == 302, answer.text
        return client

    return signed_in


@pytest.fixture
def owner_person(store: Store) -> int:
    """A person who signs in with ADDRESS and PASSWORD."""
    return add_person(store, ADDRESS, PASSWORD)


@pytest.fixture
def owned_firm(store: Store, owner_person: int) -> Firm:
    """A firm whose owner signs in with ADDRESS and PASSWORD."""
    return a_firm(store, "acme", owner_person)


@pytest.fixture
def client(owned_firm: Firm, browser_for: Callable[..., FlaskClient]) -> FlaskClient:
    """A client in which the owner of `owned_firm` is signed in."""
    return browser_for(ADDRESS)


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder with real inputs that nobody here wrote."""
    folder = Path(os.environ.get("CRM_CORPORA", Path(__file__).parents[1] / "../shared/corpora"))
    if not folder.is_dir():
        pytest.skip(f"no real inputs: CRM_CORPORA names no folder ({folder})")
    return folder.resolve()


@pytest.fixture(scope="session")
def naughty(corpora: Path) -> list[str]:
    """Strings that have broken other software."""
    path = corpora / "text" / "big-list-of-naughty-strings" / "blns.json"
    strings: list[str] = json.loads(path.read_text("utf-8"))
    assert len(strings) >= LEAST_STRINGS
    return strings


def _settings(folder: Path) -> Settings:
    return Settings(folder=folder, database_url="", owner_url="", base_url=SERVED_AT)
