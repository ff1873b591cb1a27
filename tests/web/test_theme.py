"""Light, dark, or as the system has it: kept in a cookie, without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.browsing import element, form_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient

CLIENTS = "/f/acme/clients"


def press_theme(client: FlaskClient, **fields: str) -> str:
    """Presses the button in the sidebar, and answers where it leads."""
    html = client.get(CLIENTS).text
    button = element(html, "button", name="theme")
    sent = {**form_of(html, "/theme"), "theme": button.get("value"), **fields}
    answer = client.post("/theme", data=sent)
    assert answer.status_code == 303
    return answer.location


def shown(client: FlaskClient) -> str:
    return element(client.get(CLIENTS).text, "html").get("data-theme")


def test_the_button_goes_round_and_leads_back_to_the_page(client: FlaskClient) -> None:
    seen = []
    for _ in range(4):
        seen.append(shown(client))
        assert press_theme(client) == CLIENTS
    assert seen == ["", "dark", "light", ""]


def test_an_unknown_theme_is_none(client: FlaskClient) -> None:
    press_theme(client)
    press_theme(client, theme='"><script>')
    assert shown(client) == ""
    client.set_cookie("crm_theme", "purple")
    assert shown(client) == ""


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "evil",
        "/\t/evil.example",
        "\\\\evil.example",
        "/\n/evil.example",
        "",
    ],
)
def test_the_button_never_leads_to_another_host(client: FlaskClient, elsewhere: str) -> None:
    assert press_theme(client, back=elsewhere) == "/"


def test_the_sign_in_page_keeps_the_theme(client: FlaskClient) -> None:
    press_theme(client)
    client.delete_cookie("__Host-crm", path="/")
    assert element(client.get("/sign-in").text, "html").get("data-theme") == "dark"


def test_a_forged_form_changes_nothing(client: FlaskClient) -> None:
    assert client.post("/theme", data={"theme": "dark"}).status_code == 400
    assert shown(client) == ""
