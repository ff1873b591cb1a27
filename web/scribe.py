"""Mails about what people were told, in their language, as text and as HTML of one calm page."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen
from werkzeug.routing import BuildError

from crm_core.clients import account_behind
from crm_core.context import To
from crm_core.delivering import Written
from crm_core.languages import LANGUAGES
from web.catalogues import translated
from web.notice_links import client_link, staff_link
from web.portal.mails import to_own_mails
from web.signin.people import language_of_address
from web.stationery import Stationery
from web.words import _, _n

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask import Flask

    from crm_core.context import Context
    from crm_core.delivering import ClientLetter, StaffLetter
    from crm_core.inbox import InboxEntry
    from crm_core.words import Words
    from web.bootstrap import Deployment

LONGEST_SUBJECT = 150


@frozen(kw_only=True)
class Line:
    """One thing that a mail tells of, and its address, or ""."""

    what: str
    to: str = ""


@frozen(kw_only=True)
class Group:
    """What a mail tells of one account; "" where it is about none, or need not be named."""

    account: str
    lines: Sequence[Line]


@define
class MailScribe:
    """Writes with the templates and addresses of an application, made when the first mail is."""

    deployment: Deployment
    _app: Flask | None = field(default=None, alias="app")

    def to_client(self, ctx: Context, letter: ClientLetter) -> Written:
        """The mail to a client, who knows the firm and not our software."""
        with self._writing():
            language = _known(language_of_address(ctx.store, letter.address), ctx.firm.language)
            account = letter.account if letter.names_account else ""
            what = translated(letter.what, language)
            to = self._place(ctx, letter.to, account=letter.account_public_id)
            if letter.link and to:
                path = self._path("portal.act", firm=ctx.firm.slug, token=letter.link)
                to = self.app.config["CRM_BASE_URL"] + path
            own = account_behind(ctx, letter.account_id, letter.email_id)
            return self._written(
                ctx,
                language,
                subject=f"{what} ({account})" if account else what,
                groups=[Group(account=account, lines=[Line(what=what, to=to)])],
                why=_(
                    "You receive this mail because {firm} tells {address} of: {type}.",
                    firm=ctx.firm.name,
                    address=letter.address,
                    type=letter.type.title,
                ),
                token=client_link(ctx.firm, letter),
                settings=self._place(ctx, to_own_mails(own) if own else None),
            )

    def to_staff(self, ctx: Context, letter: StaffLetter) -> Written:
        """The mail to a colleague: of one entry at once, or of a day's."""
        with self._writing():
            language = _known(letter.language, ctx.firm.language)
            groups = [
                Group(account=account, lines=[self._line(ctx, one, language) for one in entries])
                for account, entries in groupby(letter.entries, lambda entry: entry.account)
            ]
            count = len(letter.entries)
            one = f"{groups[0].account}: {groups[0].lines[0].what}".removeprefix(": ")
            many = _n("{count} new notification", "{count} new notifications", count=count)
            return self._written(
                ctx,
                language,
                subject=translated(many, language) if letter.daily else one,
                groups=groups,
                why=_(
                    "You receive this mail because you are told of it in {firm}.",
                    firm=ctx.firm.name,
                ),
                token=staff_link(ctx.firm, letter),
                button=self._place(ctx, To("shell.inbox")) if letter.daily else "",
                settings=self._place(ctx, To("shell.inbox_preferences")),
            )

    def _line(self, ctx: Context, entry: InboxEntry, language: str) -> Line:
        to = self._place(ctx, entry.to, account=entry.account_public_id)
        return Line(what=translated(entry.what, language), to=to)

    def _written(
        self,
        ctx: Context,
        language: str,
        *,
        subject: str,
        groups: Sequence[Group],
        why: Words,
        token: str,
        button: str = "",
        settings: str = "",
    ) -> Written:
        base = self.app.config["CRM_BASE_URL"]
        stop = f"{base}{self._path('unsubscribing.ask', token=token)}" if base else ""
        alone = groups[0].lines[0].to if len(groups) == len(groups[0].lines) == 1 else ""
        paper = Stationery(
            environment=self.app.jinja_env, language=language, firm=ctx.firm
        ).written(
            "notice",
            subject,
            groups=groups,
            button=button or alone,
            linked=not alone,
            why=translated(why, language),
            stop=stop,
            settings=settings,
        )
        return Written(subject=_short(subject), text=paper.text, html=paper.html, unsubscribe=stop)

    def _place(self, ctx: Context, to: To | None, account: str = "") -> str:
        """The whole address of a place in the firm; "" where there is none any more."""
        base: str = self.app.config["CRM_BASE_URL"]
        if to is None or not base:
            return ""
        try:
            rule = next(self.app.url_map.iter_rules(to.route))
        except KeyError:
            return ""
        about = {"account": account} if "account" in rule.arguments else {}
        try:
            return base + self._path(to.route, firm=ctx.firm.slug, **{**about, **to.parameters})
        except BuildError:
            return ""

    def _path(self, route: str, **values: Any) -> str:
        path: str = self.app.url_map.bind("").build(route, values)
        return path

    @cached_property
    def app(self) -> Flask:
        """The application whose pages the mails lead to."""
        if self._app is None:
            from web.app import create_app

            return create_app(self.deployment)
        return self._app

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self.app.app_context():
            yield


def _known(*languages: str) -> str:
    return next(language for language in languages if language in LANGUAGES)


def _short(subject: str) -> str:
    line = " ".join(subject.split())
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1]}…"
