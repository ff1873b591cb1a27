"""What a plugin tests with the kit that comes with Practice CRM: `pytest -o crm_plugin=risk`."""

from typing import Any

from risk import store


def test_it_keeps_to_the_contract(crm_findings: list[str]) -> None:
    assert crm_findings == []


def test_a_rating_is_on_the_overview(crm_client: Any, crm_trial: Any) -> None:
    page = f"/f/here/accounts/{crm_trial.account.public_id}"
    answer = crm_client.post(f"{page}/risk", data=crm_trial.filled(level="high", reason="Cash"))
    assert answer.status_code == 303
    html = crm_client.get(page).text
    assert "Cash" in html
    assert "High" in html


def test_an_employee_without_the_right_reads_alone(crm_as: Any, crm_trial: Any) -> None:
    with crm_as("employee") as ctx:
        assert store.ratings(ctx, crm_trial.account.id, 5) == []
    page = f"/f/here/accounts/{crm_trial.account.public_id}/risk"
    assert crm_trial.client("employee").get(page).status_code == 403
