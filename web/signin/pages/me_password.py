"""Changing one's password: every other session ends, this one goes on under a new token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from flask import Blueprint, redirect, request, url_for

from crm_core.forms import Input, ask
from web.languages import language
from web.signin import letters
from web.signin.pages.asking import Sheet, answered, new_password, say
from web.signin.pages.me_confirm import demand_proof
from web.signin.passwords import hash_of
from web.signin.people import replace_password
from web.signin.security import keep_signed_in, this_person
from web.signin.sessions import add_session
from web.words import _

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from web.signin.factors import Factors


@frozen
class Change:
    """The password as it is, and as it is to be."""

    current: str = ask(
        _("Current password"),
        input=Input.PASSWORD,
        longest=1_000,
        autocomplete="current-password",
    )
    password: str = new_password(_("New password"))


def add_to(pages: Blueprint, factors: Factors) -> None:
    """The page `/me/password`."""

    @pages.route("/password", methods=["GET", "POST"])
    def password() -> AnyResponse:
        sheet = Sheet.of("password", _("Change your password"), person=this_person())
        return answered(sheet, Change, lambda value: _change(factors, value))


def _change(factors: Factors, value: Change) -> AnyResponse:
    person, store = this_person(), factors.store
    demand_proof(factors, value.current, None, at="current")
    hashed = hash_of(value.password, person.address)
    with store.deployment_transaction(write=True):
        replace_password(store, person.person_id, hashed)
        token = add_session(
            store,
            person.person_id,
            address=request.remote_addr or "",
            browser=request.user_agent.string,
        )
    keep_signed_in(token)
    letters.tell_of_new_password(person.address, language())
    say(_("Your password is new. Everywhere else you were signed out."))
    return redirect(url_for("me.security"), 303)
