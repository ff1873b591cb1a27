"""Changing the address that one signs in with: it takes effect when the new one is confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from flask import Blueprint, request

from crm_core.forms import Input, ask
from web.languages import language
from web.signin import brakes, letters, links
from web.signin.pages.asking import Braked, Sheet, answered
from web.signin.people import address_taken
from web.signin.security import this_person
from web.words import _

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from web.signin.factors import Factors


@frozen
class Change:
    """The address to sign in with from now on."""

    address: str = ask(
        _("New e-mail address"), input=Input.EMAIL, autocomplete="email", longest=254
    )


def add_to(pages: Blueprint, factors: Factors) -> None:
    """The page `/me/address`."""

    @pages.route("/address", methods=["GET", "POST"])
    def address() -> AnyResponse:
        sheet = Sheet.of("change_address", _("Change your sign-in address"), person=this_person())
        return answered(sheet, Change, lambda value: _ask_to_confirm(factors, value.address))


def _ask_to_confirm(factors: Factors, address: str) -> AnyResponse:
    """The same answer, after the same work, whether or not somebody else has this address."""
    person, store = this_person(), factors.store
    whom = f"person {person.person_id}"
    with store.deployment_transaction(write=True):
        begun = brakes.begin(store, brakes.ADDRESS, whom, request.remote_addr or "")
        taken = address_taken(store, person.person_id, address)
        if not begun.refused:
            token = links.make_link(store, links.ADDRESS, person.person_id, address)
            if taken:
                token = links.new_token()
    if begun.refused:
        raise Braked
    letters.send_confirmation(address, token, language(), free=not taken)
    letters.tell_of_wish(person.address, address, language())
    return Sheet.of("confirm_sent", _("Look at your mail"), address=address).shown()
