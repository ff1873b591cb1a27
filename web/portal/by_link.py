"""What somebody sees who acts through a link in a mail, without signing in (POR-7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response

from web.catalogues import translated
from web.languages import language
from web.templating import render_plain
from web.words import _

if TYPE_CHECKING:
    from crm_core.context import Context, Redirect


def done_by_link(ctx: Context, answer: Redirect) -> Response:
    """The page after the action: what was done, and nothing that leads further."""
    sentence = answer.notice or _("Thank you. It is done.")
    html = render_plain(
        "portal/done.html",
        title=translated(_("Done"), ctx.language),
        sentence=translated(sentence, ctx.language),
        firm=ctx.firm,
    )
    return Response(html)


def dead_link() -> Response:
    """The page behind a link that does not work, whatever the reason: nothing is revealed."""
    html = render_plain(
        "portal/dead_link.html",
        title=translated(_("This link does not work any more"), language()),
    )
    return Response(html, 404)
