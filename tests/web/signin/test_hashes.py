"""What it costs to guess passwords for whoever has the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from argon2 import extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY

from tests.conftest import ADDRESS, PASSWORD
from tests.web.commands import Crm
from web.signin.rows import CredentialRow

if TYPE_CHECKING:
    from crm_core.store.database import Store
    from web.settings import Settings


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_hash_costs_what_is_recommended(settings: Settings, store: Store) -> None:
    # A command has a process of its own: in this one a hash costs little.
    owner = ("--owner", "Olga Owner", "--address", ADDRESS)
    made = Crm(settings)("firm", "create", "Acme", *owner, CRM_PASSWORD=PASSWORD)
    assert made.code == 0, made
    with store.deployment_transaction(write=False):
        kept = CredentialRow.of(store).get().password
    assert extract_parameters(kept) == RFC_9106_LOW_MEMORY
