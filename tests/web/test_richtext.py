"""Rich text: Markdown becomes harmless HTML, whatever somebody put into it."""

from __future__ import annotations

import time

import pytest

from tests.web.browsing import elements
from web.richtext import rich_text

TAGS = {"a", "blockquote", "br", "code", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre"}
TAGS |= {"strong", "ul"}


def hrefs(text: str) -> list[str]:
    return [e.get("href") for e in elements(rich_text(text), "a")]


def test_marks_become_elements() -> None:
    html = rich_text(
        "**bold** and *soft*\nnext line\n\n- one\n- two\n\n3. three\n\n> said\n\n`code`"
    )
    for piece in (
        "<strong>bold</strong>",
        "<em>soft</em><br>",
        "<li>one</li>",
        '<ol start="3">',
        "<blockquote>",
        "<code>code</code>",
    ):
        assert piece in html


def test_headings_stand_below_those_of_the_page() -> None:
    assert "<h3>One</h3>\n<h4>Two</h4>" in rich_text("# One\n\n## Two")


def test_no_heading_leaves_out_a_level() -> None:
    html = rich_text("###### First\n\n###### Second\n\n# Third")
    assert html == "<h3>First</h3>\n<h4>Second</h4>\n<h3>Third</h3>\n"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<b onclick='x'>b</b>",
        "a <svg/onload=alert(1)> b",
        "<!-- comment --> <?php ?>",
        "</div></main>",
        "<style>*{display:none}</style>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&#60;script&#62;",
    ],
)
def test_html_is_text(text: str) -> None:
    html = rich_text(text)
    assert {e.tag for e in elements(html)} == {"p"}
    assert not elements(html, "script")


def test_what_was_typed_as_html_is_still_read_as_it_was_typed() -> None:
    (paragraph,) = elements(rich_text("<b>5 < 6 & 7</b>"), "p")
    assert paragraph.text == "<b>5 < 6 & 7</b>"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "javascript&colon;alert(1)",
        "&#106;avascript:alert(1)",
        "java\u200bscript:alert(1)",
        "java\u00adscript:alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "data:image/svg+xml,x",
        "file:///etc/passwd",
        "blob:x",
        "ftp://x.example",
        "//evil.example",
        "/f/acme/clients",
        "clients",
        "?after=1",
        "\\\\evil.example",
    ],
)
def test_links_lead_to_the_web_to_mail_and_to_telephones_alone(address: str) -> None:
    for text in (f"[x]({address})", f"[x](<{address}>)", f"<{address}>", f"[x]\n\n[x]: {address}"):
        assert set(hrefs(text)) <= {""}, text


@pytest.mark.parametrize(
    "address", ["https://a.example/x?y=1", "http://a.example", "mailto:a@b.example", "tel:+31201"]
)
def test_good_links_stay_and_leave_nothing_behind(address: str) -> None:
    (link,) = elements(rich_text(f"[x]({address})"), "a")
    assert link.get("href") == address
    assert set(link.get("rel").split()) == {"noopener", "noreferrer", "nofollow"}


def test_an_image_is_not_fetched() -> None:
    html = rich_text("![secret](https://tracker.example/pixel.png)")
    assert not elements(html, "img")
    assert "secret" in html


def test_an_address_that_is_no_link_stays_text() -> None:
    assert hrefs("see https://a.example") == []


@pytest.mark.parametrize(
    "text",
    [
        "> " * 5000 + "x",
        "[" * 20_000,
        "- " * 5000 + "x",
        "*a_" * 6000,
        "[a](" * 5000,
        "![a](" * 4000,
        "**a *a " * 2500,
        "`" * 20_000,
        "&" * 20_000,
        "<" * 20_000,
        "[a]: b\n" * 2500,
        "1. " * 6000,
        "\\" * 20_000,
    ],
)
def test_nothing_of_a_notes_length_takes_long(text: str) -> None:
    start = time.perf_counter()
    html = rich_text(text)
    assert time.perf_counter() - start < 2
    assert {e.tag for e in elements(html)} <= TAGS
