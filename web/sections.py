"""The Overview's cards: each loaded and drawn by itself, so a broken one breaks nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from markupsafe import Markup

from crm_core.context import Fragment, To
from crm_core.guarding import Failed, read_guarded
from crm_core.permissions import may
from web.templating import Shown, render_fragment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core.accounts import Account
    from crm_core.catalog import Contributed
    from crm_core.context import Context
    from crm_core.contributions import Place, Section
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


def cards(ctx: Context, place: Place, account: Account) -> Sequence[Card]:
    """The sections of a place that the viewer may see, in order, each loaded and drawn."""
    return [
        _card(ctx, section, account)
        for section in ctx.modules.sections(place)
        if may(ctx, section.value.needs)
    ]


def _card(ctx: Context, contributed: Contributed[Section], account: Account) -> Card:
    section = contributed.value
    all_of = (
        To(f"{contributed.plugin}.{section.all_route}", {"account": account.public_id})
        if section.all_route
        else None
    )
    outcome = read_guarded(
        ctx, contributed.name, section.budget, lambda: _drawn(ctx, contributed, account)
    )
    failed = outcome if isinstance(outcome, Failed) else None
    html = Markup("") if isinstance(outcome, Failed) else outcome.value
    return Card(name=contributed.name, title=section.title, all_of=all_of, html=html, failed=failed)


def _drawn(ctx: Context, contributed: Contributed[Section], account: Account) -> Markup:
    answer = contributed.value.load(ctx, account)
    if not isinstance(answer, Fragment):
        raise Nonsense(f"{contributed.name} answered {type(answer).__name__}, not a Fragment")
    html = render_fragment(Shown(ctx=ctx, account=account, route=contributed.name), answer)
    if len(html) > LONGEST:
        raise Nonsense(f"{contributed.name} answered {len(html)} characters of HTML")
    return Markup(html)  # noqa: S704 - drawn by a template, which escaped what it shows
