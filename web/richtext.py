"""Rich text as HTML: Markdown without HTML in it, then cleaned, since nothing is believed twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nh3
from markupsafe import Markup

from crm_core.richtext import markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

_TAGS = {
    "a",
    "blockquote",
    "br",
    "code",
    "em",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "strong",
    "ul",
}
PAGE_LEVEL = 2
"""The heading of the page under which a rich text stands."""


def rich_text(text: str) -> Markup:
    """The HTML of a rich text: headings below the page's own, links that leave nothing behind."""
    tokens = markdown().parse(text)
    _put_headings_below_the_pages(tokens)
    html = markdown().renderer.render(tokens, markdown().options, {})
    return Markup(  # noqa: S704 - cleaned here, by a list of what may stay
        nh3.clean(
            html,
            tags=_TAGS,
            attributes={"a": {"href"}, "ol": {"start"}},
            url_schemes={"http", "https", "mailto", "tel"},
            url_relative="deny",
            link_rel="noopener noreferrer nofollow",
        )
    )


def _put_headings_below_the_pages(tokens: Sequence[Token]) -> None:
    """Each heading a level below the one before at most: readers of a page's outline rely on it."""
    level = PAGE_LEVEL
    for token in tokens:
        if token.type == "heading_open":
            level = min(PAGE_LEVEL + int(token.tag[1]), level + 1, 6)
        if token.type.startswith("heading_"):
            token.tag = f"h{level}"
