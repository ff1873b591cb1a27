"""Proving again who one is, before what must not be done from a desk that somebody left open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from flask import Blueprint, redirect, request, url_for

from crm_core.forms import Form, Input, ask
from crm_core.refusals import Refused
from web.destinations import inside
from web.signin import brakes, challenges
from web.signin.carrying import carried
from web.signin.pages.asking import Braked, Sheet, answered, recovery_code, second_factor_code
from web.signin.pages.by_passkey import FIELD, options_for, site, this_site, with_passkey
from web.signin.people import password_is
from web.signin.security import this_person
from web.signin.sessions import step_up
from web.words import _

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from crm_core.store.database import Store
    from web.signin.brakes import Attempt
    from web.signin.carrying import Carried
    from web.signin.factors import Factors
    from web.signin.passkeys import Passkeys


@frozen
class Proof:
    """The proof of somebody who has no second factor."""

    password: str = ask(
        _("Password"), input=Input.PASSWORD, longest=1_000, autocomplete="current-password"
    )


@frozen
class ProofWithCode(Proof):
    """The proof of somebody who has one."""

    code: str = second_factor_code()


@frozen
class ProofWithRecoveryCode(Proof):
    """The proof of somebody whose second factor are passkeys, without one."""

    code: str = recovery_code()


def add_to(pages: Blueprint, factors: Factors, passkeys: Passkeys) -> None:
    """The page `/me/confirm?next=...`, which leads on to where the person wanted to go."""

    @pages.route("/confirm", methods=["GET", "POST"])
    def confirm() -> AnyResponse:
        sheet = _sheet(_next(), carried(), again=bool(request.args.get("again")))
        if request.form.get(FIELD):
            return with_passkey(sheet, _proof(), lambda: _confirm_with_passkey(passkeys))
        return answered(sheet, _proof(), lambda value: _confirm(factors, value))

    @pages.post("/confirm/options")
    def confirm_options() -> AnyResponse:
        return options_for(passkeys, challenges.CONFIRM, this_person().person_id)


def asking_page(back: str, waiting: Carried) -> AnyResponse:
    """That page as the answer to what was sent too late, which waits in it."""
    return _sheet(back, waiting).shown(Form(of=_proof()), 401)


def _sheet(back: str, waiting: Carried | None, *, again: bool = False) -> Sheet:
    passkey_at = url_for("me.confirm_options") if this_person().has_passkey and site() else ""
    return Sheet.of(
        "confirm",
        _("Is it you?"),
        back=back,
        waiting=waiting,
        again=again,
        passkey_at=passkey_at,
    )


def _proof() -> type[Proof]:
    person = this_person()
    if person.has_app:
        return ProofWithCode
    return ProofWithRecoveryCode if person.has_passkey else Proof


def _next() -> str:
    return inside(request.args.get("next", ""))


def _confirm(factors: Factors, value: Proof) -> AnyResponse:
    demand_proof(factors, value.password, getattr(value, "code", None))
    return _proved(factors.store)


def _confirm_with_passkey(passkeys: Passkeys) -> AnyResponse:
    begun = _begun(passkeys.store)
    passkeys.proved(this_site(), challenges.CONFIRM, request.form[FIELD], this_person().person_id)
    brakes.succeeded(passkeys.store, begun)
    return _proved(passkeys.store)


def _proved(store: Store) -> AnyResponse:
    step_up(store, this_person().session_id)
    waiting = carried()
    return waiting.sent_on() if waiting else redirect(_next(), 303)


def demand_proof(factors: Factors, password: str, code: str | None, at: str = "password") -> None:
    """Refuses whoever does not know the password of the person of this request, or the code.

    `at` is the form's field for the password. A `code` of None is not asked for.
    """
    person, store = this_person(), factors.store
    begun = _begun(store)
    if not password_is(store, person.person_id, password):
        raise Refused(_("This is not your password."), at=at)
    if code is not None and not factors.accepts(person.person_id, code):
        raise Refused(
            _("This code does not fit. Each code works once: wait for the next one."), at="code"
        )
    brakes.succeeded(store, begun)


def _begun(store: Store) -> Attempt:
    """The beginning of another attempt of this person; refuses where there were too many."""
    whom = f"person {this_person().person_id}"
    begun = brakes.attempt(store, brakes.STEP_UP, whom, request.remote_addr or "")
    if begun.refused:
        raise Braked
    return begun
