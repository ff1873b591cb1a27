"""From where somebody acted, as the history tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from crm_core.contexts import COMMAND_LINE, WORKER
from web.catalogues import translated
from web.words import _

if TYPE_CHECKING:
    from crm_core.audit import Entry

WITHOUT_BROWSER = {COMMAND_LINE.browser: _("command line"), WORKER.browser: _("by itself")}


def from_where(entry: Entry, language: str) -> Markup:
    """The network address, and on hover the browser; of who has none, how it was done."""
    browser = translated(WITHOUT_BROWSER.get(entry.browser, entry.browser), language)
    shown = escape(entry.address or browser)
    return Markup(f'<span title="{escape(browser)}">{shown}</span>')  # noqa: S704
