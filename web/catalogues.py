"""Texts in the reader's language, on pages and in mails."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app

from crm_core.languages import ENGLISH
from crm_core.speaking import catalogues_of, said

if TYPE_CHECKING:
    from flask import Flask

    from crm_core.catalog import Catalog
    from crm_core.words import Words


def set_up_catalogues(app: Flask, catalog: Catalog) -> None:
    """Gives the app the catalogues of everything that is installed."""
    app.extensions["crm_catalogues"] = catalogues_of(catalog, web=Path(__file__).parent)


def translated(text: Words | str, language: str) -> str:
    """A text in the reader's language; what is no `Words`, such as a name, stays as it is."""
    if language == ENGLISH:  # that needs no catalogue, and no application
        return said(text, language, {})
    return said(text, language, current_app.extensions["crm_catalogues"])
