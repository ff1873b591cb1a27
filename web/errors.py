"""What people see when something is refused or fails: a sentence, what was kept, a way back."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import structlog
from flask import Flask, Response, g, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from crm_core.guarding import new_reference
from crm_core.refusals import NotAllowed, NotFound, Refused, Stale, StorageFull, Unavailable
from web.catalogues import translated
from web.in_place import asked_afresh, asked_in_place, in_sight, lead_to
from web.languages import language, speak_as_far_as_known
from web.notices import leave_notice
from web.templating import render_plain
from web.words import _

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from crm_core.words import Words

log = structlog.get_logger("crm")

RETRY_AFTER = 5
"""Seconds after which a browser may try again when the database is busy."""


def set_up_errors(app: Flask) -> None:
    """Gives every refusal and every fault its page."""
    app.register_error_handler(NotFound, lambda _error: _not_found())
    app.register_error_handler(404, lambda _error: _not_found())
    app.register_error_handler(NotAllowed, _not_allowed)
    app.register_error_handler(Unavailable, _unavailable)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, lambda _error: _too_old())
    app.register_error_handler(400, lambda _error: _too_old())
    app.register_error_handler(413, lambda _error: _too_large())
    app.register_error_handler(HTTPException, _other)
    app.register_error_handler(OSError, _of_the_system)
    app.register_error_handler(Exception, _fault)


def _not_found() -> Response:
    """The same for what never existed as for what is not the viewer's to see (PER-2)."""
    account = g.get("unseen_account", "")
    firm = (request.view_args or {}).get("firm", "")
    return _page(
        404,
        _("This page does not exist"),
        _("It may have been removed, or it is not yours to see. Check the address, or go back."),
        ask_at=url_for("shell.request_access", firm=firm, wanted=account) if account else "",
    )


def _not_allowed(error: NotAllowed) -> Response:
    return _page(403, _("You may not do this"), error.sentence)


def _refused(error: Refused) -> AnyResponse:
    """What is refused and has no form: in place, the page in sight says why, as it is now."""
    if asked_in_place() and not asked_afresh():
        leave_notice(translated(error.sentence, language()), "bad")
        return lead_to(in_sight())
    status = 409 if isinstance(error, Stale) else 422
    return _page(status, _("This was not done"), error.sentence)


def _unavailable(error: Unavailable) -> Response:
    log.warning("unavailable", path=_pattern(), cause=repr(error.__cause__))
    speak_as_far_as_known()
    response = _page(503, _("Just a moment"), error.sentence)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _of_the_system(error: OSError) -> Response:
    """A file that is sent is written aside while it comes in, and the disk may be full."""
    if error.errno not in (errno.ENOSPC, errno.EDQUOT):
        return _fault(error)
    full = StorageFull()
    full.__cause__ = error
    return _unavailable(full)


def _too_old() -> Response:
    return _page(
        400,
        _("This form was open for too long"),
        _("Nothing was saved. Go back, load the page again, and send it once more."),
    )


def _too_large() -> Response:
    return _page(
        413, _("This is too large"), _("Nothing was saved. Send less text, or a smaller file.")
    )


def _other(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:
        return Response.force_type(error.get_response())  # type: ignore[return-value]
    response = _page(error.code, _("This did not work"), _("The request cannot be answered."))
    if error.code == 405 and getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
    return response


def _fault(error: Exception) -> Response:
    reference = new_reference()
    log.error("fault", path=_pattern(), reference=reference, exc_info=error)
    speak_as_far_as_known()
    return _page(
        500,
        _("Something went wrong on our side"),
        _("Nothing was half saved. Tell whoever runs this software the reference below."),
        reference,
    )


def _pattern() -> str:
    """The address as its pattern: what stands in it may be the secret of a link."""
    return request.url_rule.rule if request.url_rule else "unknown"


def _page(
    status: int, title: Words, sentence: Words, reference: str = "", ask_at: str = ""
) -> Response:
    html = render_plain(
        "pages/fault.html",
        title=translated(title, language()),
        sentence=translated(sentence, language()),
        reference=reference,
        ask_at=ask_at,
        back=url_for("start"),
    )
    return Response(html, status)
