"""The shell's own groups of hits, contributed as plugins contribute theirs: clients, contacts."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from attrs import evolve

from crm_core.catalog import Contributed
from crm_core.context import State, To
from crm_core.finding import find_accounts, find_contacts
from crm_core.permissions import SEE_ACCOUNTS
from crm_core.photos import photos_of
from crm_core.pictures import Size
from crm_core.search_and_lists import Face, Hit, SearchProvider
from web.links import url_of
from web.settling import SHELL
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm_core.context import Context
    from crm_core.finding import FoundAccount
    from crm_core.pictures import Kept


def search_providers(*, archived: bool) -> tuple[Contributed[SearchProvider], ...]:
    """The groups of the shell; with `archived` the clients that are archived are in theirs."""
    return tuple(
        Contributed(SHELL, provider)
        for provider in (
            SearchProvider(
                name="clients",
                title=_("Clients"),
                needs=SEE_ACCOUNTS,
                find=partial(clients, archived=archived),
                order=100,
            ),
            SearchProvider(
                name="contacts", title=_("Contacts"), needs=SEE_ACCOUNTS, find=contacts, order=200
            ),
        )
    )


def clients(ctx: Context, text: str, limit: int, *, archived: bool) -> Sequence[Hit]:
    """Accounts with their faces, each leading to its profile (R1, I2)."""
    found = find_accounts(ctx, text, limit, archived=archived)
    photos = photos_of(ctx, [account.id for account in found]) if found else {}
    return [
        Hit(
            what=account.name,
            to=To("shell.overview", {"account": account.public_id}),
            about=(account.number, *account.through),
            face=Face(picture=_photo_at(account, photos.get(account.id))),
            state=State(word=_("Archived")) if account.archived else None,
        )
        for account in found
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


def _photo_at(account: FoundAccount, photo: Kept | None) -> To | None:
    """Where the account's small photo is, if it has one."""
    if photo is None:
        return None
    account_and_photo = {"account": account.public_id, "photo": photo.digest}
    return To("shell.photo", {**account_and_photo, "size": Size.SMALL.value})
