"""Making and listing firms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from attrs import evolve, field, frozen

from crm_core.addresses import clean_address
from crm_core.contexts import context_for_owner
from crm_core.editions import edition_named
from crm_core.firms import Firm, NewFirm, check_firm, create_firm, firm_named, list_firms, slug_of
from crm_core.languages import ENGLISH
from crm_core.modules import change_edition
from web.signin.people import add_person, person_with_address

if TYPE_CHECKING:
    from web.bootstrap import Deployment


@frozen(kw_only=True)
class FirmWish:
    """What the operator said of a firm. Without a slug one is made of the name."""

    name: str
    owner: str
    address: str
    slug: str = ""
    zone: str = "UTC"
    currency: str = "EUR"
    language: str = ENGLISH
    edition: str = "pro"
    password: str = field(default="", repr=False)


def create(deployment: Deployment, wish: FirmWish) -> Firm:
    """Makes a firm; its owner gets a sign-in unless the address has one already."""
    store = deployment.store
    edition_named(wish.edition, deployment.catalog.editions)
    new = NewFirm(
        name=wish.name,
        slug=wish.slug or slug_of(wish.name),
        owner_person_id=0,
        owner_name=wish.owner,
        owner_address=clean_address(wish.address),
        zone=wish.zone,
        currency=wish.currency,
        language=wish.language,
        edition=wish.edition,
    )
    check_firm(store, new)
    person_id = person_with_address(store, wish.address)
    if person_id is None:
        password = wish.password or click.prompt(
            f"Password for {wish.address}", hide_input=True, confirmation_prompt=True
        )
        person_id = add_person(store, wish.address, password)
    return create_firm(store, evolve(new, owner_person_id=person_id))


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
