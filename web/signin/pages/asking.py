"""What the pages of signing in share: how they are drawn, and how their forms are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from attrs import evolve, frozen
from flask import Response, request

from crm_core.forms import Form, Input, ask
from crm_core.refusals import NotAllowed, NotFound, Refused, Unavailable
from web.catalogues import translated
from web.forms import read_form, refused_form
from web.languages import language
from web.notices import leave_notice
from web.signin.brakes import WINDOW
from web.signin.passwords import SHORTEST_PASSWORD
from web.signin.security import too_many
from web.templating import render_plain
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response as AnyResponse

    from crm_core.words import Words

T = TypeVar("T")


@frozen
class OnlyAButton:
    """A form that asks nothing: pressing its button says it all."""


def new_password(label: Words) -> Any:
    """The field for a password that is to be."""
    return ask(
        label,
        input=Input.PASSWORD,
        longest=1_000,
        autocomplete="new-password",
        help=_("At least {count} characters.", count=SHORTEST_PASSWORD),
    )


def second_factor_code() -> Any:
    """The field for what the app shows, or for a recovery code."""
    return _code(_("Six digits from your app, or one of your recovery codes."))


def recovery_code() -> Any:
    """The field for a recovery code of somebody who has no app."""
    return _code(_("One of your recovery codes."))


def _code(explained: Words) -> Any:
    return ask(_("Code"), longest=40, autocomplete="one-time-code", help=explained)


class Braked(Exception):  # noqa: N818 - it is an answer, not a fault
    """Too many misses: this one was not even looked at."""


@frozen(kw_only=True)
class Sheet:
    """A small page with at most one form: its template, title, and what else it shows."""

    template: str
    title: Words
    values: dict[str, Any]

    @classmethod
    def of(cls, template: str, title: Words, **values: Any) -> Sheet:
        """The page `signin/<template>.html`."""
        return cls(template=f"signin/{template}.html", title=title, values=values)

    def shown(self, form: Form[Any] | None = None, status: int = 200) -> Response:
        """The page, with the form as it stands."""
        title = translated(self.title, language())
        shown = {"title": title, "form": form, "passkey_at": "", **self.values}
        html = render_plain(self.template, **shown)
        return Response(html, status)


def answered(
    sheet: Sheet, of: type[T], act: Callable[[T], AnyResponse], **start: object
) -> AnyResponse:
    """A page with a form: shown for a GET, and for a POST acted on, or shown with what is wrong."""
    if request.method != "POST":
        return sheet.shown(Form(of=of).starting_from(**start))
    filled = read_form(of, request.form)
    if filled.value is None:
        return sheet.shown(filled.form, 422)
    try:
        return act(filled.value)
    except (NotFound, NotAllowed, Unavailable):
        raise
    except Refused as refused:
        return sheet.shown(*refused_form(filled.form, refused))
    except Braked:
        return too_many(sheet.shown(evolve(filled.form, sentence=wait_sentence())))


def braked_page() -> AnyResponse:
    """The page for somebody who was refused unread where there is no form to show."""
    return too_many(Sheet.of("wait", _("Please wait"), sentence=wait_sentence()).shown())


def wait_sentence() -> Words:
    """What somebody reads who was refused unread."""
    minutes = int(WINDOW.total_seconds() // 60)
    return _(
        "There were too many attempts. Wait {minutes} minutes, then try again.", minutes=minutes
    )


def say(sentence: Words) -> None:
    """Shows this sentence on the next page."""
    leave_notice(translated(sentence, language()))
