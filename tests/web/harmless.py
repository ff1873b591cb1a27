"""What pages may be made of, whatever people typed: our elements, and no script but our files."""

from __future__ import annotations

import re

from tests.web.browsing import elements

OURS = re.compile(
    r"html|head|meta|title|link|body|main|header|nav|footer|section|article|div|span|bdi|small|a|p"
    r"|h[1-6]|ul|ol|li|dl|dt|dd|time|form|fieldset|legend|label|input|textarea|button"
    r"|table|caption|thead|tbody|tr|th|td|em|strong|code|pre|blockquote|hr|br"
    r"|select|option|script|svg|use|path|img|kbd|mark|details|summary|template|progress|pre"
    r"|figure|figcaption|noscript|g|rect|canvas"
)
"""The elements that our pages are made of."""


def assert_harmless(html: str) -> None:
    """No element but ours, none with a handler, no script but our files, no address that runs."""
    for found in elements(html):
        assert OURS.fullmatch(found.tag), found
        assert found.tag != "script" or found.get("src").startswith("/static/"), found
        assert found.tag != "script" or not found.text, found
        for name, value in found.attributes.items():
            assert not re.match(r"on|style", name), found
            if name in ("href", "src", "action"):
                assert re.match(r"(/|#|\?|https?:|mailto:|tel:)", value), found
