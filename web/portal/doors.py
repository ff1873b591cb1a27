"""The ways into the portal: choosing an account, and the link of an invitation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from attrs import frozen
from flask import Blueprint, Response, current_app, redirect, request, url_for
from flask_security.utils import login_user

from crm_core.action_links import find_action_link
from crm_core.addresses import address_key
from crm_core.contexts import context_for_owner
from crm_core.firms import Firm, firm_named
from crm_core.portal_invitations import (
    PortalInvitation,
    accept_client_invitation,
    find_client_invitation,
)
from crm_core.refusals import NotFound
from crm_core.store.database import FirmScope
from web import once
from web.catalogues import translated
from web.languages import language, speak
from web.notices import leave_notice
from web.places import Places, has_a_place, portal_of
from web.portal.by_link import dead_link, pressed_before
from web.signin.guards import out_of_the_portal, to_sign_in
from web.signin.pages.asking import OnlyAButton, Sheet, answered, new_password
from web.signin.people import RowDatastore, add_person, person_with_address
from web.signin.security import signed_in
from web.templating import render_plain
from web.words import _

if TYPE_CHECKING:
    from typing import Any

    from werkzeug.wrappers import Response as AnyResponse

    from web.bootstrap import Deployment


@frozen
class Accepting:
    """What somebody who cannot sign in yet has to choose."""

    password: str = new_password(_("Choose a password"))


@runtime_checkable
class OpenedByLink(Protocol):
    """A page of the application that may open to whoever holds a link."""

    largest_files: int

    def opened_by_link(self, firm: Firm, token: str) -> AnyResponse:
        """The page, or `NotFound`."""


class DeadLink(Exception):  # noqa: N818 - it is an answer, not a fault
    """The invitation was used or withdrawn, is too old, or never was: nobody learns which."""


def to_choose(places: Places) -> AnyResponse:
    """The page on which somebody chooses where to go; straight there where it is one place."""
    accounts = [(portal.firm, account) for portal in places.portals for account in portal.accounts]
    if len(places.firms) == 1 and not accounts:
        return redirect(url_for("shell.home", firm=places.firms[0].slug))
    if len(accounts) == 1 and not places.firms:
        ((firm, account),) = accounts
        return redirect(url_for("shell.portal", firm=firm.slug, account=account.public_id))
    title = _("Where do you want to go?")
    if not accounts:
        title = _("Your firms") if places.firms else _("No firm yet")
    html = render_plain("pages/firms.html", title=translated(title, language()), places=places)
    return Response(html)


def portal_doors(deployment: Deployment) -> Blueprint:
    """The pages of the portal that belong to no account."""
    pages = Blueprint("portal", __name__)
    pages.register_error_handler(DeadLink, lambda _error: _dead_link())

    @pages.get("/p/<firm>/")
    def choose(firm: str) -> AnyResponse:
        person = signed_in()
        if person is None:
            return to_sign_in()
        portal = portal_of(deployment, firm_named(deployment.store, firm), person.person_id)
        if portal is None and not has_a_place(deployment, person.person_id, firm):
            return out_of_the_portal()
        if portal is None:
            raise NotFound
        return to_choose(Places(firms=(), portals=[portal]))

    @pages.route("/do/<firm>/<token>", methods=["GET", "POST"])
    def act(firm: str, token: str) -> AnyResponse:
        try:
            found = firm_named(deployment.store, firm)
        except NotFound:
            return dead_link()
        try:
            return _page_behind(deployment, found, token).opened_by_link(found, token)
        except NotFound:
            return _pressed_before(deployment, found, token) or dead_link()

    act.largest_files = lambda firm, token: _largest_behind(deployment, firm, token)  # type: ignore[attr-defined]

    @pages.route("/welcome/<firm>/<token>", methods=["GET", "POST"])
    def welcome(firm: str, token: str) -> AnyResponse:
        found, invitation = _opened(deployment, firm, token)
        how = _how(deployment, invitation)
        person = signed_in()
        values: dict[str, Any] = {
            "firm": found,
            "invitation": invitation,
            "how": how,
            "signed_in_as": person.address if person else "",
        }
        title = _("Welcome to the portal of {firm}", firm=found.name)
        if how == "sign in":
            return Sheet.of("welcome_back", title, **values).shown()
        sheet = Sheet.of("welcome", title, **values)
        of: type[Any] = Accepting if how == "new" else OnlyAButton
        return answered(sheet, of, lambda value: _accepted(deployment, found, invitation, value))

    return pages


def _page_behind(deployment: Deployment, firm: Firm, token: str) -> OpenedByLink:
    """The page that the link opens; `NotFound` for one that does not work."""
    store = deployment.store
    with store.firm_transaction(firm.id, write=False):
        link = find_action_link(FirmScope(store, firm), token, datetime.now(UTC))
    page = current_app.view_functions.get(link.route)
    if not isinstance(page, OpenedByLink):
        raise NotFound
    return page


def _largest_behind(deployment: Deployment, slug: str, token: str) -> int:
    """The bytes of the files that the form behind a link asks for; 0 where it does not work."""
    try:
        return _page_behind(deployment, firm_named(deployment.store, slug), token).largest_files
    except NotFound:
        return 0


def _pressed_before(deployment: Deployment, firm: Firm, token: str) -> AnyResponse | None:
    """What the same form was answered before it used the link up: a button pressed twice."""
    key = request.form.get(once.FIELD, "")
    return pressed_before(deployment, firm, token, key) if once.is_key(key) else None


def _opened(deployment: Deployment, slug: str, token: str) -> tuple[Firm, PortalInvitation]:
    """The firm and the open invitation behind a link; opening it uses nothing up."""
    store = deployment.store
    try:
        firm = firm_named(store, slug)
    except NotFound as error:
        raise DeadLink from error
    with store.firm_transaction(firm.id, write=False):
        invitation = find_client_invitation(store, firm, token, datetime.now(UTC))
    if invitation is None:
        raise DeadLink
    if signed_in() is None:
        speak(firm.language)
    return firm, invitation


def _how(deployment: Deployment, invitation: PortalInvitation) -> str:
    """How whoever opened the link comes in: as somebody new, signs in first, or is signed in.

    Who is signed in with another address may take the invitation with that sign-in: the link shows
    that they read mail to the address that was invited.
    """
    person = signed_in()
    if person is None:
        known = person_with_address(deployment.store, invitation.address) is not None
        return "sign in" if known else "new"
    same = address_key(person.address) == invitation.address_key
    return "as invited" if same else "as somebody else"


def _accepted(
    deployment: Deployment, firm: Firm, invitation: PortalInvitation, value: Accepting | OnlyAButton
) -> AnyResponse:
    person, store = signed_in(), deployment.store
    if isinstance(value, Accepting):
        person_id = add_person(store, invitation.address, value.password)
    else:
        assert person is not None
        person_id = person.person_id
    with store.firm_transaction(firm.id, write=True):
        ctx = context_for_owner(store, deployment.catalog, firm)
        accept_client_invitation(ctx, invitation, person_id)
    if person is None:
        user = RowDatastore(store).find_user(id=person_id)
        assert user is not None
        login_user(user, authn_via=["password"])
    signs_in_with = person.address if person else invitation.address
    welcome = _("Welcome. You sign in here with {address}.", address=signs_in_with)
    leave_notice(translated(welcome, language()))
    return redirect(
        url_for("shell.portal", firm=firm.slug, account=invitation.account.public_id), 303
    )


def _dead_link() -> AnyResponse:
    return Sheet.of("dead_invitation", _("This link does not work any more")).shown(status=404)
