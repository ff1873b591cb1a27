"""Texts in the reader's language, from the catalogues of the core, the shell and the plugins.

A package has its catalogues in `locale/<language>/LC_MESSAGES/<package>.po`; ours are compiled when
they are built or installed, a plugin's need not be. What a catalogue lacks is said in English.
"""

from __future__ import annotations

import gettext
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from babel.dates import format_date
from flask import current_app

import crm_core
from crm_core.languages import ENGLISH, LANGUAGES
from crm_core.locales import locale_of
from web.numbers import number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

    from crm_core.catalog import Catalog
    from crm_core.words import Argument, Words

    Catalogues = Mapping[tuple[str, str], gettext.NullTranslations]


def set_up_catalogues(app: Flask, catalog: Catalog) -> None:
    """Gives the app the catalogues of everything that is installed."""
    folders = {
        name: Path(str(plugin.module.__file__)).parent for name, plugin in catalog.installed.items()
    }
    folders["crm_core"] = Path(crm_core.__file__).parent
    folders["web"] = Path(__file__).parent
    app.extensions["crm_catalogues"] = {
        (domain, language): _catalogue(domain, folder / "locale", language)
        for domain, folder in folders.items()
        for language in LANGUAGES
        if language != ENGLISH
    }


def _catalogue(domain: str, folder: Path, language: str) -> gettext.NullTranslations:
    """A catalogue, as it was compiled; one that nobody compiled is, as it is read."""
    source = folder / language / "LC_MESSAGES" / f"{domain}.po"
    if source.with_suffix(".mo").is_file() or not source.is_file():
        return gettext.translation(domain, folder, [language], fallback=True)
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file))
    return gettext.GNUTranslations(BytesIO(compiled.getvalue()))


def translated(text: Words | str, language: str) -> str:
    """A text in the reader's language; what is no `Words`, such as a name, stays as it is."""
    if isinstance(text, str):
        # What is said to be safe HTML is a text like any other.
        return str(text)
    message = _message(text, language)
    if not text.arguments:
        return message
    return message.format(
        **{name: _argument(value, language) for name, value in text.arguments.items()}
    )


def _message(text: Words, language: str) -> str:
    # The empty message is where a catalogue keeps its own description.
    if language == ENGLISH or not text.message:
        return text.english
    catalogues: Catalogues = current_app.extensions["crm_catalogues"]
    catalogue = catalogues.get((text.domain, language))
    if catalogue is None:
        return text.english
    if text.plural:
        return catalogue.ngettext(text.message, text.plural, int(str(text.arguments["count"])))
    return catalogue.gettext(text.message)


def _argument(value: Argument, language: str) -> str:
    if isinstance(value, int | Decimal):
        return number(value, language)
    if isinstance(value, date):
        return str(format_date(value, "long", locale=locale_of(language)))
    return translated(value, language)
