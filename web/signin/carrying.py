"""What was sent too late: it waits in the page that asks who one is, and goes on from there.

It waits in the browser, as one field of that page, and in no place of ours. Once the proof is given
the browser sends the whole again to where it was going (a redirect that keeps the body): so it
passes every guard anew, and acts once however often it is sent. What is proved with stands beside
it in the body under names of its own, and the page that it goes to does not read it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from attrs import frozen
from flask import redirect, request
from werkzeug.datastructures import MultiDict

from web.destinations import inside

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

FIELD, TO = "_carried", "_carried_to"
"""The names of the hidden fields with what was sent, and with where it was sent to."""


@frozen(kw_only=True)
class Carried:
    """What was sent, in one text, and the path that it was sent to."""

    sent: str
    to: str

    @classmethod
    def from_here(cls) -> Carried:
        """What was just sent to the page of this request."""
        fields = [pair for pair in posted().items(multi=True) if pair[0] != "csrf_token"]
        return cls(sent=urlencode(fields), to=request.full_path.rstrip("?"))

    def sent_on(self) -> AnyResponse:
        """Sends the browser there, with what it has just sent: this text among it."""
        return redirect(inside(self.to), 307)


def carried() -> Carried | None:
    """What the page that asks who one is carries in this request, if it does."""
    if FIELD not in request.form:
        return None
    return Carried(sent=request.form[FIELD], to=request.form.get(TO, ""))


def posted() -> MultiDict[str, str]:
    """What was sent to the page of this request: just now, or before and carried until now."""
    found = carried()
    return request.form if found is None else MultiDict(parse_qsl(found.sent, True))
