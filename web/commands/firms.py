"""Making and listing firms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from attrs import evolve

from crm_core.addresses import clean_address
from crm_core.contexts import context_for_owner
from crm_core.editions import edition_named
from crm_core.firms import Firm, NewFirm, check_firm, create_firm, firm_named, list_firms, slug_of
from crm_core.modules import change_edition
from web.signin.people import add_person, person_with_address

if TYPE_CHECKING:
    from web.bootstrap import Deployment


def create(
    deployment: Deployment,
    *,
    name: str,
    owner: str,
    address: str,
    slug: str,
    zone: str,
    currency: str,
    edition: str,
    password: str | None,
) -> Firm:
    """Makes a firm; its owner gets a sign-in unless the address has one already."""
    edition_named(edition, deployment.catalog.editions)
    new = NewFirm(
        name=name,
        slug=slug or slug_of(name),
        owner_person_id=0,
        owner_name=owner,
        owner_address=clean_address(address),
        zone=zone,
        currency=currency,
        edition=edition,
    )
    check_firm(deployment.store, new)
    person_id = person_with_address(deployment.store, address)
    if person_id is None:
        secret = password or click.prompt(
            f"Password for {address}", hide_input=True, confirmation_prompt=True
        )
        person_id = add_person(deployment.store, address, secret)
    return create_firm(deployment.store, evolve(new, owner_person_id=person_id))


def change(deployment: Deployment, slug: str, edition: str) -> None:
    """Gives a firm another edition."""
    edition_named(edition, deployment.catalog.editions)
    firm = firm_named(deployment.store, slug)
    with deployment.store.firm_transaction(firm.id, write=True):
        ctx = context_for_owner(deployment.store, deployment.catalog, firm)
        change_edition(ctx, edition)


def show(deployment: Deployment) -> None:
    """Prints the firms: name in addresses, edition, name."""
    firms = list_firms(deployment.store)
    width = max((len(firm.slug) for firm in firms), default=0)
    for firm in firms:
        click.echo(f"{firm.slug:<{width}}  {firm.edition:<6} {firm.name}")
    if not firms:
        click.echo("There are no firms yet. Make one with: crm init")
