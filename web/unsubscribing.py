"""The page behind the link that stops a kind of mails, for people and for mail programs (RFC 8058).

The link itself is what allows it: nobody signs in, and a mail program posts without a form of ours.
Opening it changes nothing, since scanners open links first.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from attrs import evolve, frozen
from flask import Blueprint, Response, request
from peewee import DoesNotExist

from crm_core.clients import account_behind
from crm_core.context import Origin, To
from crm_core.contexts import context_for_owner
from crm_core.firms import firm_with_id
from crm_core.notification_types import MailWish
from crm_core.notify_wishes import AddressAsked, mail_wishes, save_mail_wishes, switch_by_link
from crm_core.permissions import Role
from crm_core.refusals import NotFound
from crm_core.team import viewer_with_id
from web.catalogues import translated
from web.languages import language
from web.links import url_of
from web.notice_links import ClientLink, opened
from web.portal.mails import to_own_mails
from web.templating import render_plain
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm_core.context import Context
    from crm_core.words import Words
    from web.bootstrap import Deployment
    from web.notice_links import StaffLink

AGAIN = "again"


@frozen(kw_only=True)
class Mails:
    """The mails that a link is about, whether they come, and the page where all are chosen.

    That page is "" for whoever has none: an address that does not sign in to the portal.
    """

    firm: str
    titles: Sequence[Words]
    come: bool
    settings: str = ""


def unsubscribing(deployment: Deployment) -> Blueprint:
    """The page, which asks before it does anything, and what its button does."""
    pages = Blueprint("unsubscribing", __name__)

    @pages.get("/unsubscribe/<token>")
    def ask(token: str) -> Response:
        return _page(deployment, token, None)

    @pages.post("/unsubscribe/<token>")
    def act(token: str) -> Response:
        return _page(deployment, token, AGAIN in request.form)

    return pages


def _page(deployment: Deployment, token: str, wanted: bool | None) -> Response:
    try:
        mails = _mails(deployment, token, wanted)
    except NotFound:
        title = translated(_("This link does not work any more"), language())
        return Response(render_plain("pages/stale_link.html", title=title), 404)
    title = translated(
        _("Stop these mails?") if mails.come else _("These mails are stopped"), language()
    )
    html = render_plain("pages/unsubscribe.html", title=title, mails=mails, changed=wanted)
    return Response(html)


def _mails(deployment: Deployment, token: str, wanted: bool | None) -> Mails:
    link = opened(token)
    if link is None:
        raise NotFound
    with _acting(deployment, link.firm_id, write=wanted is not None) as ctx:
        if isinstance(link, ClientLink):
            return _of_client(ctx, link, wanted)
        return _of_colleague(ctx, link, wanted)


def _of_client(ctx: Context, link: ClientLink, wanted: bool | None) -> Mails:
    asked = AddressAsked(account_id=link.account_id, email_id=link.email_id, type=link.type)
    come = switch_by_link(ctx, asked, on=wanted)
    kind = ctx.modules.notification_types[link.type]
    account = account_behind(ctx, link.account_id, link.email_id)
    return Mails(
        firm=ctx.firm.name,
        titles=[kind.title],
        come=come,
        settings=url_of(ctx.firm, to_own_mails(account)) if account else "",
    )


def _of_colleague(ctx: Context, link: StaffLink, wanted: bool | None) -> Mails:
    viewer = viewer_with_id(ctx, link.member_id)
    if viewer is None:
        raise NotFound
    own = evolve(ctx, viewer=viewer)
    if wanted is not None:
        mail = link.mail if wanted else MailWish.NEVER
        save_mail_wishes(own, dict.fromkeys(link.types, mail))
    now = mail_wishes(own, [viewer.member_id])[viewer.member_id]
    types = [name for name in link.types if name in now]
    if not types:
        raise NotFound
    titles = [ctx.modules.notification_types[name].title for name in types]
    come = any(now[name] is not MailWish.NEVER for name in types)
    settings = url_of(ctx.firm, To("shell.inbox_preferences"))
    return Mails(firm=ctx.firm.name, titles=titles, come=come, settings=settings)


@contextmanager
def _acting(deployment: Deployment, firm_id: int, *, write: bool) -> Iterator[Context]:
    """A transaction of the firm in which whoever received a mail acts: nobody of the team."""
    store = deployment.store
    with store.firm_transaction(firm_id, write=write):
        try:
            firm = firm_with_id(store, firm_id)
        except DoesNotExist as error:
            raise NotFound from error
        ctx = context_for_owner(store, deployment.catalog, firm)
        nobody = evolve(
            ctx.viewer,
            member_id=0,
            name=translated(_("a link in a mail"), firm.language),
            role=Role.EMPLOYEE,
            rights=frozenset(),
        )
        origin = Origin(request.remote_addr or "", request.user_agent.string[:200])
        yield evolve(ctx, viewer=nobody, origin=origin)
