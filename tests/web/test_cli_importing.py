"""`crm import`: what it says and with which code it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core.testing.builders import a_firm
from tests.web.commands import Crm

if TYPE_CHECKING:
    from pathlib import Path

    from crm_core.store.database import Store
    from web.settings import Settings

TEXT = (
    "First name,Email,Account name\n"
    "Anna,anna@x.example,Bakery\n"
    "Bob,bob at home,Bakery\n"
    "Carl,carl@x.example,\n"
)


@pytest.fixture
def crm(settings: Settings, store: Store) -> Crm:
    """The command on a database with the firm acme."""
    a_firm(store, "acme")
    return Crm(settings)


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "contacts.csv"
    path.write_text(TEXT, "utf-8")
    return str(path)


@pytest.mark.parametrize(("rule", "accounts"), [("each", 2), ("none", 0), ("column", 1), (None, 1)])
def test_it_tells_what_became_of_the_rows_and_creates_nothing_twice(
    crm: Crm, file: str, rule: str | None, accounts: int
) -> None:
    arguments = ["import", file, "--firm", "acme"] + (["--accounts", rule] if rule else [])
    first, second = crm(*arguments), crm(*arguments)
    assert f"2 new contacts, 0 known already, {accounts} new accounts" in first.out
    nothing = "0 new contacts, 2 known already, 0 new accounts, 0 new links"
    assert f"{nothing}, 1 row refused" in second.out


def test_a_row_that_is_refused_is_named_on_standard_error_and_the_code_is_1(
    crm: Crm, file: str
) -> None:
    said = crm("import", file, "--firm", "acme")
    assert said.code == 1
    assert "1 row refused" in said.out
    assert "  line 3, column Email: bob at home is not an e-mail address." in said.error


def test_a_file_that_lands_whole_ends_with_0(crm: Crm, tmp_path: Path) -> None:
    path = tmp_path / "whole.csv"
    path.write_text("Email\nanna@x.example\n", "utf-8")
    said = crm("import", str(path), "--firm", "acme")
    assert said.code == 0
    assert said.out.startswith("Read as a plain file (")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_an_unknown_rule_is_refused_with_those_that_there_are(crm: Crm, file: str) -> None:
    said = crm("import", file, "--firm", "acme", "--accounts", "all")
    assert said.code == 2
    assert "each" in said.error
