"""Which language somebody reads: their own choice, else their firm's, else what the browser asks.

English where none of these is a language that we have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g, request

from crm_core.firms import firms_of_person, language_chosen_by
from crm_core.languages import ENGLISH, LANGUAGES
from web.signin.security import current_store, signed_in

if TYPE_CHECKING:
    from flask import Response

    from crm_core.firms import Firm
    from crm_core.store.database import Store
    from web.signin.sessions import SignedIn


def language() -> str:
    """The language of this request: once its firm is settled the one that `speak` was told."""
    if "language" not in g:
        g.language = _of_nobodys_page()
    return str(g.language)


def speak(language: str) -> None:
    """Makes this the language of the rest of this request."""
    g.language = language


def speak_as_far_as_known() -> None:
    """Settles the language without asking anything that may fail: something just did."""
    if "language" not in g:
        speak(_asked_by_browser())


def language_in_firm(firm: Firm, person: SignedIn) -> str:
    """The language in which a person reads a firm's pages."""
    return _first(person.language, firm.language) or _asked_by_browser()


def language_of_mails(store: Store, person_id: int) -> str:
    """The language in which somebody reads mails: their own, else that of a firm of theirs.

    For nobody, and where neither is known, that of this request. It asks the same of the database
    whoever it is.
    """
    own = language_chosen_by(store, person_id)
    firms = firms_of_person(store, person_id)
    return _first(own, *(firm.language for firm in firms)) or language()


def with_language_told(response: Response) -> Response:
    """Says that another browser may get another answer, where its language was asked for."""
    if g.get("browser_was_asked"):
        response.vary.add("Accept-Language")
    return response


def _of_nobodys_page() -> str:
    """The language of a page outside of every firm."""
    person = signed_in()
    if person is None:
        return _asked_by_browser()
    firms = () if person.language else firms_of_person(current_store(), person.person_id)
    return _first(person.language, *(firm.language for firm in firms)) or _asked_by_browser()


def _asked_by_browser() -> str:
    g.browser_was_asked = True
    wishes = (tag.partition("-")[0].lower() for tag, how in request.accept_languages if how > 0)
    return _first(*wishes) or ENGLISH


def _first(*wishes: str) -> str:
    return next((wish for wish in wishes if wish in LANGUAGES), "")
