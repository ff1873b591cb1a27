"""Links in mails that do one thing without signing in (POR-7)."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any

import pytest
from attrs import define, frozen

from crm_core.account_changes import archive_account
from crm_core.action_links import make_action_link, revoke_action_links
from crm_core.address_settings import save_settings
from crm_core.audit import history
from crm_core.contact_changes import ContactChange, change_contact
from crm_core.context import Context, Page, Redirect, To
from crm_core.contributions import Route, Scope
from crm_core.firm_settings import demand_second_factor
from crm_core.forms import ask
from crm_core.links import link_contact, linked_contacts, unlink_contact
from crm_core.modules import switch_module
from crm_core.permissions import MANAGE_ACCOUNTS, USE_PORTAL, may
from crm_core.testing.builders import a_contact, a_firm, an_account, as_owner, with_login
from crm_core.words import words_of
from tests.web.browsing import copy_of, element, elements, form_of
from tests.web.plugins import Trial, a_plugin, a_template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from crm_core.accounts import Account
    from web.settings import Settings

_ = words_of("tests")
ANNA = "anna@client.example"
PAPER = To("papers.approve", {"paper": "p1"})


@frozen
class Answer:
    """What somebody says to a paper."""

    said: str = ask(_("Your answer"))


@define
class Papers:
    """A module whose papers can be answered by a link, and its firm."""

    trial: Trial
    account: Account
    email_id: int
    contact_id: int
    answers: list[tuple[str, str, str, bool]]

    def link(self, to: To = PAPER, **more: Any) -> str:
        """The path of a new link to the paper."""
        store, catalog = self.trial.deployment.store, self.trial.deployment.catalog
        with as_owner(store, catalog, self.trial.firm) as ctx:
            return f"/do/acme/{make_action_link(ctx, self.account, self.email_id, to, **more)}"

    def open(self, path: str) -> Any:
        """Somebody who is not signed in opens it."""
        return self.trial.client.application.test_client().get(path)

    def answer(self, path: str, said: str = "yes") -> Any:
        """Somebody who is not signed in answers."""
        browser = self.trial.client.application.test_client()
        return browser.post(path, data={**form_of(browser.get(path).text), "said": said})


@pytest.fixture
def papers(settings: Settings, tmp_path: Path) -> Iterator[Papers]:
    answers: list[tuple[str, str, str, bool]] = []
    body = (
        "{% extends 'shell/portal.html' %}"
        "{% from 'shell/forms.html' import form_card with context %}"
        "{% block body %}{{ form_card(form, 'Paper ' ~ paper, 'Send', '') }}{% endblock %}"
    )
    template = a_template(tmp_path, "papers", body)

    def view(ctx: Context, account: Account, paper: str, form: Any, size: str = "") -> Page:
        return Page(template, _("A paper"), {"form": form, "paper": f"{paper}{size}"})

    def submit(ctx: Context, account: Account, paper: str, value: Answer) -> Redirect:
        answers.append((ctx.viewer.name, paper, value.said, may(ctx, MANAGE_ACCOUNTS)))
        return Redirect(To("shell.portal", {"account": account.public_id}), _("Answered."))

    common = {"scope": Scope.PORTAL, "needs": USE_PORTAL, "view": view}
    routes = (
        Route(
            name="approve",
            path="<paper>",
            form=Answer,
            submit=lambda ctx, size, **more: submit(ctx, **more),
            query=("size",),
            by_link=True,
            **common,  # type: ignore[arg-type]
        ),
        Route(name="closed", path="<paper>/closed", form=Answer, submit=submit, **common),  # type: ignore[arg-type]
    )
    trial = Trial.of(settings, a_plugin(tmp_path, "papers", routes=routes))
    store, catalog = trial.deployment.store, trial.deployment.catalog
    with as_owner(store, catalog, trial.firm) as ctx:
        account = an_account(ctx, "Bakery")
        contact = a_contact(ctx, "Anna", ANNA)
        link_contact(ctx, account, contact)
        email_id = with_login(ctx, account, ANNA)
    yield Papers(trial, account, email_id, contact, answers)
    trial.deployment.store.close()


def test_por_7_a_link_answers_once_without_signing_in_and_leads_nowhere_else(
    papers: Papers,
) -> None:
    """POR-7: opening uses nothing up, since mail scanners open first; answering does."""
    path = papers.link()
    for _time in range(3):
        page = papers.open(path)
        assert page.status_code == 200
    assert "Paper p1" in page.text
    assert "Paper p1 in large" in papers.open(f"{path}?size=%20in%20large").text
    leads = {e.get("href") for e in elements(page.text, "a")} - {"#content"}
    assert not leads, "the page offers that one thing"
    done = papers.answer(path)
    assert (done.status_code, element(done.text, "h1").text) == (200, "Done")
    assert "Answered." in done.text
    ((who, paper, said, manages),) = papers.answers
    assert (who[:4], paper, said, manages) == ("Anna", "p1", "yes", False)
    assert papers.open(path).status_code == 404
    store, catalog = papers.trial.deployment.store, papers.trial.deployment.catalog
    with as_owner(store, catalog, papers.trial.firm, write=False) as ctx:
        entry = history(ctx, account_id=papers.account.id).entries[0]
    assert (entry.event, entry.who[:4]) == ("portal.action_link_used", "Anna")


def test_por_7_some_links_may_be_used_again_and_a_form_that_is_refused_uses_nothing(
    papers: Papers,
) -> None:
    """POR-7: as often as said; what was not understood can be sent again."""
    path = papers.link(uses=2)
    assert papers.answer(path, "").status_code == 422
    assert [papers.answer(path).status_code for _time in range(2)] == [200, 200]
    assert papers.open(path).status_code == 404
    endless = papers.link(uses=None)
    assert [papers.answer(endless).status_code for _time in range(3)] == [200, 200, 200]


def test_por_7_a_button_that_is_pressed_twice_acts_once_and_says_the_same(papers: Papers) -> None:
    """POR-7: the second gets the answer of the first; another form of a used link is dead."""
    path = papers.link()
    browser = papers.trial.client.application.test_client()
    form = {**form_of(browser.get(path).text), "said": "yes"}
    other = {**form_of(browser.get(path).text), "said": "no"}
    first, second = (browser.post(path, data=form) for _time in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.text == second.text
    assert "Answered." in second.text
    assert browser.post(path, data=other).status_code == 404
    altered = path[:-3] + "AAA"
    assert browser.post(altered, data=form).status_code == 404, "the form's key is not enough"
    assert browser.post(path.replace("/acme/", "/nowhere/"), data=form).status_code == 404
    assert len(papers.answers) == 1
    several = papers.link(uses=2)
    form = {**form_of(browser.get(several).text), "said": "yes"}
    assert [browser.post(several, data=form).status_code for _time in range(3)] == [200] * 3
    assert papers.answer(several).status_code == 200, "it took one use"
    assert len(papers.answers) == 3


def test_por_7_two_presses_at_once_act_once(papers: Papers) -> None:
    """POR-7: whichever is first, both say what was done."""
    path = papers.link()
    app = papers.trial.client.application
    browser = app.test_client()
    form = {**form_of(browser.get(path).text), "said": "yes"}
    start, answers = Barrier(3), []

    def press() -> None:
        other = copy_of(app, browser)
        start.wait()
        answer = other.post(path, data=form)
        answers.append((answer.status_code, answer.text))
        papers.trial.deployment.store.close()

    threads = [Thread(target=press) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(papers.answers) == 1
    assert len(answers) == 3
    assert len(set(answers)) == 1
    assert answers[0][0] == 200


def _change_address(ctx: Context, papers: Papers) -> None:
    anna = next(c for c in linked_contacts(ctx, papers.account) if c.emails == (ANNA,))
    change = ContactChange(first_name="Anna", emails=("a@b.example",), version=anna.version)
    change_contact(ctx, anna, change)


SPOILED: dict[str, Callable[[Context, Papers], object]] = {
    "revoked": lambda ctx, papers: revoke_action_links(ctx, papers.account, PAPER),
    "replaced": lambda ctx, papers: make_action_link(ctx, papers.account, papers.email_id, PAPER),
    "unlinked": lambda ctx, papers: unlink_contact(ctx, papers.account, papers.contact_id),
    "archived": lambda ctx, papers: archive_account(ctx, papers.account),
    "module off": lambda ctx, _papers: switch_module(ctx, "papers"),
    "not wanted": lambda ctx, _papers: demand_second_factor(ctx, demanded=False, links_act=False),
    "without LOGIN and NOTIFY": lambda ctx, papers: save_settings(
        ctx, papers.account, {"core.login": {papers.email_id: False}}
    ),
    "address changed": _change_address,
}


@pytest.mark.parametrize("spoiled", SPOILED)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_por_7_what_takes_it_away_makes_it_one_plain_page(papers: Papers, spoiled: str) -> None:
    """POR-7: nobody learns why, nor whose it was."""
    path = papers.link()
    deployment = papers.trial.deployment
    with as_owner(deployment.store, deployment.catalog, papers.trial.firm) as ctx:
        SPOILED[spoiled](ctx, papers)
    assert_dead(papers, path)


def test_por_7_old_altered_and_foreign_links_and_those_to_other_pages_are_dead(
    papers: Papers,
) -> None:
    """POR-7: a link is bound to its firm, and to a page that says that links may open it."""
    a_firm(papers.trial.deployment.store, "foreign")
    assert_dead(papers, papers.link(lasts=timedelta(seconds=-1)))
    assert_dead(papers, papers.link()[:-3] + "AAA")
    assert_dead(papers, papers.link().replace("/acme/", "/foreign/"))
    assert_dead(papers, papers.link(To("papers.closed", {"paper": "p1"})))


def assert_dead(papers: Papers, path: str) -> None:
    """It says the same whatever is wrong."""
    answer = papers.open(path)
    assert answer.status_code == 404
    assert element(answer.text, "h1").text == "This link does not work any more"
    for told in ("Acme", "Bakery", "p1", ANNA):
        assert told not in answer.text
    assert not papers.answers
