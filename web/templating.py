"""Templates: where they come from, and the words, dates and links that every one may use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from attrs import frozen
from flask import current_app, g, get_flashed_messages, request

from crm_core.accounts import AccountType
from crm_core.address_settings import accounts_with_login
from crm_core.clients import has_several_accounts
from crm_core.context import ITEM_LIST
from crm_core.inbox import unread_count
from crm_core.marking import pieces
from crm_core.numbers import file_size, money, number
from crm_core.permissions import CORE_PERMISSIONS, Role, may
from crm_core.photos import photo_of
from crm_core.richtext import plain_text
from crm_core.team import team_of_account
from crm_core.words import Words
from web.assets import asset_url
from web.catalogues import translated
from web.dates import element, exact, long_day, machine, relative, relative_day
from web.in_place import asked_afresh, asked_in_place
from web.items import item_list_html
from web.languages import language
from web.links import links_in
from web.menus import menu_of, portal_menu_of, settings_of, tabs_of
from web.origins import from_where
from web.portal.looking import looked
from web.richtext import rich_text
from web.states import due_on, form_secrets, state_menu
from web.template_texts import COUNTED, SAID, texts_of_templates
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

    from crm_core.accounts import Account
    from crm_core.catalog import Catalog
    from crm_core.context import Context, Fragment, Page, To

ACCOUNT_TYPES = {AccountType.INDIVIDUAL: _("Individual"), AccountType.BUSINESS: _("Business")}
RIGHTS = {right.name: right for right in CORE_PERMISSIONS}
THEME_COOKIE = "crm_theme"
THEMES = ("light", "dark")


@frozen(kw_only=True)
class Shown:
    """What a page is about: who sees it, of which account, by which route."""

    ctx: Context
    account: Account | None = None
    route: str = ""


def set_up_templates(app: Flask, catalog: Catalog) -> None:
    """Gives the app its templates: the shell's, and under each plugin's name that plugin's.

    A plugin's templates can only be named `<plugin>/...`, so none can replace another's.
    """
    own = Path(__file__).parent / "templates"
    plugins = {
        name: jinja2.FileSystemLoader(Path(str(plugin.module.__file__)).parent / "templates" / name)
        for name, plugin in catalog.installed.items()
    }
    app.jinja_loader = jinja2.ChoiceLoader(
        [jinja2.FileSystemLoader(own), jinja2.PrefixLoader(plugins)]
    )
    environment = app.jinja_env
    environment.add_extension(texts_of_templates(own))
    environment.undefined = jinja2.StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.globals.update(
        asset=asset_url,
        theme=theme,
        form_secrets=form_secrets,
        asked_in_place=asked_in_place,
        asked_afresh=asked_afresh,
        notices=lambda: get_flashed_messages(with_categories=True),
        app_name="Practice",
        account_types=ACCOUNT_TYPES,
        pieces=pieces,
        enumerate=enumerate,
    )
    environment.filters.update(rich_text=rich_text, plain_text=plain_text, initials=initials)


def render_page(shown: Shown, page: Page) -> str:
    """The HTML of a whole page: the sidebar and, for an account, its bar and tabs around it."""
    ctx = shown.ctx
    if ctx.viewer.role is Role.CLIENT:
        return _rendered(page.template, shown, {**page.values, **_portal_frame(shown, page)})
    frame: dict[str, Any] = {
        "title": translated(page.title, ctx.language),
        "menu": menu_of(ctx, shown.route, in_profile=shown.account is not None),
        "settings": settings_of(ctx, shown.route),
        "unread": lambda: unread_count(ctx),
    }
    if shown.account is not None:
        frame["account_photo"] = photo_of(ctx, shown.account)
        frame["tabs"] = tabs_of(ctx, shown.route)
        frame["has_login"] = bool(accounts_with_login(ctx, [shown.account.id]))
        frame["team"] = list(team_of_account(ctx, shown.account.id).values())
    return _rendered(page.template, shown, {**page.values, **frame})


def _portal_frame(shown: Shown, page: Page) -> Mapping[str, Any]:
    """What stands around a page of the portal: its menu, whose account it is, the others."""
    assert shown.account is not None
    return {
        "title": translated(page.title, shown.ctx.language),
        "menu": portal_menu_of(shown.ctx, shown.route),
        "account_photo": photo_of(shown.ctx, shown.account),
        "may_switch": has_several_accounts(shown.ctx),
        "looked": looked(),
        "by_link": g.get("by_link", False),
    }


def render_fragment(shown: Shown, fragment: Fragment) -> str:
    """The HTML of a piece of a page."""
    if fragment.template == ITEM_LIST:
        return item_list_html(shown.ctx, fragment.values, _offered(shown.ctx)["link"])
    return _rendered(fragment.template, shown, fragment.values)


def render_plain(template: str, **values: Any) -> str:
    """The HTML of a page that belongs to no firm: signing in, the choice of a firm, an error."""
    return current_app.jinja_env.get_template(template).render(**texts_in(language()), **values)


def texts_in(language: str) -> dict[str, Any]:
    """What a template needs to say texts in a language; `TextsOfTemplates` says which is which."""

    def shown(text: Words | str) -> str:
        return translated(text, language)

    def said(domain: str, message: str, **arguments: Any) -> str:
        return translated(Words(message, arguments, domain), language)

    def counted(domain: str, one: str, other: str, **arguments: Any) -> str:
        return translated(Words(one, arguments, domain, other), language)

    return {
        "_": shown,
        SAID: said,
        COUNTED: counted,
        "language": language,
        "number": lambda value: number(value, language),
        "file_size": lambda size: file_size(size, language),
        "money": lambda minor_units, currency: money(minor_units, currency, language),
    }


def theme() -> str:
    """The theme that this browser has chosen: light, dark, or "" to follow the system."""
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def initials(name: str) -> str:
    """One or two letters that stand for a name where there is no photo."""
    words = [word for word in name.split() if word[:1].isalnum()]
    if not words:
        return "?"
    capitals = [word for word in words if word[:1].isupper() or word[:1].isdigit()] or words
    return "".join(
        word[0] for word in (capitals[:2] if len(capitals) > 1 else capitals[:1])
    ).upper()


def _rendered(template: str, shown: Shown, values: Mapping[str, Any]) -> str:
    about = {"account": shown.account, "route": shown.route}
    found = current_app.jinja_env.get_template(template)
    return found.render({**_offered(shown.ctx), **about, **values})


def _offered(ctx: Context) -> Mapping[str, Any]:
    """What every template may use for this viewer; kept, since a page is made of many."""
    if g.get("offered_to") is not ctx:
        g.offered_to, g.offered = ctx, _made_for(ctx)
    return g.offered  # type: ignore[no-any-return]


def _made_for(ctx: Context) -> Mapping[str, Any]:
    path_of = links_in(ctx.firm)

    def link(to: To | str, **parameters: Any) -> str:
        if isinstance(to, str):
            return path_of(to, parameters)
        return path_of(to.route, to.parameters)

    return {
        "ctx": ctx,
        **texts_in(ctx.language),
        "link": link,
        "may": lambda name: may(ctx, RIGHTS[name]),
        "moment": lambda moment: element(moment, ctx),
        "when": lambda moment: relative(moment, ctx),
        "day": lambda day: relative_day(day, ctx),
        "exactly": lambda moment: exact(moment, ctx),
        "machine": machine,
        "from_where": lambda entry: from_where(entry, ctx.language),
        "today": lambda: long_day(ctx),
        "state_menu": lambda *asked: state_menu(ctx, link, *asked),
        "due_on": lambda due: due_on(due, ctx),
    }
