"""What a page must not have: something that reaches beyond the window, or that axe complains of."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

THEMES = ("light", "dark")

WHOLE_PAGE = "document"

RULES = '{resultTypes: ["violations"], rules: {"target-size": {enabled: true}}}'
"""All that axe asks by itself, and that a finger hits what it aims at (WCAG 2.2)."""

COLOURS = '{resultTypes: ["violations"], runOnly: ["color-contrast"]}'
"""What another theme of the same page can have wrong."""


def too_wide(page: Page) -> list[str]:
    """What reaches beyond the window although nothing scrolls it there."""
    page.wait_for_function("document.scrollingElement")  # null while the page is being opened
    if page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"):
        return []
    return page.evaluate(
        """[...document.querySelectorAll("body *")]
        .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
        .map(e => "too wide: " + e.outerHTML.slice(0, 120)).slice(0, 5)"""
    ) or ["too wide, by something that cannot be seen"]


def violations(page: Page, part: str = WHOLE_PAGE, rules: str = RULES) -> list[str]:
    """What axe finds in the page or in a part of it (a script's expression)."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(_axe())
    found = page.evaluate(f"axe.run({part}, {rules}).then(results => results.violations)")
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:160]}"
        for violation in found
        for node in violation["nodes"]
    ]


@cache
def _axe() -> str:
    from axe_playwright_python.sync_playwright import Axe

    return str(Axe().axe_script)
