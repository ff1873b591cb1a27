"""Approving from a mail, without signing in; reminders until somebody has."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from attrs import evolve

from crm_core import reminders
from plugins.approvals.forms import Remind
from plugins.approvals.telling import reminder_of
from plugins.approvals.values import Outcome, Who
from tests.plugins.approvals.asking import NO, an_approval, ask, mail_everybody, say, seen
from tests.plugins.documents.mailed import links
from tests.plugins.documents.people import ANNA, BEN
from tests.web.browsing import form_of
from tests.web.portal.visiting import mails

if TYPE_CHECKING:
    from flask import Flask

    from tests.plugins.documents.people import Practice
    from web.bootstrap import Deployment


def test_a_mail_leads_to_the_document_and_takes_the_answer(
    practice: Practice, deployment: Deployment, app: Flask
) -> None:
    """POR-7: a GET decides nothing, each answers as who the mail went to, once."""
    mail_everybody(practice)
    approval = ask(practice, practice.shared(name="Return.pdf"), Who.ALL)
    found = links(practice, deployment, app)
    assert set(found) == {ANNA, BEN}
    nobody = app.test_client()
    for _time in range(2):
        page = nobody.get(found[ANNA])
        assert "Return.pdf" in page.text
    assert nobody.get(f"{found[ANNA]}?show=file").data.startswith(b"%PDF")
    assert seen(practice, approval).given == []
    data = {**form_of(page.text), "said": "yes"}
    assert "Others are still asked." in nobody.post(found[ANNA], data=data).text
    assert "Others are still asked." in nobody.post(found[ANNA], data=data).text
    again = {**form_of(nobody.get(found[BEN]).text), "said": "yes"}
    assert "Your accountant knows" in nobody.post(found[BEN], data=again).text
    done = seen(practice, approval)
    assert done.outcome is Outcome.APPROVED
    assert len(done.given) == 2
    assert nobody.get(found[ANNA]).status_code == 404
    assert nobody.get(found[BEN]).status_code == 404


def test_what_is_missing_is_asked_for_at_the_field(
    practice: Practice, deployment: Deployment, app: Flask
) -> None:
    mail_everybody(practice)
    approval = ask(practice, practice.shared())
    path = links(practice, deployment, app)[ANNA]
    nobody = app.test_client()
    form = form_of(nobody.get(path).text)
    for wrong in ({}, {"said": "no"}, {"said": "maybe"}):
        refused = nobody.post(path, data={**form, **wrong})
        assert refused.status_code == 422
        form = form_of(refused.text)
    assert seen(practice, approval).pending


def test_clients_are_reminded_until_they_have_answered(
    practice: Practice, deployment: Deployment, app: Flask
) -> None:
    """NOT-5: and both mails lead to the page, until one of them was used."""
    mail_everybody(practice)
    with practice.as_owner() as ctx:
        earlier = evolve(ctx, now=ctx.now - timedelta(days=3))
        approval = an_approval(earlier, practice.account, remind=Remind.THREE_DAYS)
    first = links(practice, deployment, app)[ANNA]
    with practice.as_owner() as ctx:
        reminders.send_due(ctx)
    links(practice, deployment, app)
    told = [str(mail["Subject"]) for mail in mails(deployment.settings.folder)]
    assert sum("Reminder" in subject for subject in told) == 2
    assert app.test_client().get(first).status_code == 200
    say(practice, approval, NO)
    with practice.as_owner() as ctx:
        assert reminders.reminders_of(ctx, [reminder_of(approval)]) == {}
    assert app.test_client().get(first).status_code == 404
