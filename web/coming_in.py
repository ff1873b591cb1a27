"""Telling once for each session that somebody has come into a firm's pages, or into its portal.

A mark in the session's cookie says where they were; so nothing is asked of the database for it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import request, session

from crm_core.context import Origin
from crm_core.sign_ins import note_failure
from web.signin.security import current_store, on_sign_in, this_person
from web.signin.telling import Result

if TYPE_CHECKING:
    from flask import Flask

    from crm_core.firms import Firm
    from web.signin.telling import How

_MARK = "came_in"
_MOST = 50


def comes_in(firm: Firm) -> bool:
    """Whether this request is the first one of its session in the firm; reading alone counts."""
    return request.method == "GET" and firm.id not in _been()


def came_in(firm: Firm) -> None:
    """Leaves the mark: whoever has to know was told."""
    session[_MARK] = [this_person().session_id, *_been()[-_MOST:], firm.id]


def _been() -> list[int]:
    mark = session.get(_MARK)
    this = [this_person().session_id]
    return mark[1:] if isinstance(mark, list) and mark[:1] == this else []


def keep_failures(app: Flask) -> None:
    """Keeps every attempt to sign in that fails, with from where it came."""
    on_sign_in(app).append(_note)


def _note(person_id: int | None, address: str, result: Result, _how: How) -> None:
    if result is Result.SIGNED_IN:
        return
    origin = Origin(request.remote_addr or "", request.user_agent.string)
    note_failure(current_store(), person_id, address, result, origin, datetime.now(UTC))
