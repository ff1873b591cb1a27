"""Joining a team: the link of an invitation, for somebody who can sign in already or cannot yet."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from attrs import frozen
from flask import Blueprint, Response, redirect, request, url_for
from flask_security.utils import login_user

from crm_core.addresses import address_key
from crm_core.contexts import context_for_owner
from crm_core.firms import Firm, firm_named
from crm_core.forms import Form, ask
from crm_core.invitations import Invitation, accept_invitation, find_invitation
from crm_core.refusals import NotFound, Refused, Unavailable
from web.catalogues import translated
from web.forms import read_form, refused_form
from web.languages import language
from web.mail import Mail, link_to, send_of_firm
from web.notices import leave_notice
from web.signin.pages.asking import new_password
from web.signin.people import (
    RowDatastore,
    add_person,
    language_of_address,
    person_with_address,
)
from web.signin.security import signed_in
from web.templating import render_plain
from web.words import _

if TYPE_CHECKING:
    from typing import Any

    from werkzeug.wrappers import Response as AnyResponse

    from crm_core.context import Context
    from web.bootstrap import Deployment


@frozen
class Joining:
    """What somebody who cannot sign in yet has to choose."""

    name: str = ask(_("Your name"), longest=100, autocomplete="name")
    password: str = new_password(_("Password"))


@frozen
class JoiningAgain:
    """What somebody who can sign in already has to say."""

    name: str = ask(_("Your name"), longest=100, autocomplete="name")


def send_invitation(ctx: Context, invitation: Invitation, token: str) -> str:
    """Puts a mail with the invitation's link in line, and answers the link."""
    link = link_to(url_for("joining.join", firm=ctx.firm.slug, token=token))
    send_of_firm(
        ctx,
        Mail(
            to=invitation.address,
            language=language_of_address(ctx.store, invitation.address) or ctx.firm.language,
            subject=_("{firm} invites you", firm=ctx.firm.name),
            text=_(
                "{who} invites you to the team of {firm}.\n\nOpen this link to join; it works "
                "once, for 30 days:\n\n{link}\n\nIf you did not expect this, do nothing.\n",
                who=ctx.viewer.name,
                firm=ctx.firm.name,
                link=link,
            ),
            link=link,
        ),
        key=f"invitation.{invitation.public_id}",
        secret=True,
    )
    return link


def joining(deployment: Deployment) -> Blueprint:
    """The page behind an invitation's link."""
    pages = Blueprint("joining", __name__)

    @pages.get("/join/<firm>/<token>")
    def join(firm: str, token: str) -> AnyResponse:
        found, invitation = _opened(deployment, firm, token)
        return _page(deployment, found, invitation, None)

    @pages.post("/join/<firm>/<token>")
    def accept(firm: str, token: str) -> AnyResponse:
        found, invitation = _opened(deployment, firm, token)
        if _how(deployment, invitation) in ("elsewhere", "sign in"):
            return _page(deployment, found, invitation, None)
        of = Joining if _how(deployment, invitation) == "new" else JoiningAgain
        filled = read_form(of, request.form)
        if filled.value is None:
            return _page(deployment, found, invitation, filled.form, 422)
        try:
            _accept(deployment, found, invitation, filled.value)
        except (NotFound, Unavailable):
            raise
        except Refused as refused:
            form, status = refused_form(filled.form, refused)
            return _page(deployment, found, invitation, form, status)
        leave_notice(translated(_("You are in the team of {firm}.", firm=found.name), language()))
        return redirect(url_for("shell.home", firm=found.slug), 303)

    return pages


def _opened(deployment: Deployment, slug: str, token: str) -> tuple[Firm, Invitation]:
    firm = firm_named(deployment.store, slug)
    with deployment.store.firm_transaction(firm.id, write=False):
        invitation = find_invitation(deployment.store, firm, token, datetime.now(UTC))
    if invitation is None:
        raise NotFound(_("This invitation was used or withdrawn, or is too old. Ask for another."))
    return firm, invitation


def _how(deployment: Deployment, invitation: Invitation) -> str:
    """How whoever opened the link can join: new, again, sign in, or not as whom they are now."""
    person = signed_in()
    if person is not None:
        same = address_key(person.address) == address_key(invitation.address)
        return "again" if same else "elsewhere"
    known = person_with_address(deployment.store, invitation.address) is not None
    return "sign in" if known else "new"


def _page(
    deployment: Deployment,
    firm: Firm,
    invitation: Invitation,
    form: Form[Any] | None,
    status: int = 200,
) -> Response:
    how = _how(deployment, invitation)
    blank: Form[Any] = Form(of=Joining if how == "new" else JoiningAgain)
    html = render_plain(
        "pages/join.html",
        title=translated(_("Join {firm}", firm=firm.name), language()),
        firm=firm,
        invitation=invitation,
        how=how,
        form=form or blank.starting_from(name=invitation.name),
    )
    return Response(html, status)


def _accept(
    deployment: Deployment, firm: Firm, invitation: Invitation, value: Joining | JoiningAgain
) -> None:
    person, store = signed_in(), deployment.store
    if person is not None:
        person_id = person.person_id
    else:
        assert isinstance(value, Joining)
        person_id = add_person(store, invitation.address, value.password)
    with store.firm_transaction(firm.id, write=True):
        ctx = context_for_owner(store, deployment.catalog, firm)
        accept_invitation(ctx, invitation, person_id, value.name)
    if person is None:
        user = RowDatastore(store).find_user(id=person_id)
        assert user is not None
        login_user(user, authn_via=["password"])
