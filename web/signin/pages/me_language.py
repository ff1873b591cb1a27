"""Choosing the language in which one reads: English, Dutch, or whatever one's firm has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from flask import Blueprint, redirect, url_for

from crm_core.firms import choose_language
from crm_core.forms import Choice, Input, ask
from crm_core.languages import LANGUAGES
from web.languages import language_of_mails, speak
from web.signin.pages.asking import Sheet, answered, say
from web.signin.security import this_person
from web.words import _

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from crm_core.store.database import Store

AS_THE_FIRM = ""


@frozen
class Wish:
    """The language to read from now on."""

    language: str = ask(
        _("Language"),
        default=AS_THE_FIRM,
        input=Input.CHOICE,
        choices=(
            *(Choice(value=code, label=name) for code, name in LANGUAGES.items()),
            Choice(value=AS_THE_FIRM, label=_("As the firm")),
        ),
    )


def add_to(pages: Blueprint, store: Store) -> None:
    """The page `/me/language`."""

    @pages.route("/language", methods=["GET", "POST"])
    def language() -> AnyResponse:
        sheet = Sheet.of("language", _("Language"))
        chosen = this_person().language
        return answered(sheet, Wish, lambda value: _choose(store, value.language), language=chosen)


def _choose(store: Store, language: str) -> AnyResponse:
    person_id = this_person().person_id
    choose_language(store, person_id, language)
    speak(language_of_mails(store, person_id))
    say(_("Your language is saved."))
    return redirect(url_for("me.security"), 303)
