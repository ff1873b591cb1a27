"""Rich text as HTML: Markdown without HTML in it, then cleaned, since nothing is believed twice."""

from __future__ import annotations

import nh3
from markupsafe import Markup

from crm_core.richtext import markdown

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
_HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6"}


def rich_text(text: str) -> Markup:
    """The HTML of a rich text: headings below the page's own, links that leave nothing behind."""
    tokens = markdown().parse(text)
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)
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
