"""A state that is changed in place, and the day by which something is to be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from web import once
from web.catalogues import translated
from web.dates import relative_day
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from crm_core.context import Context, State, Step, To

CHANGE = _("change")


def state_tag(state: State, language: str) -> Markup:
    """A state that is only shown."""
    word = escape(translated(state.word, language))
    return Markup(f'<span class="tag {escape(state.tone)}">{word}</span>')  # noqa: S704


def state_menu(
    ctx: Context,
    link: Callable[[To], str],
    state: State,
    steps: Sequence[Step],
    about: str,
    identity: str,
) -> Markup:
    """A button that opens a menu, whose every entry posts to a route of its own."""
    language = ctx.language
    actions = [escape(link(step.to)) for step in steps]
    entries = "".join(
        f'<button type="submit" formaction="{action}">'
        f"{escape(translated(step.word, language))}</button>"
        for step, action in zip(steps, actions, strict=True)
    )
    identity = escape(identity)
    return Markup(  # noqa: S704 - every value in it was escaped
        '<div class="state">'
        f'<button type="button" class="tag {escape(state.tone)}" id="{identity}"'
        f' popovertarget="{identity}-menu">'
        f'<span class="visually-hidden">{escape(about)}: </span>'
        f"{escape(translated(state.word, language))}"
        f'<span class="visually-hidden">, {escape(translated(CHANGE, language))}</span></button>'
        f' <div class="more" id="{identity}-menu" popover>'
        f'<form method="post" action="{actions[0]}" hx-boost="true"> {form_secrets()} {entries}'
        "</form></div></div>"
    )


def due_on(due: date, ctx: Context) -> Markup:
    """The day by which something is to be done; one that has passed says so."""
    day = relative_day(due, ctx)
    if due >= ctx.today:
        return escape(translated(_("due {day}", day=day), ctx.language))
    late = escape(translated(_("overdue since {day}", day=day), ctx.language))
    return Markup(f'<b class="overdue">{late}</b>')  # noqa: S704


def form_secrets() -> Markup:
    """What every form that posts carries: that it is ours, and that it acts once."""
    return Markup(  # noqa: S704
        f'<input type="hidden" name="csrf_token" value="{escape(generate_csrf())}">'
        f' <input type="hidden" name="{once.FIELD}" value="{once.new_key()}">'
    )
