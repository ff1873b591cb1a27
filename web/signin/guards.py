"""Where a request goes that has to wait: to the proof of who one is, or to a second factor."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import redirect, request, url_for
from flask_security.utils import logout_user

from web.catalogues import translated
from web.destinations import inside
from web.in_place import asked_in_place, in_sight, open_page
from web.languages import language
from web.notices import leave_notice
from web.signin.carrying import Carried
from web.words import _

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse


class Detour(Exception):  # noqa: N818 - it is a way, not a fault
    """This request goes elsewhere first; whatever transaction it is in is undone."""

    def __init__(self, response: AnyResponse) -> None:
        super().__init__(response.location)
        self.response = response


def to_confirmation(*, carry: bool = False) -> AnyResponse:
    """To the page that asks for the password, which leads back to where this request belongs.

    With `carry` that page is the answer itself and keeps what was sent, to send it on afterwards;
    not for what was asked in place, which shows no other page.
    """
    if carry and not _reads() and not asked_in_place():
        from web.signin.pages.me_confirm import asking_page

        return asking_page(_here(), Carried.from_here())
    again = "" if _reads() else "1"
    return open_page(url_for("me.confirm", next=_here(), again=again or None))


def to_second_factor() -> AnyResponse:
    """To the page on which a second factor is set up, which leads back."""
    return open_page(url_for("me.second_factor", next=_here()))


def to_sign_in() -> AnyResponse:
    """To the sign-in page, which leads back to a page that was to be read, or was in sight."""
    if asked_in_place():
        return open_page(url_for("security.login", next=in_sight()))
    if _reads():
        return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
    return redirect(url_for("security.login"), 303)


def out_of_the_portal() -> AnyResponse:
    """To the sign-in page, signed out: whoever asked may sign in to nothing any more (ACC-8)."""
    if request.method != "HEAD":
        logout_user()
    leave_notice(
        translated(
            _("You can no longer sign in there. If you did not expect this, ask the firm."),
            language(),
        ),
        "warn",
    )
    return open_page(url_for("security.login"))


def _reads() -> bool:
    return request.method in ("GET", "HEAD")


def _here() -> str:
    """The page of this request: its own, or for a button's the one that the button stands on."""
    if _reads() or "GET" in (getattr(request.url_rule, "methods", None) or ()):
        return request.full_path.rstrip("?")
    before = urlsplit(request.referrer or "")
    return inside(before.path) if before.netloc == request.host else "/"
