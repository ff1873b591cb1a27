"""Texts in a language, from the catalogues of the core, the shell and the plugins.

A package has its catalogues in `locale/<language>/LC_MESSAGES/<package>.po`; ours are compiled when
they are built or installed, a plugin's need not be. What a catalogue lacks is said in English.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from babel.dates import format_date

from crm_core.languages import ENGLISH, LANGUAGES
from crm_core.locales import locale_of
from crm_core.numbers import number

if TYPE_CHECKING:
    from crm_core.catalog import Catalog
    from crm_core.context import Context
    from crm_core.words import Argument, Words

Catalogues: TypeAlias = Mapping[tuple[str, str], gettext.NullTranslations]
"""By package and language."""


def catalogues_of(catalog: Catalog, **others: Path) -> Catalogues:
    """The catalogues of everything that is installed, and of other packages in these folders."""
    folders = {
        name: Path(str(plugin.module.__file__)).parent for name, plugin in catalog.installed.items()
    }
    folders |= {"crm_core": Path(__file__).parent, **others}
    return {
        (domain, language): _catalogue(domain, folder / "locale", language)
        for domain, folder in folders.items()
        for language in LANGUAGES
        if language != ENGLISH
    }


def said(text: Words | str, language: str, catalogues: Catalogues) -> str:
    """A text in that language; what is no `Words`, such as a name, stays as it is."""
    if isinstance(text, str):
        # What is said to be safe HTML is a text like any other.
        return str(text)
    message = _message(text, language, catalogues)
    if not text.arguments:
        return message
    return message.format(
        **{name: _argument(value, language, catalogues) for name, value in text.arguments.items()}
    )


def said_in(ctx: Context, text: Words | str) -> str:
    """A text of the core or of a plugin where no page shows it, as in a PDF: in `ctx.language`."""
    return said(text, ctx.language, ctx.catalog.texts)


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


def _message(text: Words, language: str, catalogues: Catalogues) -> str:
    # The empty message is where a catalogue keeps its own description.
    if language == ENGLISH or not text.message:
        return text.english
    catalogue = catalogues.get((text.domain, language))
    if catalogue is None:
        return text.english
    if text.plural:
        return catalogue.ngettext(text.message, text.plural, int(str(text.arguments["count"])))
    return catalogue.gettext(text.message)


def _argument(value: Argument, language: str, catalogues: Catalogues) -> str:
    if isinstance(value, int | Decimal):
        return number(value, language)
    if isinstance(value, date):
        return str(format_date(value, "long", locale=locale_of(language)))
    return said(value, language, catalogues)
