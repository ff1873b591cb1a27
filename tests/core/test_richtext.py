"""Rich text as plain words: for a line in a list, where marks would only disturb."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.richtext import plain_text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Called **Anna**, she _agrees_.", "Called Anna, she agrees."),
        ("# Title\n\nText", "Title Text"),
        ("- one\n- two\n  - three", "one two three"),
        ("1. first\n2. second", "first second"),
        ("one\ntwo  \nthree", "one two three"),
        ("> said\n> so", "said so"),
        ("[our site](https://x.example)", "our site"),
        ("`code` and\n\n```\nx = 1\n```", "code and x = 1"),
        ("    indented", "indented"),
        ("a\n\n---\n\nb", "a b"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("5 &lt; 6 &amp; 7", "5 < 6 & 7"),
        ("![a picture](x.png)", "!a picture"),
        ("2 \\* 3", "2 * 3"),
        ("", ""),
        ("   \n\n", ""),
    ],
)
def test_the_words_remain_and_the_marks_go(text: str, line: str) -> None:
    assert plain_text(text) == line


def test_a_long_text_is_cut_at_a_word_with_an_ellipsis() -> None:
    assert plain_text("one two three four", 13) == "one two…"
    assert plain_text("one two, three", 12) == "one two…"
    assert plain_text("one two three", 13) == "one two three"
    assert plain_text("x" * 30, 10) == "x" * 10 + "…"


@given(st.text())
def test_it_is_always_one_line_and_never_too_long(text: str) -> None:
    line = plain_text(text, 40)
    assert len(line) <= 41
    assert line == " ".join(line.split())


def test_a_very_long_text_costs_no_more_than_its_beginning() -> None:
    assert plain_text("word " * 1_000_000, 50).startswith("word word")
