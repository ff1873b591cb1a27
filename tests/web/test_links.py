"""Paths of pages: what the patterns make is what Flask would have made, whatever stands in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask import url_for

from crm_core.context import To
from web.links import links_in, url_of

if TYPE_CHECKING:
    from flask import Flask

    from crm_core.firms import Firm

HERE = "0123456789abcdef0123456789abcdef"


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """Paths are no business of the database."""
    return str(request.param)


@pytest.mark.parametrize(
    "parameters",
    [
        {"account": HERE},
        {"account": HERE, "q": "two words"},
        {"account": HERE, "q": "50% & more", "part": "hits"},
        {"account": HERE, "q": ""},
        {"account": "Größe/../x"},
        {"account": HERE, "page": 2},
        {"account": HERE, "page": None},
        {"account": "0standin0x", "q": "0standin1x"},
        {"account": HERE, "_anchor": "notes"},
    ],
)
def test_a_path_is_the_one_that_flask_makes(
    app: Flask, firm: Firm, parameters: dict[str, str]
) -> None:
    with app.test_request_context():
        right = url_for("shell.overview", firm=firm.slug, **parameters)  # type: ignore[arg-type]
        for _time in range(2):
            assert links_in(firm)("shell.overview", parameters) == right


def test_the_order_of_parameters_does_not_mix_them_up(app: Flask, firm: Firm) -> None:
    with app.test_request_context():
        for one, other in (("first", "second"), ("second", "first")):
            for pair in ({"account": one, "q": other}, {"q": other, "account": one}):
                path = url_of(firm, To("shell.overview", pair))
                assert path == f"/f/{firm.slug}/accounts/{one}?q={other}"


def test_a_path_begins_where_the_application_is_mounted(app: Flask, firm: Firm) -> None:
    to = To("shell.clients")
    with app.test_request_context():
        assert url_of(firm, to) == f"/f/{firm.slug}/clients"
    with app.test_request_context("/crm/", base_url="http://x.example/crm"):
        assert url_of(firm, to) == f"/crm/f/{firm.slug}/clients"
