"""From a contributed `Route` to a Flask view that has settled everything before the plugin acts.

In this order: signed in, firm, membership (in the portal: something to sign in to), the firm's
second factor, module, account, right, a recent proof of who one is where the route wants it, and
for a POST the form and whether it was sent before. Whoever fails firm, membership, module or
account gets the answer of an address that never existed; whoever has nowhere to go any more is
signed out.
"""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen
from flask import Flask, Response, abort, g, request

from crm_core.accounts import Account, account_of
from crm_core.action_links import find_action_link, use_action_link
from crm_core.clients import account_of_client
from crm_core.context import Context, Download, Fragment, Framed, Origin, Page, Picture, Redirect
from crm_core.contexts import (
    context_as_client,
    context_by_link,
    context_for_client,
    context_for_person,
)
from crm_core.contributions import Route, Scope
from crm_core.firms import firm_named
from crm_core.forms import Form, asks_of
from crm_core.permissions import demand
from crm_core.refusals import NotAllowed, NotFound, Refused, Unavailable
from crm_core.sign_ins import tell_of_coming_in
from crm_core.store.database import FirmScope
from web import once
from web.assets import A_YEAR
from web.catalogues import translated
from web.coming_in import came_in, comes_in
from web.forms import may_wait, read_form, refused_form
from web.in_place import headers_in_place, lead_to
from web.languages import language_in_firm, speak
from web.links import LOOKED_AT, url_of
from web.menus import SHELL_ROUTES
from web.notices import leave_notice
from web.places import has_a_place
from web.portal.by_link import done_by_link
from web.portal.looking import look
from web.signin.carrying import posted
from web.signin.guards import (
    Detour,
    out_of_the_portal,
    to_confirmation,
    to_second_factor,
    to_sign_in,
)
from web.signin.people import language_of_address
from web.signin.security import signed_in
from web.templating import Shown, render_fragment, render_page

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from werkzeug.wrappers import Response as AnyResponse

    from crm_core.action_links import ActionLink
    from crm_core.catalog import Contributed
    from crm_core.context import Answer
    from crm_core.firms import Firm
    from web.bootstrap import Deployment
    from web.signin.sessions import SignedIn

SHELL = "shell"
"""The name under which the shell's own pages are contributed; their paths have no prefix."""

LARGEST_PAGE = 5_000_000
"""Characters of HTML that a module's page may have: nobody reads a million items."""

LONGEST_SQL = 10.0
"""Seconds after which SQL of a module's page is cut off: nothing else ends it."""

_ROOTS = {
    Scope.FIRM: "/f/<firm>",
    Scope.ACCOUNT: "/f/<firm>/accounts/<account>",
    Scope.PORTAL: "/p/<firm>/<account>",
}
_LOOKED_AT = "/f/<firm>/accounts/<account>/as/<looked_at>"
"""The root of the portal's pages for staff who look at it as an address of the account sees it."""


def add_routes(app: Flask, deployment: Deployment, shell: tuple[Contributed[Route], ...]) -> None:
    """Adds the shell's own pages and those of every installed plugin to the URL map."""
    app.extensions[SHELL_ROUTES] = {contributed.name: contributed.value for contributed in shell}
    for contributed in (*shell, *deployment.catalog.everything.routes):
        route = contributed.value
        methods = [m for m, has in (("GET", route.view), ("POST", route.submit)) if has]
        app.add_url_rule(
            _rule(contributed, _ROOTS[route.scope]),
            endpoint=contributed.name,
            view_func=_Endpoint(deployment, contributed),
            methods=methods,
        )
        if route.scope is Scope.PORTAL and route.view is not None:
            app.add_url_rule(
                _rule(contributed, _LOOKED_AT),
                endpoint=f"{contributed.name}{LOOKED_AT}",
                view_func=_Endpoint(deployment, contributed, looked_at=True),
                methods=["GET"],
            )


def allow_files(app: Flask) -> None:
    """Lets a request be larger by the files that its route's form asks for.

    To be called before anything that reads the request, such as the check against forgery.
    """

    def allow() -> None:
        view = app.view_functions.get(request.endpoint or "")
        if isinstance(view, _Endpoint) and view.largest_files:
            request.max_content_length = app.config["MAX_CONTENT_LENGTH"] + view.largest_files

    app.before_request(allow)


@frozen
class _Asked:
    """A request whose firm, module, account and right are settled."""

    ctx: Context
    account: Account | None
    arguments: dict[str, Any] = field(factory=dict)
    link: ActionLink | None = None


@frozen
class _Endpoint:
    """The Flask view of one route."""

    deployment: Deployment
    contributed: Contributed[Route]
    looked_at: bool = False
    token: str = field(default="", repr=False)

    @property
    def __name__(self) -> str:
        return self.contributed.name

    @property
    def largest_files(self) -> int:
        """The bytes of the files that its form asks for."""
        of = self.contributed.value.form
        return sum(a.largest for a in asks_of(of).values()) if isinstance(of, type) else 0

    def __call__(self, firm: str, account: str = "", **path: str) -> AnyResponse:
        person = signed_in()
        if person is None:
            return to_sign_in()
        try:
            return self._answer(firm, account, path)
        except NotFound:
            if self._in_portal and not has_a_place(self.deployment, person.person_id, firm):
                return out_of_the_portal()
            raise

    def opened_by_link(self, firm: Firm, token: str) -> AnyResponse:
        """The page for whoever holds this link; `NotFound` where it opens no page (POR-7)."""
        if not self.contributed.value.by_link:
            raise NotFound
        by_link = evolve(self, token=token)
        if request.method == "POST":
            return by_link._post(firm, "", {})
        with self.deployment.store.firm_transaction(firm.id, write=False):
            asked = by_link._settled(firm, "", {})
            of = by_link._form_class(asked)
            return by_link._shown(asked, None if of is None else Form(of=of))

    def _answer(self, firm: str, account: str, path: Mapping[str, str]) -> AnyResponse:
        found = firm_named(self.deployment.store, firm)
        try:
            if request.method == "POST":
                return self._post(found, account, path)
            if comes_in(found) and not self.looked_at:
                with self.deployment.store.firm_transaction(found.id, write=True):
                    tell_of_coming_in(self._settled(found, account, path).ctx)
                came_in(found)
            with self.deployment.store.firm_transaction(found.id, write=False):
                asked = self._settled(found, account, path)
                of = self._form_class(asked)
                return self._shown(asked, None if of is None else Form(of=of))
        except Detour as detour:
            return detour.response

    def _settled(self, firm: Firm, account_id: str, path: Mapping[str, str]) -> _Asked:
        if self.token:
            return self._settled_by_link(firm)
        person = signed_in()
        assert person is not None
        plugin, route = self.contributed.plugin, self.contributed.value
        ctx = self._context(firm, person)
        speak(ctx.language)
        if self._demands_second_factor(ctx.firm) and not person.has_second_factor:
            raise Detour(to_second_factor())
        if plugin != SHELL and plugin not in ctx.modules.names:
            raise NotFound
        arguments: dict[str, Any] = dict(path)
        account = None
        if self.looked_at:
            account = arguments["account"] = account_of(ctx, account_id)
            seen = look(ctx, account, arguments.pop("looked_at"))
            ctx = context_as_client(ctx, account, seen.email_id)
        elif route.scope is Scope.PORTAL:
            account = arguments["account"] = account_of_client(ctx, account_id)
        elif route.scope is Scope.ACCOUNT:
            g.unseen_account = account_id
            account = arguments["account"] = account_of(ctx, account_id)
            g.unseen_account = ""
        demand(ctx, route.needs)
        arguments.update(_asked_in_query(ctx, route))
        asked = _Asked(ctx, account, arguments)
        if route.step_up and not person.proved_lately:
            raise Detour(to_confirmation(carry=may_wait(self._form_class(asked))))
        return asked

    def _settled_by_link(self, firm: Firm) -> _Asked:
        """The same for whoever holds a link: it says who they are, and which account is meant."""
        store, plugin, route = (
            self.deployment.store,
            self.contributed.plugin,
            self.contributed.value,
        )
        link = find_action_link(FirmScope(store, firm), self.token, datetime.now(UTC))
        language = language_of_address(store, link.address) or firm.language
        ctx = context_by_link(store, self.deployment.catalog, firm, link, language, _origin())
        speak(ctx.language)
        off = plugin != SHELL and plugin not in ctx.modules.names
        if off or not firm.allows_action_links or link.route != self.contributed.name:
            raise NotFound
        demand(ctx, route.needs)
        g.by_link = True
        arguments = {**link.parameters, "account": link.account, **_asked_in_query(ctx, route)}
        return _Asked(ctx, link.account, arguments, link)

    def _context(self, firm: Firm, person: SignedIn) -> Context:
        """The context of whoever asks: in the portal as a client, everywhere else as a member."""
        make = context_for_client if self._in_portal else context_for_person
        return make(
            self.deployment.store,
            self.deployment.catalog,
            firm,
            person.person_id,
            language_in_firm(firm, person),
            _origin(),
        )

    def _demands_second_factor(self, firm: Firm) -> bool:
        if self._in_portal:
            return firm.clients_need_second_factor
        return firm.demands_second_factor

    @property
    def _in_portal(self) -> bool:
        """Whether clients ask, and not staff who look at the portal."""
        return self.contributed.value.scope is Scope.PORTAL and not self.looked_at

    def _form_class(self, asked: _Asked) -> type[Any] | None:
        """The class of the route's form; where the firm defines it, as it is now."""
        of = self.contributed.value.form
        return of if of is None or isinstance(of, type) else of(asked.ctx, **asked.arguments)

    def _shown(self, asked: _Asked, form: Form[Any] | None, status: int = 200) -> AnyResponse:
        view = self.contributed.value.view
        if view is None:
            abort(405)
        arguments = asked.arguments if form is None else {**asked.arguments, "form": form}
        with self._in_time(asked.ctx):
            return self._answered(asked, view(asked.ctx, **arguments), status)

    def _in_time(self, ctx: Context) -> AbstractContextManager[None]:
        """The time that a module's own page has; the shell's own sections keep their own."""
        return nullcontext() if self.contributed.plugin == SHELL else ctx.store.budget(LONGEST_SQL)

    def _answered(self, asked: _Asked, answer: Answer, status: int) -> AnyResponse:
        account = asked.account or (answer.account if isinstance(answer, Page) else None)
        shown = Shown(ctx=asked.ctx, account=account, route=self.contributed.name)
        match answer:
            case Page():
                return Response(self._page(shown, answer), status, headers_in_place())
            case Fragment():
                return Response(render_fragment(shown, answer), status)
            case Redirect():
                return lead_to(self._gone(asked, answer))
            case Download():
                return _download(answer)
            case Picture():
                return _picture(answer)
            case Framed():
                return _framed(answer)
        raise TypeError(f"{self.contributed.name} answered {type(answer).__name__}")

    def _page(self, shown: Shown, answer: Page) -> str:
        html = render_page(shown, answer)
        if len(html) > LARGEST_PAGE and self.contributed.plugin != SHELL:
            raise TypeError(f"{self.contributed.name} answered {len(html)} characters of HTML")
        return html

    def _gone(self, asked: _Asked, answer: Redirect) -> str:
        if answer.notice is not None:
            leave_notice(translated(answer.notice, asked.ctx.language))
        return url_of(asked.ctx.firm, answer.to)

    def _post(self, firm: Firm, account: str, path: Mapping[str, str]) -> AnyResponse:
        key = posted().get(once.FIELD, "")
        if not once.is_key(key):
            abort(400)
        of = self.contributed.value.form
        if of is not None and not isinstance(of, type):
            with self.deployment.store.firm_transaction(firm.id, write=False):
                of = self._form_class(self._settled(firm, account, path))
        filled = read_form(of, posted(), request.files) if of is not None else None
        form = filled.form if filled else None
        try:
            if filled is None or filled.value is not None:
                value = self._prepared(firm, account, path, filled.value if filled else None)
                return self._acted(firm, account, path, key, value)
            status = 422
        except Refused as refused:
            if form is None or isinstance(refused, NotFound | NotAllowed | Unavailable):
                raise
            form, status = refused_form(form, refused)
        with self.deployment.store.firm_transaction(firm.id, write=False):
            return self._shown(self._settled(firm, account, path), form, status)

    def _prepared(self, firm: Firm, account: str, path: Mapping[str, str], value: Any) -> Any:
        """The value with what takes long done, for somebody who may do this: no row is locked."""
        prepare = self.contributed.value.prepare
        if prepare is None:
            return value
        with self.deployment.store.firm_transaction(firm.id, write=False):
            self._settled(firm, account, path)
        return prepare(value)

    def _acted(
        self, firm: Firm, account: str, path: Mapping[str, str], key: str, value: Any
    ) -> AnyResponse:
        submit = self.contributed.value.submit
        assert submit is not None
        with self.deployment.store.firm_transaction(firm.id, write=True):
            asked = self._settled(firm, account, path)
            if asked.link is not None:
                use_action_link(asked.ctx, asked.link)
            else:
                before = once.answer_given(asked.ctx, self.contributed.name, key)
                if before is not None:
                    return lead_to(before)
            arguments = asked.arguments if value is None else {**asked.arguments, "value": value}
            with self._in_time(asked.ctx):
                answer = submit(asked.ctx, **arguments)
            if not isinstance(answer, Redirect):
                raise TypeError(f"{self.contributed.name}: a submit answers a Redirect")
            target = url_of(asked.ctx.firm, answer.to)
            if asked.link is None:
                once.keep_answer(asked.ctx, self.contributed.name, key, target)
        if asked.link is not None:
            return done_by_link(asked.ctx, answer)
        return self._answered(asked, answer, 303)


def _asked_in_query(ctx: Context, route: Route) -> Mapping[str, str]:
    """The parts of the query string that the route names; one a line where there are several."""
    names = route.query(ctx) if callable(route.query) else route.query
    return {name: "\n".join(request.args.getlist(name)) for name in names}


def _origin() -> Origin:
    """From where this request comes."""
    return Origin(request.remote_addr or "", request.user_agent.string[:200])


def _rule(contributed: Contributed[Route], root: str) -> str:
    route, parts = contributed.value, [root]
    if contributed.plugin != SHELL:
        parts.append(contributed.plugin)
    if route.path:
        parts.append(route.path)
    return "/".join(parts)


def _download(answer: Download) -> Response:
    response = Response(answer.chunks, content_type=answer.content_type)
    response.headers.set("Content-Disposition", "attachment", filename=answer.name)
    return response


def _picture(answer: Picture) -> Response:
    response = Response(answer.content, content_type=answer.content_type)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if answer.lasting:
        response.headers["Cache-Control"] = f"private, max-age={A_YEAR}, immutable"
    return response


def _framed(answer: Framed) -> Response:
    response = Response(answer.html)
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
    )
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response
