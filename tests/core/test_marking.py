"""Which letters of a name are those that were typed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.marking import pieces


def shown(text: str, typed: str) -> str:
    return "".join(f"[{p.text}]" if p.marked else p.text for p in pieces(text, typed))


@pytest.mark.parametrize(
    ("text", "typed", "marked"),
    [
        ("Bakkerij de Haan", "haan", "Bakkerij de [Haan]"),
        ("Bakkerij de Haan", "aa", "Bakkerij de Haan"),
        ("Bakkerij de Haan", "ha", "Bakkerij de [Ha]an"),
        ("Bakkerij de Haan", "h b", "[B]akkerij de [H]aan"),
        ("Bakkerij de Haan", "HAAN bak", "[Bak]kerij de [Haan]"),
        ("Émile Öz", "emi", "[Émi]le Öz"),
        ("E\u0301mile", "emi", "[E\u0301mi]le"),
        ("Strauß AG", "strauss", "[Strauß] AG"),
        ("Strauß AG", "aus", "Str[auß] AG"),
        ("\ufb01nance", "fin", "[\ufb01n]ance"),
        ("İzmir", "izm", "[İzm]ir"),
        ("Smith-Jones", "jo", "Smith-[Jo]nes"),
        ("100% (x)", "% (", "100% [(]x)"),
        ("a.b@x.example", "@x.", "a.b[@x.]example"),
        ("ananas", "ana", "[ana]nas"),
        ("משרד כהן", "כהן", "משרד [כהן]"),
        ("", "a", ""),
        ("abc", "", "abc"),
    ],
)
def test_the_typed_letters_are_marked(text: str, typed: str, marked: str) -> None:
    assert shown(text, typed) == marked


@given(st.text(), st.text(max_size=20))
def test_the_pieces_are_the_text(text: str, typed: str) -> None:
    found = pieces(text, typed)
    assert "".join(piece.text for piece in found) == text
    assert all(piece.text for piece in found)
    assert all(one.marked != other.marked for one, other in pairwise(found))
