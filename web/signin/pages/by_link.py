"""Signing in with a link in a mail instead of the password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from flask import Blueprint, request

from crm_core.addresses import address_key
from crm_core.forms import Input, ask
from web.destinations import inside
from web.languages import language_of_mails
from web.signin import brakes, halfway, letters, links
from web.signin.pages.asking import Braked, OnlyAButton, Sheet, answered
from web.signin.pages.entering import StaleLink, go_on, opened, remote_address
from web.signin.people import NOBODY, RowDatastore, person_within
from web.signin.security import tell_of_attempt
from web.signin.telling import How, Result
from web.words import _

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from crm_core.store.database import Store
    from web.signin.links import Link


@frozen
class Wanted:
    """Who wants a link."""

    address: str = ask(_("E-mail address"), input=Input.EMAIL, autocomplete="username", longest=254)


def add_to(pages: Blueprint, store: Store) -> None:
    """The page that asks for the address, and the one that the link opens."""

    @pages.route("/link", methods=["GET", "POST"])
    def link_wanted() -> AnyResponse:
        target = _target()
        sheet = Sheet.of("link_wanted", _("Sign in by mail"), target=target)
        return answered(
            sheet,
            Wanted,
            lambda value: _send(store, value.address, target),
            address=halfway.typed_address(),
        )

    @pages.route("/link/<token>", methods=["GET", "POST"])
    def link(token: str) -> AnyResponse:
        try:
            found = opened(store, links.SIGN_IN, token)
        except (Braked, StaleLink) as refused:
            if request.method == "POST":
                wrong = Result.BRAKED if isinstance(refused, Braked) else Result.WRONG_CODE
                tell_of_attempt(None, "", wrong, How.LINK)
            raise
        sheet = Sheet.of("link", _("Sign in"), address=found.sign_in_address)
        return answered(sheet, OnlyAButton, lambda _value: _sign_in(store, found, _target()))


def _send(store: Store, address: str, target: str) -> AnyResponse:
    """The same answer, after the same work, whether somebody has this address or not."""
    whom = address_key(address)
    with store.deployment_transaction(write=True):
        begun = brakes.begin(store, brakes.SIGN_IN_LINK, whom, remote_address())
        person = None if begun.refused else person_within(store, address)
        token = links.new_token()
        if person is not None:
            token = links.make_link(store, links.SIGN_IN, person.id)
    if begun.refused:
        raise Braked
    to = person.email if person else address
    language = language_of_mails(store, person.id if person else NOBODY)
    letters.send_sign_in_link(to, token, language, target=target, known=person is not None)
    return Sheet.of(
        "sent",
        _("Look at your mail"),
        sentence=_(
            "If somebody signs in with {address}, a mail with a link is on its way. The link works "
            "once, for 15 minutes.",
            address=address,
        ),
    ).shown()


def _sign_in(store: Store, link: Link, target: str) -> AnyResponse:
    with store.deployment_transaction(write=True):
        used = links.use(store, link)
    user = RowDatastore(store).find_user(id=link.person_id) if used else None
    if user is None or not user.active:
        raise StaleLink
    return go_on(user, target, How.LINK)


def _target() -> str:
    return inside(request.args.get("next", ""))
