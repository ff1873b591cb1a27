"""The shell's own groups of hits, contributed as plugins contribute theirs: clients, contacts."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from attrs import evolve

from crm_core.catalog import Contributed
from crm_core.context import To
from crm_core.contributions import Hit, SearchProvider
from crm_core.finding import find_accounts, find_contacts
from crm_core.permissions import SEE_ACCOUNTS
from web.routing import SHELL
from web.templating import url_of
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm_core.context import Context


def clients(ctx: Context, text: str, limit: int) -> Sequence[Hit]:
    """Accounts, each leading to its profile (R1)."""
    return [
        Hit(
            what=found.name,
            to=To("shell.overview", {"account": found.public_id}),
            about=(found.number, *found.through),
        )
        for found in find_accounts(ctx, text, limit)
    ]


def leading_somewhere(contributed: Contributed[SearchProvider]) -> Contributed[SearchProvider]:
    """The provider of a module, which fails where one of its hits leads nowhere."""
    provider = contributed.value

    def find(ctx: Context, text: str, limit: int) -> Iterator[Hit]:
        for hit in islice(provider.find(ctx, text, limit), limit):
            if isinstance(hit, Hit):
                url_of(ctx.firm, hit.to)
            yield hit

    return evolve(contributed, value=evolve(provider, find=find))


def contacts(ctx: Context, text: str, limit: int) -> Sequence[Hit]:
    """Contacts, each leading to its page."""
    return [
        Hit(
            what=found.name,
            to=To("shell.contact", {"contact": found.public_id}),
            about=found.through,
        )
        for found in find_contacts(ctx, text, limit)
    ]


SEARCH_PROVIDERS = tuple(
    Contributed(SHELL, provider)
    for provider in (
        SearchProvider(
            name="clients", title=_("Clients"), needs=SEE_ACCOUNTS, find=clients, order=100
        ),
        SearchProvider(
            name="contacts", title=_("Contacts"), needs=SEE_ACCOUNTS, find=contacts, order=200
        ),
    )
)
