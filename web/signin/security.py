"""Signing in and out: the sign-in library, taught to use our rows for its users and sessions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import after_this_request, current_app, redirect, request, session, url_for
from flask_login import current_user, user_logged_in, user_logged_out
from flask_security import LoginForm, Security, UserMixin, user_authenticated
from flask_security.tf_plugin import TfPlugin
from flask_wtf import CSRFProtect

from crm_core.addresses import address_key
from web.destinations import inside
from web.signin import brakes, halfway
from web.signin.passwords import hashing, too_long
from web.signin.people import RowDatastore, User
from web.signin.sessions import SignedIn, begin_session, end_session, session_of
from web.signin.telling import Attempts, How, Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Blueprint, Flask, Response
    from werkzeug.wrappers import Response as AnyResponse

    from crm_core.store.database import Store
    from web.signin.telling import Listener

TOKEN = "token"  # noqa: S105 - its name
"""Where the session's token stands in the signed cookie."""


class SignedInUser(User):
    """The person of this request; everything that a request needs of them was read at once."""

    def __init__(self, signed_in: SignedIn) -> None:
        self.id = signed_in.person_id
        self.email = signed_in.address
        self.active = True
        self.signed_in = signed_in
        self.roles: list[Any] = []


class SignInForm(LoginForm):
    """The library's form, which goes nowhere but inside, and takes no endless guessing."""

    remember = None
    braked = False

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.next.data = inside(self.next.data or "")

    def validate(self, **more: Any) -> bool:
        """Whether address and password belong together; the page says no more than that."""
        address, password = self.email.data or "", self.password.data or ""
        if too_long(password) or not (address and password):
            self.password.errors = ["not a password"]
            return False
        halfway.remember_typed(address)
        whom, store = address_key(address), current_store()
        brake = brakes.PASSWORD_AFTER_LINK if halfway.let_in_by_link(whom) else brakes.PASSWORD
        begun = brakes.attempt(store, brake, whom, request.remote_addr or "")
        if begun.refused:
            self.braked = True
            self.password.errors = ["braked"]
            after_this_request(too_many)
            tell_of_attempt(None, address, Result.BRAKED, How.PASSWORD)
            return False
        with hashing:
            fits = super().validate(**more)
        if not fits:
            whose = self.user.id if self.user else None
            tell_of_attempt(whose, address, Result.WRONG_PASSWORD, How.PASSWORD)
            return False
        brakes.succeeded(store, begun)
        return True


class ThenTheCode(TfPlugin):
    """What the library does after the password: for whom has a second factor, our page asks it."""

    def tf_enter(
        self,
        user: UserMixin,
        remember_me: bool | None,  # noqa: ARG002
        primary_authn_via: str,  # noqa: ARG002
        next_loc: str | None,
    ) -> AnyResponse | None:
        """The way to the code, or None: the password is enough."""
        assert isinstance(user, User)
        if not user.has_second_factor:
            return None
        halfway.begin(user.id, user.fs_uniquifier, inside(next_loc or ""))
        return redirect(url_for("signin.code"), 303)


def too_many(response: Response) -> Response:
    """The answer to an attempt that was refused unread: come back later."""
    response.status_code = 429
    response.headers["Retry-After"] = str(int(brakes.WINDOW.total_seconds()))
    return response


def set_up_signing_in(app: Flask, store: Store) -> None:
    """Adds `/sign-in` and `/sign-out`, the protection of forms, and sessions as rows."""
    app.config.update(
        SESSION_COOKIE_NAME="__Host-crm",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        WTF_CSRF_TIME_LIMIT=None,
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_POST_LOGIN_VIEW="/",
        SECURITY_POST_LOGOUT_VIEW="/sign-in",
        SECURITY_LOGIN_USER_TEMPLATE="signin/sign_in.html",
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_API_ENABLED_METHODS=["session"],
        SECURITY_EMAIL_VALIDATOR_ARGS={
            "check_deliverability": False,
            "globally_deliverable": False,
        },
        SECURITY_FRESHNESS=timedelta(minutes=-1),
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_REDIRECT_ALLOW_SUBDOMAINS=False,
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_STATIC_FOLDER=None,
    )
    CSRFProtect(app)
    security = Security(app, RowDatastore(store), login_form=SignInForm)
    app.login_manager.user_loader(lambda _: _person_of_cookie(store))  # type: ignore[attr-defined]
    security.two_factor_plugins = ThenTheCode()
    # The library also takes tokens from headers and query strings: here a session is a row.
    app.login_manager.request_loader(lambda _: None)  # type: ignore[attr-defined]
    app.login_manager.session_protection = None  # type: ignore[attr-defined]
    user_logged_in.connect(lambda _, user: _begin(store, user), app, weak=False)
    user_logged_out.connect(lambda _, user: _end(store), app, weak=False)  # noqa: ARG005
    user_authenticated.connect(_tell_of_success, app, weak=False)
    app.extensions["crm_security"] = security
    app.extensions["crm_attempts"] = Attempts()
    app.extensions["crm_store"] = store


def on_sign_in(app: Flask) -> list[Listener]:
    """Those who are told of every attempt to sign in; whoever wants to be appends a function."""
    attempts: Attempts = app.extensions["crm_attempts"]
    return attempts.listeners


def tell_of_attempt(person_id: int | None, address: str, result: Result, how: How) -> None:
    """Tells them of an attempt in this request."""
    attempts: Attempts = current_app.extensions["crm_attempts"]
    attempts.tell(person_id, address, result, how)


def without_forgery_check(app: Flask, pages: Blueprint) -> Blueprint:
    """These pages take a POST without a form of ours: for links that allow what they do."""
    app.extensions["csrf"].exempt(pages)
    return pages


def current_store() -> Store:
    """The store of the application that answers this request."""
    store: Store = current_app.extensions["crm_store"]
    return store


def keep_signed_in(token: str) -> None:
    """Gives this browser the token of another session of the same person."""
    session[TOKEN] = token


def signed_in() -> SignedIn | None:
    """Who is signed in on this request, or None."""
    found = getattr(current_user, "signed_in", None)
    return found if isinstance(found, SignedIn) else None


def this_person() -> SignedIn:
    """Who is signed in on this request, behind a guard that let nobody else in."""
    found = signed_in()
    assert found is not None
    return found


def _person_of_cookie(store: Store) -> SignedInUser | None:
    token = session.get(TOKEN)
    found = session_of(store, token) if isinstance(token, str) else None
    return SignedInUser(found) if found else None


def _begin(store: Store, user: User) -> None:
    _end(store)
    halfway.forget_typed()
    session[TOKEN] = begin_session(
        store,
        user.id,
        address=request.remote_addr or "",
        browser=request.user_agent.string,
    )


def _tell_of_success(_app: Flask, user: User, authn_via: Sequence[str], **_more: object) -> None:
    tell_of_attempt(user.id, user.email, Result.SIGNED_IN, How(authn_via[-1]))


def _end(store: Store) -> None:
    token = session.pop(TOKEN, None)
    if isinstance(token, str):
        end_session(store, token)
