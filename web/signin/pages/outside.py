"""The pages for somebody who is not signed in: the code after the password, and links in mails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from flask import Blueprint, redirect, request, url_for

from crm_core.addresses import address_key
from crm_core.forms import Input, ask
from crm_core.refusals import Refused
from web.languages import language_of_mails
from web.settings import secret_key
from web.signin import brakes, challenges, halfway, letters, links
from web.signin.factors import Factors
from web.signin.pages import by_link, by_passkey
from web.signin.pages.asking import (
    Braked,
    OnlyAButton,
    Sheet,
    answered,
    braked_page,
    new_password,
    recovery_code,
    say,
    second_factor_code,
)
from web.signin.pages.by_passkey import finish, options_for, site, with_passkey
from web.signin.pages.entering import StaleLink, enter, opened, remote_address, stale_page
from web.signin.passkeys import Passkeys
from web.signin.passwords import hash_of
from web.signin.people import (
    NOBODY,
    RowDatastore,
    person_within,
    replace_address,
    replace_password,
)
from web.signin.security import tell_of_attempt
from web.signin.telling import How, Result
from web.words import _

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from crm_core.store.database import Store
    from web.bootstrap import Deployment
    from web.signin.links import Link
    from web.signin.people import User


@frozen
class Code:
    """The second factor of signing in."""

    code: str = second_factor_code()


@frozen
class RecoveryCode(Code):
    """The same of somebody who has passkeys and no app."""

    code: str = recovery_code()


@frozen
class Forgotten:
    """Whose password is forgotten."""

    address: str = ask(_("E-mail address"), input=Input.EMAIL, autocomplete="username", longest=254)


@frozen
class NewPassword:
    """The password that takes the place of a forgotten one."""

    password: str = new_password(_("New password"))


def signing_in(deployment: Deployment) -> Blueprint:
    """The pages under `/sign-in` that the sign-in library does not have."""
    store = deployment.store
    secret = secret_key(deployment.settings.folder)
    factors, passkeys = Factors.of(store, secret), Passkeys(store, secret)
    pages = Blueprint("signin", __name__, url_prefix="/sign-in")
    pages.register_error_handler(Braked, lambda _error: braked_page())
    pages.register_error_handler(StaleLink, lambda _error: stale_page())

    @pages.route("/code", methods=["GET", "POST"])
    def code() -> AnyResponse:
        user = _halfway(store)
        if user is None:
            halfway.end()
            return redirect(url_for("security.login"), 303)
        of: type[Code] = Code if user.has_app else RecoveryCode
        target = _target()
        passkey_at = url_for("signin.code_options") if user.has_passkey and site() else ""
        sheet = Sheet.of("code", _("One more step"), has_app=user.has_app, passkey_at=passkey_at)
        if request.form.get(by_passkey.FIELD):
            return with_passkey(sheet, of, lambda: finish(passkeys, user, target))
        return answered(sheet, of, lambda value: _finish(factors, user, value.code))

    @pages.post("/code/options")
    def code_options() -> AnyResponse:
        user = _halfway(store)
        if user is None:
            return redirect(url_for("security.login"), 303)
        return options_for(passkeys, challenges.CODE, user.id)

    @pages.route("/forgotten", methods=["GET", "POST"])
    def forgotten() -> AnyResponse:
        sheet = Sheet.of("forgotten", _("Choose a new password"))
        return answered(sheet, Forgotten, lambda value: _send_reset(store, value.address))

    @pages.route("/reset/<token>", methods=["GET", "POST"])
    def reset(token: str) -> AnyResponse:
        link = opened(store, links.RESET, token)
        sheet = Sheet.of("reset", _("Choose a new password"), address=link.sign_in_address)
        return answered(sheet, NewPassword, lambda value: _reset(store, link, value.password))

    @pages.route("/address/<token>", methods=["GET", "POST"])
    def address(token: str) -> AnyResponse:
        link = opened(store, links.ADDRESS, token)
        sheet = Sheet.of("address", _("Confirm your sign-in address"), address=link.address)
        return answered(sheet, OnlyAButton, lambda _value: _confirm_address(store, link))

    by_link.add_to(pages, store)
    by_passkey.add_to(pages, passkeys)
    return pages


def _halfway(store: Store) -> User | None:
    """Whose password was right in this browser, if it still is their password."""
    found = halfway.current()
    user = RowDatastore(store).find_user(id=found.person_id) if found else None
    if found is None or user is None or not user.active:
        return None
    return user if user.fs_uniquifier == found.uniquifier else None


def _finish(factors: Factors, user: User, code: str) -> AnyResponse:
    begun = brakes.attempt(factors.store, brakes.CODE, f"person {user.id}", remote_address())
    if begun.refused:
        tell_of_attempt(user.id, user.email, Result.BRAKED, How.CODE)
        raise Braked
    if not factors.accepts(user.id, code):
        tell_of_attempt(user.id, user.email, Result.WRONG_CODE, How.CODE)
        raise Refused(
            _("This code does not fit. Each code works once: wait for the next one."), at="code"
        )
    brakes.succeeded(factors.store, begun)
    return enter(user, _target(), How.CODE)


def _target() -> str:
    """Where whoever is halfway wanted to go."""
    found = halfway.current()
    return found.target if found else "/"


def _send_reset(store: Store, address: str) -> AnyResponse:
    """The same answer, after the same work, whether somebody has this address or not."""
    with store.deployment_transaction(write=True):
        begun = brakes.begin(store, brakes.RESET, address_key(address), remote_address())
        person = None if begun.refused else person_within(store, address)
        token = links.new_token()
        if person is not None:
            token = links.make_link(store, links.RESET, person.id)
    if begun.refused:
        raise Braked
    to = person.email if person else address
    language = language_of_mails(store, person.id if person else NOBODY)
    letters.send_reset(to, token, language, known=person is not None)
    return Sheet.of(
        "sent",
        _("Look at your mail"),
        sentence=_(
            "If somebody signs in with {address}, a mail with a link is on its way. The link works "
            "once, for one hour.",
            address=address,
        ),
    ).shown()


def _reset(store: Store, link: Link, password: str) -> AnyResponse:
    hashed = hash_of(password, link.sign_in_address)
    with store.deployment_transaction(write=True):
        if not links.use(store, link):
            raise StaleLink
        replace_password(store, link.person_id, hashed)
    halfway.end()
    halfway.remember_link(address_key(link.sign_in_address))
    letters.tell_of_new_password(link.sign_in_address, language_of_mails(store, link.person_id))
    say(_("Your password is new. Sign in with it."))
    return redirect(url_for("security.login"), 303)


def _confirm_address(store: Store, link: Link) -> AnyResponse:
    with store.deployment_transaction(write=True):
        used = links.use(store, link) and replace_address(store, link.person_id, link.address)
        if not used:
            raise StaleLink
    letters.tell_of_new_address(
        link.sign_in_address, link.address, language_of_mails(store, link.person_id)
    )
    say(_("From now on you sign in with {address}.", address=link.address))
    return redirect(url_for("security.login"), 303)
