"""The second factor: setting an app up, recovery codes, and switching it off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from flask import Blueprint, redirect, request, session, url_for

from crm_core.forms import ask
from crm_core.refusals import Refused
from web.destinations import inside
from web.languages import language
from web.signin import brakes, letters
from web.signin.pages.asking import Braked, OnlyAButton, Sheet, answered, say
from web.signin.pages.by_passkey import site
from web.signin.security import this_person
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Response as AnyResponse

    from web.signin.factors import Factors
    from web.signin.totp import Authenticator

_PENDING = "pending_factor"
"""Where the browser keeps, sealed, the secret that is being set up."""


@frozen
class FirstCode:
    """What the app shows once it knows the secret."""

    code: str = ask(
        _("Code"),
        longest=40,
        autocomplete="one-time-code",
        help=_("Six digits, which the app shows now."),
    )


def add_to(pages: Blueprint, factors: Factors) -> None:
    """The pages under `/me/second-factor`; all of them want a fresh proof of who one is."""

    @pages.route("/second-factor", methods=["GET", "POST"])
    def second_factor() -> AnyResponse:
        person = this_person()
        if person.has_app:
            left = factors.codes_left(person.person_id)
            return Sheet.of("factor", _("Your authenticator app"), codes_left=left).shown()
        pending = _pending(factors, person.person_id)
        possible = site() and not person.has_passkey
        here = request.args.get("next")
        sheet = Sheet.of(
            "set_up",
            _("Set up a second factor"),
            secret=pending.spelled,
            picture=pending.picture(person.address),
            passkey_page=url_for("me.add_passkey", next=here) if possible else "",
        )
        return answered(sheet, FirstCode, lambda value: _set_up(factors, pending, value.code))

    @pages.route("/second-factor/codes", methods=["GET", "POST"])
    def recovery_codes() -> AnyResponse:
        if not this_person().has_second_factor:
            return redirect(url_for("me.second_factor"), 303)
        sheet = Sheet.of("renew_codes", _("New recovery codes"))
        return answered(sheet, OnlyAButton, lambda _value: _renew(factors))

    @pages.route("/second-factor/off", methods=["GET", "POST"])
    def switch_off() -> AnyResponse:
        person = this_person()
        if not person.has_app:
            return redirect(url_for("me.second_factor"), 303)
        sheet = Sheet.of(
            "switch_off", _("Switch your authenticator app off"), has_passkey=person.has_passkey
        )
        return answered(sheet, OnlyAButton, lambda _value: _switch_off(factors))


def _pending(factors: Factors, person_id: int) -> Authenticator:
    """What this browser is setting up; something fresh where it is not, or for too long."""
    found = factors.pending(person_id, str(session.get(_PENDING, "")))
    if found is None:
        session[_PENDING] = factors.begin(person_id)
        found = factors.pending(person_id, session[_PENDING])
        assert found is not None
    return found


def _set_up(factors: Factors, pending: Authenticator, code: str) -> AnyResponse:
    person = this_person()
    whom = f"person {person.person_id}"
    begun = brakes.attempt(factors.store, brakes.CODE, whom, request.remote_addr or "")
    if begun.refused:
        raise Braked
    codes = factors.confirm(person.person_id, pending, "".join(code.split()))
    if codes is None:
        raise Refused(
            _("This is not what the app should show now. Check the clock of your phone."),
            at="code",
        )
    brakes.succeeded(factors.store, begun)
    session.pop(_PENDING, None)
    letters.tell_of_factor(person.address, language(), on=True)
    target = inside(request.args.get("next", "") or url_for("me.security"))
    if codes:
        return codes_shown(codes, target)
    say(_("Signing in asks for a code from your app, or for a passkey."))
    return redirect(target, 303)


def _renew(factors: Factors) -> AnyResponse:
    return codes_shown(factors.renew_codes(this_person().person_id), url_for("me.security"))


def _switch_off(factors: Factors) -> AnyResponse:
    person = this_person()
    factors.switch_off(person.person_id)
    letters.tell_of_factor(person.address, language(), on=False)
    if person.has_passkey:
        say(_("Your authenticator app is off. Your passkeys stay."))
    else:
        say(_("Your second factor is off. Your password alone signs you in."))
    return redirect(url_for("me.security"), 303)


def codes_shown(codes: Sequence[str], target: str) -> AnyResponse:
    """The one page that ever shows them."""
    return Sheet.of("codes", _("Your recovery codes"), codes=codes, target=target).shown()
