"""The cards of home page, Overview and portal; those of staff in the order that the viewer wants.

Each is loaded and drawn by itself, so a broken one breaks nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from markupsafe import Markup

from crm_core.arranging import arrangement_of
from crm_core.context import Fragment, To
from crm_core.contributions import Place
from crm_core.guarding import Failed, read_guarded
from crm_core.permissions import may
from web.boxes import SHELL_SECTIONS
from web.templating import Shown, render_fragment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm_core.accounts import Account
    from crm_core.catalog import Contributed
    from crm_core.context import Context
    from crm_core.contributions import Section
    from crm_core.words import Words

LONGEST = 200_000
"""Characters of HTML that one section may have: a million items are no card."""


class Nonsense(Exception):  # noqa: N818
    """A section answered something that is no fragment of a page."""


@frozen(kw_only=True)
class Card:
    """A section as the page shows it: its HTML, or how it failed."""

    name: str
    title: Words
    all_of: To | None
    html: Markup = Markup("")
    failed: Failed | None = None


def cards(ctx: Context, place: Place, account: Account | None = None) -> Sequence[Card]:
    """The sections of a place that the viewer wants to see, in order, each loaded and drawn."""
    sections = sections_of(ctx, place)
    arrangement = arrangement_of(ctx, place)
    return [
        _card(ctx, sections[name], account)
        for name in arrangement.arranged(sections)
        if name not in arrangement.hidden
    ]


def cards_of_info(ctx: Context, account: Account) -> Sequence[Card]:
    """The sections of the Info tab, in the order of their modules: nobody arranges them."""
    return [_card(ctx, one, account) for one in sections_of(ctx, Place.INFO).values()]


def portal_cards(ctx: Context, account: Account) -> tuple[Sequence[Card], Sequence[Card]]:
    """What the client of an account has to do, and then what is there (2.15).

    What has nothing to be done is left out; a card that failed stands, and says so.
    """
    sections = sections_of(ctx, Place.PORTAL).values()
    to_do, others = (
        [_card(ctx, one, account) for one in sections if (one.value.open_items is not None) is does]
        for does in (True, False)
    )
    return [card for card in to_do if card.html or card.failed], others


def sections_of(ctx: Context, place: Place) -> Mapping[str, Contributed[Section]]:
    """The sections of a place that the viewer may see, by name, as their modules order them."""
    own = [section for section in SHELL_SECTIONS if section.value.place is place]
    found = sorted(
        (*ctx.modules.sections(place), *own), key=lambda one: (one.value.order, one.name)
    )
    return {section.name: section for section in found if may(ctx, section.value.needs)}


def _card(ctx: Context, contributed: Contributed[Section], account: Account | None) -> Card:
    section = contributed.value
    here = {} if account is None else {"account": account.public_id}
    route = f"{contributed.plugin}.{section.all_route}"
    all_of = To(route, here) if section.all_route else None
    outcome = read_guarded(
        ctx, contributed.name, section.budget, lambda: _drawn(ctx, contributed, account)
    )
    failed = outcome if isinstance(outcome, Failed) else None
    html = Markup("") if isinstance(outcome, Failed) else outcome.value
    return Card(name=contributed.name, title=section.title, all_of=all_of, html=html, failed=failed)


def _drawn(ctx: Context, contributed: Contributed[Section], account: Account | None) -> Markup:
    load = contributed.value.load
    answer = load(ctx) if account is None else load(ctx, account)
    if answer is None and contributed.value.open_items is not None:
        return Markup()
    if not isinstance(answer, Fragment):
        raise Nonsense(f"{contributed.name} answered {type(answer).__name__}, not a Fragment")
    html = render_fragment(Shown(ctx=ctx, account=account, route=contributed.name), answer)
    if len(html) > LONGEST:
        raise Nonsense(f"{contributed.name} answered {len(html)} characters of HTML")
    return Markup(html)  # noqa: S704 - drawn by a template, which escaped what it shows
