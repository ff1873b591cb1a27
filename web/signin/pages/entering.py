"""The last step of every way to sign in, and what links in mails have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, request, url_for
from flask_security.utils import login_user

from web.signin import brakes, halfway, links
from web.signin.pages.asking import Braked, Sheet
from web.words import _

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from crm_core.store.database import Store
    from web.signin.links import Link
    from web.signin.people import User
    from web.signin.telling import How


class StaleLink(Exception):  # noqa: N818 - it is an answer, not a fault
    """The link was used, is too old, or never was."""


def enter(user: User, target: str, how: How) -> AnyResponse:
    """Begins the session of somebody who proved enough, and leads where they wanted to go."""
    halfway.end()
    login_user(user, authn_via=[how])
    return redirect(target, 303)


def go_on(user: User, target: str, how: How) -> AnyResponse:
    """The same for somebody who proved one thing: who has a second factor is asked for it first."""
    if not user.has_second_factor:
        return enter(user, target, how)
    halfway.begin(user.id, user.fs_uniquifier, target)
    return redirect(url_for("signin.code"), 303)


def opened(store: Store, purpose: str, token: str) -> Link:
    """The link that works, or the answer of one that does not: nobody learns why."""
    remote = remote_address()
    if brakes.is_refused(store, brakes.LINK, remote, remote):
        raise Braked
    link = links.find(store, purpose, token)
    if link is None:
        if request.method != "HEAD":
            brakes.attempt(store, brakes.LINK, remote, remote)
        raise StaleLink
    return link


def stale_page() -> AnyResponse:
    """The answer to a link that does not work."""
    return Sheet.of("stale", _("This link does not work any more")).shown(status=404)


def remote_address() -> str:
    """From where this request comes."""
    return request.remote_addr or ""
