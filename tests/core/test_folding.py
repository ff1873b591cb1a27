"""Folding: accents, capitals and spaces do not count when names are compared and sorted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.folding import folded


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Émile Öz", "emile oz"),
        ("ÅNGSTRÖM", "angstrom"),
        ("Straße", "strasse"),
        ("  two \t words\n", "two words"),
        ("ﬁrm №1", "firm no1"),
        ("e\u0301", "e"),
        ("Ελλάδα", "ελλαδα"),
        ("株式会社", "株式会社"),
        ("", ""),
    ],
)
def test_marks_capitals_and_spaces_go(text: str, plain: str) -> None:
    assert folded(text) == plain


@given(st.text())
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text())
def test_capitals_never_count(text: str) -> None:
    assert folded(text.casefold()) == folded(text)
