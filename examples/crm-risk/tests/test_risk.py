"""What a plugin tests with the kit that comes with Practice CRM: `pytest -o crm_plugin=risk`."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from risk import store, views, work

from crm_core import Refused
from crm_core.account_changes import archive_account


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


def test_a_client_with_a_high_risk_is_not_archived(crm_as: Any, crm_trial: Any) -> None:
    with crm_as("owner") as ctx:
        store.add_rating(ctx, crm_trial.account.id, "high", "Cash")
    with pytest.raises(Refused, match="risk of this client is high"), crm_as("owner") as ctx:
        archive_account(ctx, crm_trial.account)


def test_old_ratings_are_removed_but_the_latest(crm_as: Any, crm_trial: Any) -> None:
    with crm_as("owner") as ctx:
        for reason in ("first", "second"):
            store.add_rating(ctx, crm_trial.account.id, "low", reason)
        store.remove_older(ctx, ctx.now + timedelta(days=1))
        assert [r.reason for r in store.ratings(ctx, crm_trial.account.id, 5)] == ["second"]
        work.forget(ctx)


def test_a_program_is_not_taken_for_a_photo(crm_client: Any, crm_trial: Any) -> None:
    page = f"/f/here/accounts/{crm_trial.account.public_id}/info/photo"
    sent = {**crm_trial.filled(version="1"), "file": (BytesIO(b"MZ\x90\0"), "photo.png")}
    answer = crm_client.post(page, data=sent)
    assert answer.status_code == 422
    assert "Program for Windows was found in it" in answer.text


def test_whoever_follows_the_client_is_told_of_a_high_risk(crm_as: Any, crm_trial: Any) -> None:
    with crm_as("owner") as ctx:
        for level in ("low", "high"):
            rating = views.NewRating(level=level, reason=f"{level} cash")
            views.rate(ctx, crm_trial.account, rating)
    inbox = crm_trial.client("employee").get("/f/here/inbox").text
    assert "The risk is high: high cash" in inbox
    assert "low cash" not in inbox
