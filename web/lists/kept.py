"""Lists that somebody keeps under a name, and where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from attrs import frozen

from crm_core.context import To
from crm_core.listing.saved import saved_lists
from crm_core.search_and_lists import ListOf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core.context import Context
    from crm_core.listing.saved import SavedList

PLACES = {ListOf.ACCOUNTS: "shell.clients", ListOf.CONTACTS: "shell.contacts"}
"""The routes of the lists."""


@frozen(kw_only=True)
class Kept:
    """A list that the viewer keeps, and where it is."""

    saved: SavedList
    to: To


def kept_lists(ctx: Context, of: ListOf) -> Sequence[Kept]:
    """The lists of clients, or of contacts, that the viewer keeps."""
    return [Kept(saved=saved, to=place_of(saved)) for saved in saved_lists(ctx, of)]


def place_of(saved: SavedList) -> To:
    """Where a kept list is."""
    return To(PLACES[saved.of], parse_qs(saved.query))  # type: ignore[arg-type]
