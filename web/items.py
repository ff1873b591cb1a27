"""The usual content of a section: lines, or a sentence and a next step where there are none.

A page of sections has a hundred such lines and more, and Jinja takes several times as long for each
as it takes to write them here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from web.catalogues import translated
from web.dates import element
from web.states import due_on, state_menu, state_tag

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crm_core.context import Context, Item, To
    from crm_core.words import Words


def item_list_html(ctx: Context, values: Mapping[str, Any], link: Callable[[To], str]) -> Markup:
    """The HTML of what `crm_core.item_list` answered."""
    if not values["items"]:
        return _empty(ctx.language, link, values["empty"], values["start"])
    lines = [
        _line(ctx, item, f"section-{nth}", link) for nth, item in enumerate(values["items"], 1)
    ]
    return _safe(f'<ul class="rows">{"".join(lines)}</ul>')


def _line(ctx: Context, item: Item, about: str, link: Callable[[To], str]) -> str:
    what = translated(item.what, ctx.language)
    name = f"<bdi>{escape(what)}</bdi>"
    if item.to is not None:
        name = f'<a href="{escape(link(item.to))}">{name}</a>'
    state = ""
    if item.steps and item.state is not None:
        identity = f"{about}-{item.steps[0].to.route.replace('.', '-')}"
        state = state_menu(ctx, link, item.state, item.steps, what, identity)
    elif item.state is not None:
        state = state_tag(item.state, ctx.language)
    for further in item.states:
        state += state_tag(further, ctx.language)
    about_it: list[str] = []
    if item.who:
        about_it.append(f"<bdi>{escape(item.who)}</bdi>")
    if item.when is not None:
        about_it.append(element(item.when, ctx))
    if item.due is not None:
        about_it.append(due_on(item.due, ctx))
    small = f" <small>{', '.join(about_it)}</small>" if about_it else ""
    return f'<li><span class="what">{name}</span> {state}{small}</li> '


def _empty(
    language: str, link: Callable[[To], str], empty: Words, start: tuple[To, Words] | None
) -> Markup:
    next_step = ""
    if start is not None:
        to, words = start
        next_step = f'<a href="{escape(link(to))}">{escape(translated(words, language))}</a>'
    sentence = escape(translated(empty, language))
    return _safe(f'<div class="empty"><p>{sentence}</p>{next_step}</div>')


def _safe(html: str) -> Markup:
    return Markup(html)  # noqa: S704 - every value in it was escaped
