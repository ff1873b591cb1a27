"""Folder templates: written one folder a line, applied to accounts, given to new ones (DOC-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core import NotAllowed, Refused, Stale, audit
from crm_core.testing.builders import an_account
from plugins.documents import template_store, template_use, tree
from plugins.documents.forms import EditedTemplate, NewTemplate
from plugins.documents.values import DEEPEST, Access
from tests.plugins.documents.making import a_document, a_template
from tests.plugins.documents.people import EMIL
from tests.web.browsing import elements, form_of, send

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.context import Context
    from tests.plugins.documents.people import Practice

TAXES = NewTemplate(
    name="Taxes",
    edits="Tax papers/2025\nTax papers/2026\n/Payslips",
    sees="Returns / Income tax",
    private="Working papers\n",
)
SETTINGS = "/f/acme/documents/templates"


def ways(ctx: Context, account: Account) -> list[tuple[str, str]]:
    """The account's folders: what leads to each, and what clients may do."""
    known = tree.tree_of(ctx, account.id)
    return sorted(
        ("/".join(str(step.name) for step in known.path(one)), str(one.access))
        for one in known.folders
    )


ALL = [
    ("For the client", "sees"),
    ("From the client", "edits"),
    ("From the client/Payslips", "edits"),
    ("Internal", "private"),
    ("Returns", "sees"),
    ("Returns/Income tax", "sees"),
    ("Tax papers", "edits"),
    ("Tax papers/2025", "edits"),
    ("Tax papers/2026", "edits"),
    ("Working papers", "private"),
]


def test_a_template_makes_its_folders_once_and_leaves_what_is_there(practice: Practice) -> None:
    """DOC-1: applied twice it makes nothing twice; documents and other folders stay."""
    with practice.as_owner() as ctx:
        document = a_document(ctx, practice.account, Access.PRIVATE)
        template = template_store.template_of(ctx, template_use.add_template(ctx, TAXES))
        made = [template_use.apply_template(ctx, practice.account, template) for _time in (1, 2)]
        assert made == [7, 0]
        assert ways(ctx, practice.account) == ALL
    with practice.as_owner() as ctx:
        told = audit.history(ctx, account_id=practice.account.id).entries[1]
        assert (told.event, told.after) == (
            "documents.template_applied",
            {"name": "Taxes", "folders": 7},
        )
    assert practice.seen(document, practice.as_owner).access is Access.PRIVATE


def test_a_top_folder_of_that_name_stays_what_it_is(practice: Practice) -> None:
    """DOC-1, DOC-2: a template opens nothing to clients that they did not see."""
    with practice.as_owner() as ctx:
        first = template_use.add_template(ctx, NewTemplate(name="One", private="Papers/Old"))
        other = template_use.add_template(ctx, NewTemplate(name="Two", edits="papers/New"))
        for public_id in (first, other):
            template = template_store.template_of(ctx, public_id)
            template_use.apply_template(ctx, practice.account, template)
        papers = [one for one in ways(ctx, practice.account) if one[0].startswith("Papers")]
        assert papers == [
            ("Papers", "private"),
            ("Papers/New", "private"),
            ("Papers/Old", "private"),
        ]


def test_new_clients_get_the_folders_of_the_templates_that_say_so(practice: Practice) -> None:
    """DOC-1: from then on, with the account itself."""
    with practice.as_owner() as ctx:
        before = an_account(ctx, "Before")
        template_use.add_template(ctx, NewTemplate(name="Never", edits="Not here"))
        wanted = NewTemplate(name="Always", edits="Books/2026", for_new=True)
        template_use.add_template(ctx, wanted)
        after = an_account(ctx, "After")
        assert ("Books/2026", "edits") not in ways(ctx, before)
        assert ("Books/2026", "edits") in ways(ctx, after)
        assert ("Not here", "edits") not in ways(ctx, after)


@pytest.mark.parametrize(
    ("written", "at", "said"),
    [
        ({"edits": " \n"}, "edits", "needs a folder"),
        ({"edits": "Taxes//2026"}, "edits", "“Taxes//2026” a folder has no name"),
        ({"sees": "/"}, "sees", "a folder has no name"),
        ({"private": "/".join("x" * (DEEPEST + 1))}, "private", f"{DEEPEST} deep"),
        ({"edits": "y" * 101}, "edits", "longer than 100 letters"),
        ({"edits": "Taxes", "sees": "taxes/2026"}, "sees", "two kinds"),
        ({"edits": "\n".join(map(str, range(201)))}, "", "200 folders"),
    ],
)
def test_what_can_be_no_folder_is_refused_at_its_field(
    practice: Practice, written: dict[str, str], at: str, said: str
) -> None:
    """DOC-1: with the line that is meant."""
    with practice.as_owner() as ctx, pytest.raises(Refused) as refused:
        template_use.add_template(ctx, NewTemplate(name="Wrong", **written))
    assert refused.value.at == at
    assert said in str(refused.value.sentence)


def test_templates_have_names_of_their_own_and_notice_who_was_first(practice: Practice) -> None:
    """DOC-1, ACC-15: the second of two who save is told."""
    with practice.as_owner() as ctx:
        found = template_store.template_of(ctx, a_template(ctx))
        with pytest.raises(Refused, match="this name already"):
            template_use.add_template(ctx, NewTemplate(name=found.name.upper(), edits="A"))
        with pytest.raises(Refused, match="needs a name"):
            template_use.add_template(ctx, NewTemplate(name=" ", edits="A"))
        change = EditedTemplate(name="Renamed", edits="A", version=found.version)
        template_use.change_template(ctx, found, change)
        with pytest.raises(Stale):
            template_use.change_template(ctx, found, change)
        with pytest.raises(Stale):
            template_use.delete_template(ctx, found, found.version)


def test_only_those_who_manage_documents_work_with_templates(practice: Practice) -> None:
    """DOC-1, PER-4: others see no page of them, and no button."""
    with practice.as_owner() as ctx:
        template = template_store.template_of(ctx, a_template(ctx))
    with practice.as_employee() as ctx:
        with pytest.raises(NotAllowed):
            template_use.apply_template(ctx, practice.account, template)
        with pytest.raises(NotAllowed):
            template_use.add_template(ctx, TAXES)
    employee = practice.browser_for(EMIL)
    assert employee.get(SETTINGS).status_code == 403
    assert "Apply a folder template" not in employee.get(practice.tab).text


def test_a_template_goes_from_the_settings_to_a_client(practice: Practice) -> None:
    """DOC-1: made, changed, applied and deleted in the browser."""
    owner = practice.owner
    empty = owner.get(SETTINGS).text
    assert "There is no template yet." in empty
    (current,) = elements(empty, "a", aria_current="page", href=SETTINGS)
    assert current.text == "Folder templates"
    said = {"name": "Taxes", "edits": "Tax papers/2026", "sees": "", "private": ""}
    send(owner, f"{SETTINGS}/new", **said)
    listed = owner.get(SETTINGS).text
    (link,) = (one for one in elements(listed, "a") if one.text == "Taxes")
    page = owner.get(link.get("href")).text
    assert form_of(page)["edits"] == "Tax papers/2026"
    send(owner, link.get("href"), **(said | {"edits": "Tax papers/2026\nTax papers/2027"}))
    assert "2 folders" in owner.get(SETTINGS).text
    template = link.get("href").rpartition("/")[2]
    answer = send(owner, f"{practice.tab}/template", template=template)
    assert "3 folders are made." in owner.get(answer.headers["Location"]).text
    answer = send(owner, f"{practice.tab}/template", template=template)
    assert "all folders of this template already" in owner.get(answer.headers["Location"]).text
    send(owner, f"{link.get('href')}/delete")
    assert "There is no template yet." in owner.get(SETTINGS).text
    with practice.as_owner() as ctx:
        assert ("Tax papers/2027", "edits") in ways(ctx, practice.account)
