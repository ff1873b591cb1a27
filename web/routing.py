"""From a contributed `Route` to a Flask view that has settled everything before the plugin acts.

In this order: signed in, firm, membership (in the portal: something to sign in to), the firm's
second factor, module, account, right, a recent proof of who one is where the route wants it, and
for a POST the form and whether it was sent before. Whoever fails firm, membership, module or
account gets the answer of an address that never existed; whoever has nowhere to go any more is
signed out.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen
from flask import Flask, Response, abort, request

from crm_core.action_links import use_action_link
from crm_core.context import Context, Download, Fragment, Framed, Page, Picture, Redirect
from crm_core.contributions import Route, Scope
from crm_core.firms import firm_named
from crm_core.forms import Form, asks_of
from crm_core.refusals import NotAllowed, NotFound, Refused, Unavailable
from crm_core.sign_ins import tell_of_coming_in
from crm_core.uploads import claim_uploads, uploads_of
from web import once
from web.answers import download, framed, is_wanted, picture
from web.catalogues import translated
from web.coming_in import came_in, comes_in
from web.forms import may_wait, read_form, refused_form
from web.in_place import headers_in_place, lead_to
from web.links import LOOKED_AT, url_of
from web.menus import SHELL_ROUTES
from web.notices import leave_notice
from web.places import has_a_place
from web.portal.by_link import Press
from web.rules import rule_looked_at, rule_of
from web.settling import SHELL, Settled, Settling
from web.signin.carrying import posted
from web.signin.guards import (
    Detour,
    out_of_the_portal,
    to_confirmation,
    to_sign_in,
)
from web.signin.security import signed_in, this_person
from web.templating import Shown, render_fragment, render_page
from web.uploads import demand_harmless_files, has_files, ids_ahead, storing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from werkzeug.wrappers import Response as AnyResponse

    from crm_core.catalog import Contributed
    from crm_core.context import Answer
    from crm_core.firms import Firm
    from crm_core.uploads import Upload
    from web.bootstrap import Deployment

LARGEST_PAGE = 5_000_000
"""Characters of HTML that a module's page may have: nobody reads a million items."""

LONGEST_SQL = 10.0
"""Seconds after which SQL of a module's page is cut off: nothing else ends it."""


def add_routes(app: Flask, deployment: Deployment, shell: tuple[Contributed[Route], ...]) -> None:
    """Adds the shell's own pages and those of every installed plugin to the URL map."""
    app.extensions[SHELL_ROUTES] = {contributed.name: contributed.value for contributed in shell}
    for contributed in (*shell, *deployment.catalog.everything.routes):
        route = contributed.value
        methods = [m for m, has in (("GET", route.view), ("POST", route.submit)) if has]
        app.add_url_rule(
            rule_of(contributed),
            endpoint=contributed.name,
            view_func=_Endpoint(deployment, contributed),
            methods=methods,
        )
        if route.scope is Scope.PORTAL and route.view is not None:
            app.add_url_rule(
                rule_looked_at(contributed),
                endpoint=f"{contributed.name}{LOOKED_AT}",
                view_func=_Endpoint(deployment, contributed, looked_at=True),
                methods=["GET"],
            )


@frozen
class _Before:
    """What is known of a form before anything takes long: who sends it, and where it led.

    `uploads` are those that it names, of those that are the person's for this form.
    """

    asked: Settled
    led: str | None = None
    uploads: Sequence[Upload] = ()


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
        return by_link._opened(firm, "", {})

    def _answer(self, firm: str, account: str, path: Mapping[str, str]) -> AnyResponse:
        found = firm_named(self.deployment.store, firm)
        try:
            if request.method == "POST":
                return self._post(found, account, path)
            if comes_in(found) and not self.looked_at:
                with self.deployment.store.firm_transaction(found.id, write=True):
                    tell_of_coming_in(self._settled(found, account, path).ctx)
                came_in(found)
            return self._opened(found, account, path)
        except Detour as detour:
            return detour.response

    def _opened(self, firm: Firm, account: str, path: Mapping[str, str]) -> AnyResponse:
        """The page; and that somebody opened it is noted, where the route wants to know."""
        store, opened = self.deployment.store, self.contributed.value.opened
        with store.firm_transaction(firm.id, write=False):
            asked = self._settled(firm, account, path)
            of = self._form_class(asked)
            response = self._shown(asked, None if of is None else Form(of=of))
        if opened is not None and not self.looked_at and is_wanted():
            with store.firm_transaction(firm.id, write=True):
                asked = self._settled(firm, account, path)
                opened(asked.ctx, **asked.arguments)
        return response

    def _settled(self, firm: Firm, account_id: str, path: Mapping[str, str]) -> Settled:
        settling = Settling(self.deployment, self.contributed, self.looked_at, self.token)
        settled = settling.settled(firm, account_id, path)
        by_person = self.contributed.value.step_up and not self.token
        if by_person and not this_person().proved_lately:
            raise Detour(to_confirmation(carry=may_wait(self._form_class(settled))))
        return settled

    def settled_for_files(
        self, firm: Firm, account: str, path: Mapping[str, str], *, shown: bool
    ) -> tuple[Settled, type[Any] | None]:
        """Whoever may send this form; with `shown`, whether they are shown it is asked, too."""
        asked = self._settled(firm, account, path)
        of, view = self._form_class(asked), self.contributed.value.view
        if shown and view and of:
            with self._in_time(asked.ctx):
                view(asked.ctx, **asked.arguments, form=Form(of=of))
        return asked, of

    @property
    def _in_portal(self) -> bool:
        """Whether clients ask, and not staff who look at the portal."""
        return self.contributed.value.scope is Scope.PORTAL and not self.looked_at

    def _form_class(self, asked: Settled) -> type[Any] | None:
        """The class of the route's form; where the firm defines it, as it is now."""
        of = self.contributed.value.form
        return of if of is None or isinstance(of, type) else of(asked.ctx, **asked.arguments)

    def _shown(self, asked: Settled, form: Form[Any] | None, status: int = 200) -> AnyResponse:
        view = self.contributed.value.view
        if view is None:
            abort(405)
        arguments = asked.arguments if form is None else {**asked.arguments, "form": form}
        with self._in_time(asked.ctx):
            return self._answered(asked, view(asked.ctx, **arguments), status)

    def _in_time(self, ctx: Context) -> AbstractContextManager[None]:
        """The time that a module's own page has; the shell's own sections keep their own."""
        return nullcontext() if self.contributed.plugin == SHELL else ctx.store.budget(LONGEST_SQL)

    def _answered(self, asked: Settled, answer: Answer, status: int) -> AnyResponse:
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
                return download(answer)
            case Picture():
                return picture(answer)
            case Framed():
                return framed(answer)
        raise TypeError(f"{self.contributed.name} answered {type(answer).__name__}")

    def _page(self, shown: Shown, answer: Page) -> str:
        html = render_page(shown, answer)
        if len(html) > LARGEST_PAGE and self.contributed.plugin != SHELL:
            raise TypeError(f"{self.contributed.name} answered {len(html)} characters of HTML")
        return html

    def _gone(self, asked: Settled, answer: Redirect) -> str:
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
        before = self._before(firm, account, path, key) if ids_ahead(posted()) else None
        uploads = before.uploads if before else ()
        filled = read_form(of, posted(), request.files, uploads) if of is not None else None
        form, value = (filled.form, filled.value) if filled else (None, None)
        prepare = self.contributed.value.prepare
        try:
            if before is None and (prepare or has_files(value)):
                before = self._before(firm, account, path, key)
            if before is not None and before.led is not None:
                return lead_to(before.led)
            if filled is None or value is not None:
                if before is not None:
                    demand_harmless_files(before.asked.ctx, before.asked.account, value)
                with storing(self.deployment.store, firm.id, value) as stored:
                    prepared = self._prepared(firm, account, path, stored) if prepare else stored
                    return self._acted(firm, account, path, key, prepared)
            status = 422
        except Refused as refused:
            if form is None or isinstance(refused, NotFound | NotAllowed | Unavailable):
                raise
            form, status = refused_form(form, refused)
        with self.deployment.store.firm_transaction(firm.id, write=False):
            return self._shown(self._settled(firm, account, path), form, status)

    def _before(self, firm: Firm, account: str, path: Mapping[str, str], key: str) -> _Before:
        """Whoever may not do this is refused before anything takes long, with no row locked.

        A form that was sent before is not prepared again: the answer is where it led.
        """
        with self.deployment.store.firm_transaction(firm.id, write=False):
            asked = self._settled(firm, account, path)
            if asked.link is not None:
                return _Before(asked)
            led = once.kept_answer(asked.ctx, self.contributed.name, key)
            return _Before(asked, led, uploads_of(asked.ctx, request.path, ids_ahead(posted())))

    def _prepared(self, firm: Firm, account: str, path: Mapping[str, str], value: Any) -> Any:
        prepare = self.contributed.value.prepare
        assert prepare is not None
        with self.deployment.store.firm_transaction(firm.id, write=False):
            asked = self._settled(firm, account, path)
            return prepare(asked.ctx, **asked.arguments, value=value)

    def _acted(
        self, firm: Firm, account: str, path: Mapping[str, str], key: str, value: Any
    ) -> AnyResponse:
        submit = self.contributed.value.submit
        assert submit is not None
        with self.deployment.store.firm_transaction(firm.id, write=True):
            asked = self._settled(firm, account, path)
            press = None if asked.link is None else Press.of(asked.ctx, self.token, key)
            before = self._answer_given(asked, press, key)
            if before is not None:
                return before
            if asked.link is not None:
                use_action_link(asked.ctx, asked.link)
            if asked.link is None:
                claim_uploads(asked.ctx, ids_ahead(posted()))
            arguments = asked.arguments if value is None else {**asked.arguments, "value": value}
            with self._in_time(asked.ctx):
                answer = submit(asked.ctx, **arguments)
            if not isinstance(answer, Redirect):
                raise TypeError(f"{self.contributed.name}: a submit answers a Redirect")
            if press is not None:
                return press.keep_answer(answer)
            target = url_of(asked.ctx.firm, answer.to)
            once.keep_answer(asked.ctx, self.contributed.name, key, target)
        return self._answered(asked, answer, 303)

    def _answer_given(self, asked: Settled, press: Press | None, key: str) -> AnyResponse | None:
        """The answer of the first of two that are the same, or None: it is this one's turn."""
        if press is not None:
            return press.answer_given()
        before = once.answer_given(asked.ctx, self.contributed.name, key)
        return None if before is None else lead_to(before)
