"""A person's own passkeys: which there are, one more, one less."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from flask import Blueprint, current_app, jsonify, redirect, request, url_for

from crm_core.forms import ask
from crm_core.refusals import NotFound, Refused
from web.catalogues import translated
from web.destinations import inside
from web.languages import language
from web.signin import letters
from web.signin.pages.asking import OnlyAButton, Sheet, answered, say
from web.signin.pages.by_passkey import FIELD, site, this_site
from web.signin.pages.me_factor import codes_shown
from web.signin.pages.moments import browser_name, moments_for
from web.signin.security import this_person
from web.signin.webauthn import Unsound
from web.words import _

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from web.signin.factors import Factors
    from web.signin.passkeys import Passkey, Passkeys


@frozen
class NewPasskey:
    """What the person calls it."""

    name: str = ask(
        _("Name"), longest=60, help=_("The device that it is on, so that you know it again.")
    )


def add_to(pages: Blueprint, passkeys: Passkeys, factors: Factors) -> None:
    """The pages under `/me/passkeys`; those that change something want a fresh proof."""

    @pages.get("/passkeys", endpoint="passkeys")
    def shown() -> AnyResponse:
        person = this_person()
        return Sheet.of(
            "passkeys",
            _("Your passkeys"),
            passkeys=passkeys.of_person(person.person_id),
            codes_left=factors.codes_left(person.person_id),
            possible=site() is not None,
            address=current_app.config["CRM_BASE_URL"],
            **moments_for(passkeys.store, person.person_id),
        ).shown()

    @pages.post("/passkeys/options")
    def add_passkey_options() -> AnyResponse:
        person = this_person()
        return jsonify(passkeys.ask_for_new(this_site(), person.person_id, person.address))

    @pages.route("/passkeys/add", methods=["GET", "POST"])
    def add_passkey() -> AnyResponse:
        if site() is None:
            return redirect(url_for("me.passkeys"), 303)
        sheet = Sheet.of(
            "add_passkey", _("Add a passkey"), passkey_at=url_for("me.add_passkey_options")
        )
        name = browser_name(request.user_agent.string)
        suggested = name if isinstance(name, str) else translated(name, language())
        return answered(
            sheet,
            NewPasskey,
            lambda value: _add(passkeys, factors, value.name),
            name=suggested,
        )

    @pages.route("/passkeys/<passkey>/remove", methods=["GET", "POST"])
    def remove_passkey(passkey: str) -> AnyResponse:
        person = this_person()
        mine = passkeys.of_person(person.person_id)
        found = next((one for one in mine if one.public_id == passkey), None)
        if found is None:
            raise NotFound
        sheet = Sheet.of(
            "remove_passkey",
            _("Remove a passkey"),
            passkey=found,
            last=len(mine) == 1 and not person.has_app,
        )
        return answered(sheet, OnlyAButton, lambda _value: _remove(passkeys, factors, found))


def _add(passkeys: Passkeys, factors: Factors, name: str) -> AnyResponse:
    person = this_person()
    try:
        key = passkeys.made(this_site(), person.person_id, request.form.get(FIELD, ""))
        with passkeys.store.deployment_transaction(write=True):
            passkeys.add(person.person_id, name, key)
            codes = factors.first_codes(person.person_id)
    except Unsound as unsound:
        sentence = _("The browser made no passkey that can be used here. Try again.")
        raise Refused(sentence) from unsound
    letters.tell_of_passkey(person.address, name, language(), added=True)
    target = inside(request.args.get("next", "") or url_for("me.passkeys"))
    if codes:
        return codes_shown(codes, target)
    say(_("The passkey {name} signs you in from now on.", name=name))
    return redirect(target, 303)


def _remove(passkeys: Passkeys, factors: Factors, passkey: Passkey) -> AnyResponse:
    person = this_person()
    with passkeys.store.deployment_transaction(write=True):
        if not passkeys.remove(person.person_id, passkey.public_id):
            raise NotFound
        factors.drop_last_codes(person.person_id)
    letters.tell_of_passkey(person.address, passkey.name, language(), added=False)
    say(_("The passkey {name} no longer signs you in.", name=passkey.name))
    return redirect(url_for("me.passkeys"), 303)
