"""What somebody sees who acts through a link in a mail, without signing in (POR-7)."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from attrs import evolve, frozen
from flask import Response

from crm_core.contexts import context_for_owner
from crm_core.kept_words import kept_words, words_in
from crm_core.team import owner_of
from web import once
from web.catalogues import translated
from web.languages import language, speak
from web.templating import render_plain
from web.words import _

if TYPE_CHECKING:
    from crm_core.context import Context, Redirect
    from crm_core.firms import Firm
    from web.bootstrap import Deployment

_ROUTE = "portal.act"


@frozen
class Press:
    """A press of the button on the page behind a link: twice the same acts once.

    Whoever holds a link is no person of ours, so the answer is kept for the firm's owner, under a
    key that nobody makes without the link.
    """

    ctx: Context
    key: str

    @classmethod
    def of(cls, ctx: Context, token: str, key: str) -> Press:
        """The press of a form with this key on the page behind the link with this token."""
        owner = owner_of(ctx.store, ctx.firm)
        both = hashlib.sha256(f"{token} {key}".encode("utf-8", "surrogatepass")).hexdigest()
        return cls(evolve(ctx, viewer=owner), both)

    def answer_given(self) -> Response | None:
        """The page that the first of two got, or None: then it is this one's turn to act."""
        return _page(self.ctx.firm, once.answer_given(self.ctx, _ROUTE, self.key))

    def keep_answer(self, answer: Redirect) -> Response:
        """The page after the action: what was done, and nothing that leads further."""
        sentence = answer.notice or _("Thank you. It is done.")
        kept = json.dumps([self.ctx.language, kept_words(sentence)])
        once.keep_answer(self.ctx, _ROUTE, self.key, kept)
        page = _page(self.ctx.firm, kept)
        assert page is not None
        return page


def pressed_before(deployment: Deployment, firm: Firm, token: str, key: str) -> Response | None:
    """The page that the same press got while the link worked, or None: there was no such press."""
    with deployment.store.firm_transaction(firm.id, write=False):
        ctx = context_for_owner(deployment.store, deployment.catalog, firm)
        press = Press.of(ctx, token, key)
        return _page(firm, once.kept_answer(press.ctx, _ROUTE, press.key))


def _page(firm: Firm, kept: str | None) -> Response | None:
    """The page that says what was done, in the language of whoever did it."""
    if kept is None:
        return None
    spoken, sentence = json.loads(kept)
    speak(spoken)
    html = render_plain(
        "portal/done.html",
        title=translated(_("Done"), spoken),
        sentence=translated(words_in(sentence), spoken),
        firm=firm,
    )
    return Response(html)


def dead_link() -> Response:
    """The page behind a link that does not work, whatever the reason: nothing is revealed."""
    html = render_plain(
        "portal/dead_link.html",
        title=translated(_("This link does not work any more"), language()),
    )
    return Response(html, 404)
