"""Passkeys on the way in: instead of the password, or after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve
from flask import Blueprint, current_app, jsonify, request, url_for

from crm_core.forms import Form
from crm_core.refusals import NotFound
from web.destinations import inside
from web.signin import brakes, challenges
from web.signin.pages.asking import Braked, OnlyAButton, Sheet
from web.signin.pages.entering import enter, remote_address
from web.signin.people import RowDatastore
from web.signin.security import tell_of_attempt
from web.signin.telling import How, Result
from web.signin.webauthn import Site, Unsound
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

    from web.signin.passkeys import Passkeys
    from web.signin.people import User

FIELD = "passkey"
"""The name of the field in which a script sends what the browser answered."""


def add_to(pages: Blueprint, passkeys: Passkeys) -> None:
    """The page that signs in with a passkey alone, and what the browser is asked for it."""

    @pages.post("/passkey/options")
    def passkey_options() -> AnyResponse:
        return jsonify(passkeys.ask_for_proof(this_site(), challenges.SIGN_IN))

    @pages.route("/passkey", methods=["GET", "POST"])
    def passkey() -> AnyResponse:
        this_site()
        target = inside(request.values.get("next", ""))
        sheet = Sheet.of(
            "passkey",
            _("Sign in with a passkey"),
            target=target,
            passkey_at=url_for("signin.passkey_options"),
        )
        if request.method != "POST":
            return sheet.shown(Form(of=OnlyAButton))
        return with_passkey(sheet, OnlyAButton, lambda: _sign_in(passkeys, target))


def site() -> Site | None:
    """Where passkeys hold, or None where the software has no address for which they could."""
    return Site.of(current_app.config["CRM_BASE_URL"])


def this_site() -> Site:
    """The same for what there is not without."""
    found = site()
    if found is None:
        raise NotFound
    return found


def with_passkey(sheet: Sheet, of: type[Any], act: Callable[[], AnyResponse]) -> AnyResponse:
    """What `act` makes of the passkey that was sent, or the page again where it is none."""
    try:
        return act()
    except Unsound:
        return sheet.shown(refused_passkey(of), 422)


def refused_passkey(of: type[Any]) -> Form[Any]:
    """The form of a page on which a passkey was not taken."""
    sentence = _("This passkey was not accepted. Try again, or go another way.")
    return evolve(Form(of=of), sentence=sentence)


def finish(passkeys: Passkeys, user: User, target: str) -> AnyResponse:
    """Signs in whoever knew the password and has one of their passkeys; raises `Unsound`."""
    begun = brakes.attempt(passkeys.store, brakes.CODE, f"person {user.id}", remote_address())
    if begun.refused:
        tell_of_attempt(user.id, user.email, Result.BRAKED, How.PASSKEY)
        raise Braked
    try:
        passkeys.proved(this_site(), challenges.CODE, _sent(), user.id)
    except Unsound:
        tell_of_attempt(user.id, user.email, Result.WRONG_CODE, How.PASSKEY)
        raise
    brakes.succeeded(passkeys.store, begun)
    return enter(user, target, How.PASSKEY)


def _sign_in(passkeys: Passkeys, target: str) -> AnyResponse:
    store, remote = passkeys.store, remote_address()
    begun = brakes.attempt(store, brakes.PASSKEY, remote, remote)
    if begun.refused:
        tell_of_attempt(None, "", Result.BRAKED, How.PASSKEY)
        raise Braked
    try:
        user = _whose(passkeys)
    except Unsound:
        tell_of_attempt(None, "", Result.WRONG_CODE, How.PASSKEY)
        raise
    brakes.succeeded(store, begun)
    return enter(user, target, How.PASSKEY)


def _whose(passkeys: Passkeys) -> User:
    person_id = passkeys.proved(this_site(), challenges.SIGN_IN, _sent())
    user = RowDatastore(passkeys.store).find_user(id=person_id)
    if user is None or not user.active:
        raise Unsound
    return user


def _sent() -> str:
    return request.form.get(FIELD, "")


def options_for(passkeys: Passkeys, purpose: str, person_id: int) -> Response:
    """What a browser is asked to prove with that this person sits before it."""
    return jsonify(passkeys.ask_for_proof(this_site(), purpose, person_id))
