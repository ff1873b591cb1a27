"""The demonstration: a firm with made-up clients, and a sign-in that is printed."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import click

from crm_core.contexts import context_for_owner
from crm_core.demo.clients import demo_clients
from crm_core.demo.filling import fill_firm
from crm_core.firms import NewFirm, create_firm, create_person, list_firms
from crm_core.membership import add_member
from crm_core.permissions import Role
from web.app import set_up_logging
from web.bootstrap import assemble, migrate_deployment, ready
from web.progress import progress_bar
from web.settings import Settings
from web.signin.people import add_person, person_with_address, set_password

if TYPE_CHECKING:
    from crm_core.firms import Firm
    from web.bootstrap import Deployment

SLUG = "van-dijk"
OWNER = "Eva Jansen"
ADDRESS = "eva@vandijk.example"
COLLEAGUE = "Tom Bos"


def make(clients: int) -> Deployment:
    """Prepares the database, makes the firm unless it is there, and prints how to sign in.

    The password is made anew each time: it stands nowhere but on the screen.
    """
    set_up_logging()
    deployment = assemble(Settings.from_environment())
    migrate_deployment(deployment)
    ready(deployment)
    password = "-".join(secrets.token_hex(2) for _ in range(3))
    person_id = person_with_address(deployment.store, ADDRESS)
    if person_id is None:
        person_id = add_person(deployment.store, ADDRESS, password)
    else:
        set_password(deployment.store, person_id, password)
    known = {firm.slug: firm for firm in list_firms(deployment.store)}
    if SLUG not in known:
        _make_firm(deployment, person_id, clients)
    click.echo(f"\nSign in as  {ADDRESS}\nPassword    {password}\n")
    return deployment


def _make_firm(deployment: Deployment, person_id: int, clients: int) -> Firm:
    store = deployment.store
    firm = create_firm(
        store,
        NewFirm(
            name="Van Dijk & Partners",
            slug=SLUG,
            owner_person_id=person_id,
            owner_name=OWNER,
            owner_address=ADDRESS,
            letter="B",
            zone="Europe/Amsterdam",
        ),
    )
    with store.deployment_transaction(write=True):
        colleague = create_person(store)
    with (
        progress_bar("Making up clients") as progress,
        store.firm_transaction(firm.id, write=True),
    ):
        ctx = context_for_owner(store, deployment.catalog, firm)
        add_member(ctx, colleague, COLLEAGUE, "tom@vandijk.example", Role.EMPLOYEE)
        fill_firm(ctx, demo_clients(clients), progress)
    return firm
