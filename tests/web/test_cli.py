"""The command `crm`: making firms, migrating, checking, and the demonstration."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from crm_core.testing.postgres import OWNER, SERVING
from crm_core.version import __version__
from tests.conftest import PASSWORD
from tests.web.browsing import is_signed_in, sign_in
from tests.web.commands import Crm
from web.app import create_app
from web.bootstrap import assemble

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crm_core.testing.postgres import PostgresServer
    from web.settings import Settings

FIRM = ("--owner", "Olga Owner", "--address", "olga@firm.example")
NEVER_FOR_HELP = ("flask", "peewee", "jinja2", "plugins", "rich", "waitress", "psycopg")


@pytest.fixture
def crm(settings: Settings) -> Crm:
    """The command on a migrated, empty database."""
    return Crm(settings)


@pytest.fixture
def new_crm(
    engine: str, settings: Settings, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Crm]:
    """The command where nothing was ever migrated."""
    fresh = evolve(settings, folder=tmp_path / "new" / "data")
    if engine == "sqlite":
        yield Crm(fresh)
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.new_database()
    yield Crm(
        evolve(fresh, database_url=server.url(name, SERVING), owner_url=server.url(name, OWNER))
    )
    server.drop_database(name)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("argument", ["--help", "-h", "--version"])
def test_help_and_version_load_nothing_that_they_do_not_need(crm: Crm, argument: str) -> None:
    code = (
        "import sys, json; before = set(sys.modules); sys.argv = ['crm', sys.argv[1]]\n"
        "from web.cli import main; main()\n"
        "print(json.dumps(sorted(m.partition('.')[0] for m in set(sys.modules) - before)))"
    )
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code, argument], capture_output=True, text=True, check=True
    )
    assert time.monotonic() - start < 3
    *said, modules = done.stdout.splitlines()
    assert said
    assert set(json.loads(modules)).isdisjoint(NEVER_FOR_HELP)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_help_lists_the_commands_and_each_has_its_own(crm: Crm) -> None:
    assert crm("--version").out == f"crm, version {__version__}\n"
    said = crm("--help").out
    for command in (
        "audit",
        "demo",
        "doctor",
        "firm",
        "import",
        "init",
        "migrate",
        "plugins",
        "serve",
    ):
        assert f"\n  {command} " in said
        assert crm(command, "--help").code == 0


def test_init_prepares_the_database_and_makes_a_firm_whose_owner_can_sign_in(new_crm: Crm) -> None:
    made = new_crm("init", "--firm", "Van Dijk & Partners", *FIRM, CRM_PASSWORD=PASSWORD)
    assert (made.code, made.out) == (
        0,
        "The firm van-dijk-partners is ready. Serve it with: crm serve\n",
    )
    assert PASSWORD not in made.error
    deployment = assemble(new_crm.settings)
    client = create_app(deployment).test_client()
    sign_in(client, "olga@firm.example")
    assert client.get("/").location == "/f/van-dijk-partners/home"
    deployment.store.close()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_firm_can_begin_in_dutch_and_the_command_line_stays_english(new_crm: Crm) -> None:
    made = new_crm("init", "--firm", "Acme", *FIRM, "--language", "nl", CRM_PASSWORD=PASSWORD)
    assert made.out == "The firm acme is ready. Serve it with: crm serve\n"
    deployment = assemble(new_crm.settings)
    client = create_app(deployment).test_client()
    sign_in(client, "olga@firm.example")
    assert '<html lang="nl"' in client.get("/f/acme/clients").text
    deployment.store.close()
    assert new_crm("firm", "create", "Other", *FIRM, "--language", "tlh").code == 2
    assert new_crm.refused("firm", "create", "Acme", *FIRM) == "crm: There is a firm acme already."


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_init_asks_for_what_it_was_not_told(new_crm: Crm) -> None:
    answers = f"Acme\nOlga\nolga@firm.example\n{PASSWORD}\n{PASSWORD}\n"
    made = new_crm("init", said=answers)
    assert made.code == 0
    assert "Name of the firm" in made.out
    assert "The firm acme is ready" in made.out


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_who_stops_while_being_asked_has_made_no_firm(new_crm: Crm) -> None:
    stopped = new_crm("init", said="Acme\n")
    assert stopped.code == 130
    assert stopped.error.endswith("Stopped.\n")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_firm_is_made_and_listed_and_its_owner_may_own_another(crm: Crm) -> None:
    assert "no firms yet" in crm("firm", "list").out
    assert crm("firm", "create", "Acme", *FIRM, CRM_PASSWORD=PASSWORD).code == 0
    other = crm("firm", "create", "Other", *FIRM, "--slug", "second", "--edition", "lite")
    assert (other.code, other.out) == (0, "The firm second is ready.\n")
    assert crm("firm", "list").out == "acme    pro    Acme\nsecond  lite   Other\n"
    assert crm("firm", "edition", "second", "pro").code == 0
    assert "second  pro " in crm("firm", "list").out


def test_migrating_twice_does_nothing_the_second_time(new_crm: Crm) -> None:
    first = new_crm("migrate")
    assert first.code == 0
    assert [line.partition(":")[0] for line in first.out.splitlines()] == [
        "core",
        "signin",
        "documents",
        "login_activity",
        "notes",
        "tasks",
        "approvals",
        "signatures",
    ]
    assert new_crm("migrate").out == "The database is up to date.\n"


def test_the_doctor_finds_nothing_wrong_with_a_sound_installation(crm: Crm) -> None:
    said = crm("doctor")
    assert said.code == 0
    assert "WRONG" not in said.out
    for checked in (
        "database:",
        "assets: built",
        "edition lite: documents, approvals, signatures, notes",
        "plugins: approvals, clamd, documents, login_activity, notes, signatures, tasks",
    ):
        assert f"ok    {checked}" in said.out


def test_the_doctor_tries_whether_files_can_be_kept(crm: Crm) -> None:
    assert "files, can be written" in crm("doctor").out
    said = crm("doctor", CRM_FILES="s3://nobody", CRM_S3_ENDPOINT="http://127.0.0.1:9")
    assert said.code != 0
    assert "files: bucket nobody: The storage of files cannot be reached" in said.out


def test_the_doctor_says_what_is_wrong(new_crm: Crm) -> None:
    said = new_crm("doctor")
    assert said.code == 1
    assert [line for line in said.out.splitlines() if line.startswith("WRONG database:")]
    assert "ok    plugins: approvals, clamd, documents, login_activity, notes" in said.out


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_doctor_names_what_an_edition_lacks(crm: Crm, tmp_path: Path) -> None:
    editions = tmp_path / "editions.toml"
    editions.write_text('[big]\ntitle = "Big"\nplugins = ["notes", "rockets"]\n')
    said = crm("doctor", CRM_EDITIONS=str(editions))
    assert said.code == 1
    assert "WRONG edition big: notes, rockets (not there: rockets)" in said.out


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_plugins_are_listed_with_what_each_contributes(crm: Crm) -> None:
    said = crm("plugins").out
    assert said.startswith("approvals 1.0: ")
    assert "\n  editions     none\n  file_scanners viruses\n" in said
    notes, _, after = said[said.index("notes 1.0: Notes. ") :].partition("signatures 1.0: ")
    tasks = after[after.index("tasks 1.0: ") :]
    assert "\n  editions     pro\n" in tasks
    lines = {line.split()[0]: line for line in notes.splitlines()[1:] if line}
    assert lines["editions"].endswith("lite, pro")
    assert lines["models"].endswith("notes_note")
    assert lines["sections"].endswith("latest, of_clients")
    assert lines["permissions"].endswith("notes.read, notes.write")


def test_the_demonstration_is_made_once_and_its_password_anew(new_crm: Crm) -> None:
    passwords = []
    for _ in range(2):
        said = new_crm("demo", "--clients", "3", "--no-serve")
        assert said.code == 0, said
        assert "eva@vandijk.example" in said.out
        passwords += re.findall(r"^Password +(\S+)$", said.out, re.MULTILINE)
    assert [line.split()[:2] for line in new_crm("firm", "list").out.splitlines()] == [
        ["kramer", "lite"],
        ["van-dijk", "pro"],
    ]
    deployment = assemble(new_crm.settings)
    app = create_app(deployment)
    for password, right in zip(passwords, (False, True), strict=True):
        client = app.test_client()
        sign_in(client, "eva@vandijk.example", password)
        assert is_signed_in(client) is right
    assert client.get("/f/van-dijk/clients").text.count("photo small") == 3
    deployment.store.close()
