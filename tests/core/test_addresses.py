"""E-mail addresses: what is one, how it is shown, and when two are the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.addresses import LONGEST, address_key, clean_address
from crm_core.refusals import Refused


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("anna@x.example", "anna@x.example"),
        ("  Anna.de.Haan@X.Example \n", "Anna.de.Haan@x.example"),
        ("anna+tax@x.example", "anna+tax@x.example"),
        ("o'neil@x.example", "o'neil@x.example"),
        ("info@xn--bcher-kva.example", "info@bücher.example"),
        ("info@BÜCHER.example", "info@bücher.example"),
        ("jörg@x.example", "jörg@x.example"),
    ],
)
def test_an_address_is_shown_with_its_own_capitals_and_a_small_domain(
    typed: str, shown: str
) -> None:
    assert clean_address(typed) == shown


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "anna",
        "@x.example",
        "anna@",
        "anna@localhost",
        "anna@intranet",
        "anna@@x.example",
        "anna@x..example",
        "anna@x.example, bert@x.example",
        "Anna <anna@x.example>",
        "anna@x.example\nBcc: all@x.example",
        "anna\x00@x.example",
        "anna @x.example",
        "anna@[127.0.0.1]",
        f"{'a' * LONGEST}@x.example",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="is not an e-mail address"):
        clean_address(typed)


def test_a_refusal_quotes_what_was_typed_shortly_and_printably() -> None:
    with pytest.raises(Refused) as refused:
        clean_address("a\x1b[31m\u202e" + "b" * 100)
    said = str(refused.value)
    assert said.isprintable()
    assert said.startswith("a\N{REPLACEMENT CHARACTER}[31m\N{REPLACEMENT CHARACTER}bbb")
    assert said.endswith("bbb... is not an e-mail address.")
    assert len(said) < 90


def test_two_spellings_of_an_address_have_the_same_key() -> None:
    assert address_key(" Anna@X.Example ") == address_key("anna@x.example")
    assert address_key("anna@x.example") != address_key("bert@x.example")


@given(st.emails())
def test_cleaning_twice_is_cleaning_once_and_keeps_the_key(typed: str) -> None:
    try:
        shown = clean_address(typed)
    except Refused:
        return
    assert clean_address(shown) == shown
    assert address_key(clean_address(shown.upper())) == address_key(shown)
