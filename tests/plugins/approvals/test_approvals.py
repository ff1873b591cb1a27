"""Asking clients whether a document is right, and what they say (features.md 2.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core import NotAllowed, NotFound, Refused, audit
from crm_core.inbox import inbox_page
from plugins.approvals import actions, cards, store
from plugins.approvals.forms import NewAnswer, Said
from plugins.approvals.values import Outcome, Who, Why
from plugins.documents import api as documents
from plugins.documents.values import Access
from tests.plugins.approvals.asking import NO, YES, an_approval, ask, login, say, seen
from tests.plugins.documents.making import a_trashed_document
from tests.plugins.documents.people import ANNA, BEN
from tests.web.browsing import elements, form_of, press

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.plugins.documents.people import Practice


def words_on(practice: Practice, document: str) -> list[str]:
    """What the team reads on the document."""
    found = practice.seen(document, practice.as_owner)
    return [str(one.state.word) for one in found.standings]


def test_one_client_approves_for_all(practice: Practice) -> None:
    """DOC-4: the document says so, the team is told, and nobody is asked any more."""
    document = practice.shared()
    approval = ask(practice, document)
    assert words_on(practice, document) == ["Pending approval"]
    assert say(practice, approval).outcome is Outcome.APPROVED
    assert words_on(practice, document) == ["Approved"]
    with pytest.raises(Refused, match="answered already"):
        say(practice, approval, NO, BEN)
    (answer,) = seen(practice, approval).answers
    assert answer.name.startswith("Carla")
    assert answer.approved


def test_all_who_have_login_approve(practice: Practice) -> None:
    document = practice.shared()
    approval = ask(practice, document, Who.ALL)
    assert [one.approved for one in seen(practice, approval).answers] == [None, None]
    assert say(practice, approval).outcome is Outcome.PENDING
    with pytest.raises(Refused, match="not needed any more"):
        say(practice, approval)
    assert say(practice, approval, YES, BEN).outcome is Outcome.APPROVED


def test_one_who_disapproves_decides_and_says_why(practice: Practice) -> None:
    document = practice.shared()
    approval = ask(practice, document, Who.ALL)
    with pytest.raises(Refused, match="Say what is wrong") as refused:
        say(practice, approval, NewAnswer(said=Said.NO, reason="  "), BEN)
    assert refused.value.at == "reason"
    say(practice, approval)
    assert say(practice, approval, NO, BEN).outcome is Outcome.DISAPPROVED
    assert words_on(practice, document) == ["Disapproved"]
    with practice.as_owner() as ctx:
        told = audit.history(ctx, about=document).entries
    assert [entry.event for entry in told][:2] == ["approvals.disapproved", "approvals.asked"]
    assert told[0].after["reason"] == "The total is wrong."


def test_whoever_follows_the_client_hears_how_it_went(practice: Practice) -> None:
    approval = ask(practice, practice.shared(name="Return.pdf"))
    say(practice, approval, NO)
    with practice.as_employee() as ctx:
        (entry,) = inbox_page(ctx, 5).entries
    assert str(entry.what).endswith("did not approve Return.pdf: The total is wrong.")
    assert entry.to is not None
    assert entry.to.route == "approvals.approval"
    with practice.as_owner() as ctx:
        assert [one.id for one in inbox_page(ctx, 5).entries] != []


def _trashed(practice: Practice) -> str:
    with practice.as_owner() as ctx:
        return a_trashed_document(ctx, practice.account)


def _asked(practice: Practice) -> str:
    document = practice.shared()
    ask(practice, document)
    return document


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda p: p.shared(Access.PRIVATE), "Clients do not see this document"),
        (lambda p: "0" * 32, "Choose one of these"),
        (_trashed, "in the trash"),
        (_asked, "being asked about this document already"),
    ],
)
def test_what_clients_cannot_look_at_is_not_asked_about(
    practice: Practice, make: object, sentence: str
) -> None:
    document = make(practice)  # type: ignore[operator]
    with practice.as_owner() as ctx, pytest.raises(Refused, match=sentence) as refused:
        an_approval(ctx, practice.account, document)
    assert refused.value.at == "document"


def test_nobody_with_login_nobody_to_ask(practice: Practice) -> None:
    document = practice.shared()
    for who in (ANNA, BEN):
        login(practice, who, on=False)
    with practice.as_owner() as ctx, pytest.raises(Refused, match="nobody could answer"):
        an_approval(ctx, practice.account, document)


def test_neither_side_does_what_is_the_others(practice: Practice) -> None:
    approval = ask(practice, practice.shared())
    with practice.as_owner() as ctx, pytest.raises(NotAllowed):
        actions.give_answer(ctx, practice.account, approval, YES)
    with practice.as_client() as ctx, pytest.raises(NotAllowed):
        actions.withdraw(ctx, practice.account, approval)
    with practice.as_client() as ctx, pytest.raises(NotFound):
        actions.give_answer(ctx, practice.account, "0" * 32, YES)


def test_a_question_that_is_taken_back_is_not_answered(practice: Practice) -> None:
    document = practice.shared()
    approval = ask(practice, document)
    with practice.as_owner() as ctx:
        actions.withdraw(ctx, practice.account, approval)
    assert words_on(practice, document) == []
    with pytest.raises(Refused, match="no longer asked"):
        say(practice, approval)
    with practice.as_owner() as ctx, pytest.raises(Refused, match="no longer asked"):
        actions.withdraw(ctx, practice.account, approval)
    assert seen(practice, approval).why is Why.BY_HAND
    assert ask(practice, document) != approval


def test_the_overview_shows_what_waits_for_the_client(practice: Practice) -> None:
    """O7: the latest documents that need the client's approval, the last asked first."""
    first, second = practice.shared(name="First.pdf"), practice.shared(name="Second.pdf")
    practice.shared(name="Not asked.pdf")
    ask(practice, second)
    done = ask(practice, first)
    page = practice.owner.get(f"/f/acme/accounts/{practice.account.public_id}").text
    assert f"{practice.account.public_id}/approvals" in page
    with practice.as_owner() as ctx:
        items = cards.waiting_for_clients(ctx, practice.account).values["items"]
    assert [one.what for one in items] == ["First.pdf", "Second.pdf"]
    assert [str(one.states[0].word) for one in items] == ["Pending approval"] * 2
    say(practice, done)
    with practice.as_owner() as ctx:
        waiting = documents.waiting_documents(ctx, practice.account, 5)
    assert [one.name for one in waiting] == ["Second.pdf"]


def test_the_portal_says_what_is_to_be_done_until_it_is(practice: Practice) -> None:
    """POR-3: an item leaves when the thing is done, for whoever has done their part."""
    approval = ask(practice, practice.shared(name="Return.pdf"), Who.ALL)
    anna, ben = practice.browser_for(ANNA), practice.browser_for(BEN)
    home = f"/p/acme/{practice.account.public_id}"
    answer = f"{home}/approvals/{approval}"
    assert answer in anna.get(home).text
    page = anna.get(answer)
    assert "See page 2." in page.text
    said = anna.post(answer, data={**form_of(page.text), "said": "yes"}, follow_redirects=True)
    assert "Others are still asked." in said.text
    assert answer not in anna.get(home).text
    assert answer in ben.get(home).text
    assert "Pending approval" in anna.get(f"{home}/approvals").text
    assert "Waits for you" in ben.get(f"{home}/approvals").text


def test_the_document_is_seen_from_the_page_that_asks(practice: Practice) -> None:
    document = practice.shared(name="Return.pdf")
    approval = ask(practice, document)
    anna = practice.browser_for(ANNA)
    page = f"/p/acme/{practice.account.public_id}/approvals/{approval}"
    sent = anna.get(f"{page}?show=file")
    assert sent.data.startswith(b"%PDF")
    assert "attachment" in sent.headers["Content-Disposition"]
    for nonsense in ("1", "0", "x", "99999999"):
        assert anna.get(f"{page}?show={nonsense}").status_code == 404
    assert form_of(anna.get(page).text)


def test_the_team_sees_all_of_it(practice: Practice) -> None:
    document = practice.shared(name="Return.pdf")
    path = f"/f/acme/accounts/{practice.account.public_id}/approvals"
    assert "was not asked to approve anything yet" in practice.owner.get(path).text
    form = form_of(practice.owner.get(f"{path}/new?document={document}").text)
    assert form["document"] == document
    asked = practice.owner.post(f"{path}/new", data=form, follow_redirects=True)
    assert "The clients are asked." in asked.text
    assert "Nobody has answered yet." in asked.text
    (approval,) = _all(practice)
    assert "Approval" in practice.owner.get(f"{practice.tab}/{document}").text
    reminded = press(practice.owner, f"{path}/{approval}", f"{path}/{approval}/remind")
    assert reminded.status_code == 303
    say(practice, approval, NO)
    assert "The total is wrong." in practice.owner.get(f"{path}/{approval}").text
    assert "Return.pdf" in practice.owner.get(f"{path}?outcome=disapproved").text
    assert "No approval is in this state." in practice.owner.get(f"{path}?outcome=approved").text
    assert "Return.pdf" in practice.owner.get(f"{path}?outcome=nonsense").text
    assert elements(
        practice.owner.get(f"{practice.tab}/{document}").text,
        "a",
        href=(f"{path}/new?document={document}"),
    )


def test_a_long_list_goes_on_page_by_page(practice: Practice) -> None:
    for _time in range(3):
        ask(practice, practice.shared())
    with practice.as_owner() as ctx:
        first = store.page_of(ctx, practice.account.id, "", "", 2)
        second = store.page_of(ctx, practice.account.id, "", first.after, 2)
    assert [len(first.approvals), len(second.approvals), second.after] == [2, 1, ""]
    ids = [one.id for one in (*first.approvals, *second.approvals)]
    assert ids == sorted(ids, reverse=True)


def _all(practice: Practice) -> Iterator[str]:
    with practice.as_owner() as ctx:
        listed = store.page_of(ctx, practice.account.id, "", "", 50)
    return iter([one.public_id for one in listed.approvals])
