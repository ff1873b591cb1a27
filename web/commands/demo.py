"""The demonstration: a firm of each edition, made-up clients, and a sign-in that is printed."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import click
from attrs import frozen

from crm_core.contexts import context_for_owner
from crm_core.demo.clients import demo_clients
from crm_core.demo.filling import fill_firm
from crm_core.firms import NewFirm, create_firm, create_person, list_firms
from crm_core.membership import add_member
from crm_core.permissions import Role
from web.app import set_up_logging
from web.bootstrap import assemble, migrate_deployment, ready
from web.commands.demo_clients import let_clients_in
from web.progress import progress_bar
from web.settings import Settings
from web.signin.people import add_person, person_with_address, set_password

if TYPE_CHECKING:
    from web.bootstrap import Deployment

OWNER = "Eva Jansen"
ADDRESS = "eva@vandijk.example"


@frozen(kw_only=True)
class DemoFirm:
    """A firm of the demonstration; it has one in `fewer` of the clients that were asked for."""

    name: str
    slug: str
    letter: str
    edition: str
    colleague: str
    colleague_address: str
    fewer: int
    seed: int


FIRMS = (
    DemoFirm(
        name="Van Dijk & Partners",
        slug="van-dijk",
        letter="B",
        edition="pro",
        colleague="Tom Bos",
        colleague_address="tom@vandijk.example",
        fewer=1,
        seed=1,
    ),
    DemoFirm(
        name="Kramer Administratie",
        slug="kramer",
        letter="K",
        edition="lite",
        colleague="Lotte Smit",
        colleague_address="lotte@kramer.example",
        fewer=4,
        seed=2,
    ),
)
"""The two editions beside each other; the same person owns both."""

WIDTH = 22


def make(clients: int) -> Deployment:
    """Prepares the database, makes the firms unless they are there, and prints how to sign in.

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
    known = {firm.slug for firm in list_firms(deployment.store)}
    for firm in FIRMS:
        if firm.slug not in known:
            _make_firm(deployment, person_id, firm, clients // firm.fewer)
    made = {firm.slug: firm for firm in list_firms(deployment.store)}
    portals = {firm.name: let_clients_in(deployment, made[firm.slug], password) for firm in FIRMS}
    click.echo("")
    for firm in FIRMS:
        click.echo(f"{firm.name:<{WIDTH}}{firm.edition.title()} edition")
    click.echo(f"{'Sign in as':<{WIDTH}}{ADDRESS}\n{'Password':<{WIDTH}}{password}\n")
    click.echo("Clients, who see the portal of their firm, with the same password:")
    for name, addresses in portals.items():
        click.echo(f"{name:<{WIDTH}}{', '.join(addresses)}")
    click.echo("")
    return deployment


def _make_firm(deployment: Deployment, person_id: int, wanted: DemoFirm, clients: int) -> None:
    store = deployment.store
    firm = create_firm(
        store,
        NewFirm(
            name=wanted.name,
            slug=wanted.slug,
            owner_person_id=person_id,
            owner_name=OWNER,
            owner_address=ADDRESS,
            letter=wanted.letter,
            edition=wanted.edition,
            zone="Europe/Amsterdam",
        ),
    )
    with store.deployment_transaction(write=True):
        colleague = create_person(store)
    with (
        progress_bar(f"Making up clients of {wanted.name}") as progress,
        store.firm_transaction(firm.id, write=True),
    ):
        ctx = context_for_owner(store, deployment.catalog, firm)
        add_member(ctx, colleague, wanted.colleague, wanted.colleague_address, Role.EMPLOYEE)
        fill_firm(ctx, demo_clients(clients, seed=wanted.seed), progress)
