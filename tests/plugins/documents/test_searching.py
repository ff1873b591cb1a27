"""DOC-8: documents are found by names and texts, by whoever may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core.account_changes import archive_account
from crm_core.testing.builders import an_account
from crm_core.working import Worker
from plugins.documents import actions, searching, store
from plugins.documents.forms import Confirm, Rename
from plugins.documents.values import Access
from tests.plugins.documents.making import a_document
from tests.plugins.documents.papers import a_pdf
from tests.plugins.documents.people import ANNA, EMIL, Practice, put
from tests.web.browsing import elements

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from crm_core.context import Context


@pytest.fixture(params=["reading", "by index"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sees few documents has them read; the others' are found through the indexes."""
    if request.param == "by index":
        monkeypatch.setattr(searching, "FEW", 0)


def work(practice: Practice) -> None:
    Worker(store=practice.store, catalog=practice.catalog).work()


def found(
    practice: Practice, text: str, ask: Callable[[], AbstractContextManager[Context]] | None = None
) -> Sequence[str]:
    with (ask or practice.as_owner)() as ctx:
        return [hit.what for hit in searching.hits(ctx, text, 20)]


def found_here(practice: Practice, text: str, *, by_client: bool) -> Sequence[str]:
    with (practice.as_client if by_client else practice.as_owner)() as ctx:
        documents = searching.found_of_account(ctx, practice.account.id, text, 20)
        return [one.name for one in documents]


@pytest.mark.usefixtures("way")
def test_a_document_is_found_by_its_name_at_once_and_by_its_text_once_that_is_read(
    practice: Practice,
) -> None:
    with practice.as_owner() as ctx:
        a_document(ctx, practice.account, name="Tax return 2025.pdf", content=a_pdf("Überweisung"))
        a_document(ctx, practice.account, name="Notes.txt", content=b"about the tax return")
    assert found(practice, "RETURN tax") == ["Tax return 2025.pdf"]
    assert found(practice, "uberweis") == []
    work(practice)
    assert found(practice, "uberweis") == ["Tax return 2025.pdf"]
    assert found(practice, "tax") == ["Tax return 2025.pdf", "Notes.txt"], "names come first"
    assert found(practice, "2025 Überweisung") == ["Tax return 2025.pdf"], "one word in each"
    assert found(practice, "nowhere") == []
    assert found(practice, "%") == found(practice, '"') == []


@pytest.mark.usefixtures("way")
def test_names_that_begin_with_what_was_typed_come_first(practice: Practice) -> None:
    with practice.as_owner() as ctx:
        for name in ("Old return.pdf", "Return B.pdf", "return a.pdf"):
            a_document(ctx, practice.account, name=name)
    assert found(practice, "ret") == ["return a.pdf", "Return B.pdf", "Old return.pdf"]


@pytest.mark.usefixtures("way")
def test_another_name_finds_it_and_the_old_one_no_more(practice: Practice) -> None:
    with practice.as_owner() as ctx:
        public_id = a_document(ctx, practice.account, name="Rent.txt", content=b"Lease of a shop")
    work(practice)
    with practice.as_owner() as ctx:
        document = store.document_of(ctx, practice.account.id, public_id)
        actions.rename(ctx, document, Rename(name="Lease 7.txt", version=document.version))
    assert found(practice, "rent") == []
    assert found(practice, "lease shop 7") == ["Lease 7.txt"]


@pytest.mark.usefixtures("way")
def test_the_text_of_the_current_version_finds_it(practice: Practice) -> None:
    with practice.as_owner() as ctx:
        a_document(ctx, practice.account, name="list.txt", content=b"apples")
    work(practice)
    path = f"{practice.tab}/folders/{practice.top(Access.EDITS)}/upload"
    assert put(practice.owner, path, ("list.txt", b"pears")).status_code == 303
    work(practice)
    assert (found(practice, "apples"), found(practice, "pears")) == ([], ["list.txt"])
    assert put(practice.owner, path, ("list.txt", b"")).status_code == 303
    work(practice)
    assert found(practice, "pears") == []


@pytest.mark.usefixtures("way")
def test_one_finds_what_one_may_see(practice: Practice) -> None:
    """DOC-8: the trash, clients of others and archived ones are left out."""
    with practice.as_owner() as ctx:
        other = an_account(ctx, "Other")
        a_document(ctx, practice.account, name="Contract A.txt", content=b"secret")
        a_document(ctx, other, name="Contract B.txt", content=b"secret")
        public_id = a_document(ctx, practice.account, name="Contract C.txt", content=b"secret")
        document = store.document_of(ctx, practice.account.id, public_id)
        actions.trash(ctx, document, Confirm(version=document.version))
    work(practice)
    for text in ("contract", "secret"):
        assert sorted(found(practice, text)) == ["Contract A.txt", "Contract B.txt"]
        assert found(practice, text, practice.as_employee) == ["Contract A.txt"]
    with practice.as_owner() as ctx:
        archive_account(ctx, other)
    assert found(practice, "secret") == ["Contract A.txt"]


@pytest.mark.usefixtures("way")
def test_in_the_portal_one_finds_what_is_shared(practice: Practice) -> None:
    """DOC-1, DOC-8: of this account, and nothing of a private folder."""
    with practice.as_owner() as ctx:
        for access in Access:
            name = f"Paper {access}.txt"
            a_document(ctx, practice.account, access, name=name, content=b"hidden words")
        a_document(ctx, an_account(ctx, "Other"), name="Paper.txt", content=b"hidden words")
    work(practice)
    for text in ("paper", "hidden"):
        assert sorted(found_here(practice, text, by_client=True)) == [
            "Paper edits.txt",
            "Paper sees.txt",
        ]
        assert len(found_here(practice, text, by_client=False)) == 3


def test_the_search_of_the_team_has_a_group_of_documents(practice: Practice) -> None:
    with practice.as_owner() as ctx:
        public_id = a_document(ctx, practice.account, name="Contract A.txt")
    page = practice.browser_for(EMIL).get("/f/acme/search?q=contract").text
    assert f"{practice.tab}/{public_id}" in [one.get("href") for one in elements(page, "a")]
    assert "Bakery" in page


def test_the_documents_page_has_a_field_that_finds_on_both_sides(practice: Practice) -> None:
    with practice.as_owner() as ctx:
        a_document(ctx, practice.account, name="Contract A.txt")
    for browser, page in (
        (practice.owner, practice.tab),
        (practice.browser_for(ANNA), practice.portal),
    ):
        assert "Contract A.txt" in browser.get(f"{page}?find=contr").text
        nothing = browser.get(f"{page}?find=%3Cb%3E").text
        assert "No document has these words in its name or text." in nothing
        assert 'value="&lt;b&gt;"' in nothing
