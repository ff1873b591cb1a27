"""A person's own pages, under `/me`: they belong to no firm, and are theirs alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, redirect, request, url_for

from crm_core.languages import LANGUAGES
from crm_core.refusals import NotFound
from web.settings import secret_key
from web.signin.factors import Factors
from web.signin.guards import to_confirmation, to_sign_in
from web.signin.pages import (
    me_address,
    me_confirm,
    me_factor,
    me_language,
    me_passkeys,
    me_password,
)
from web.signin.pages.asking import Braked, Sheet, braked_page, say
from web.signin.pages.moments import browser_name, moments_for
from web.signin.passkeys import Passkeys
from web.signin.security import signed_in, this_person
from web.signin.sessions import end_other_sessions, end_session_named, sessions_of
from web.words import _

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from web.bootstrap import Deployment

STEPPED_UP = {
    "me.address",
    "me.second_factor",
    "me.recovery_codes",
    "me.switch_off",
    "me.add_passkey",
    "me.add_passkey_options",
    "me.remove_passkey",
}
"""The pages that open only to somebody who proved a short while ago who they are."""


def own_pages(deployment: Deployment) -> Blueprint:
    """The pages under `/me`. All of them want somebody who is signed in."""
    secret = secret_key(deployment.settings.folder)
    factors, passkeys = Factors.of(deployment.store, secret), Passkeys(deployment.store, secret)
    pages = Blueprint("me", __name__, url_prefix="/me")
    pages.before_request(_guarded)
    pages.register_error_handler(Braked, lambda _error: braked_page())
    _add_overview(pages, deployment, factors, passkeys)
    _add_sessions(pages, deployment)
    me_confirm.add_to(pages, factors, passkeys)
    me_language.add_to(pages, deployment.store)
    me_password.add_to(pages, factors)
    me_address.add_to(pages, factors)
    me_factor.add_to(pages, factors)
    me_passkeys.add_to(pages, passkeys, factors)
    return pages


def _guarded() -> AnyResponse | None:
    person = signed_in()
    if person is None:
        return to_sign_in()
    if request.endpoint in STEPPED_UP and not person.proved_lately:
        return to_confirmation()
    return None


def _add_overview(
    pages: Blueprint, deployment: Deployment, factors: Factors, passkeys: Passkeys
) -> None:
    @pages.get("")
    def security() -> AnyResponse:
        person = this_person()
        return Sheet.of(
            "me",
            _("Your sign-in"),
            person=person,
            open_sessions=len(sessions_of(deployment.store, person.person_id)),
            chosen_language=LANGUAGES.get(person.language, ""),
            passkeys=len(passkeys.of_person(person.person_id)),
            codes_left=factors.codes_left(person.person_id),
        ).shown()


def _add_sessions(pages: Blueprint, deployment: Deployment) -> None:
    store = deployment.store

    @pages.get("/sessions")
    def sessions() -> Response:
        person = this_person()
        values: dict[str, Any] = {
            "sessions": sessions_of(store, person.person_id),
            "this": person.session_id,
            "browser_name": browser_name,
            **moments_for(store, person.person_id),
        }
        return Sheet.of("sessions", _("Where you are signed in"), **values).shown()

    @pages.post("/sessions/end")
    def end_session() -> AnyResponse:
        person = this_person()
        if not end_session_named(store, person.person_id, request.form.get("session", "")):
            raise NotFound
        say(_("That session has ended."))
        return redirect(url_for("me.sessions"), 303)

    @pages.post("/sessions/end-others")
    def end_others() -> AnyResponse:
        person = this_person()
        end_other_sessions(store, person.person_id, person.session_id)
        say(_("You are signed in here alone now."))
        return redirect(url_for("me.sessions"), 303)
