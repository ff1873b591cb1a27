"""What people are told of documents: clients by mail, the team in the inbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.inbox import inbox_page
from crm_core.store.notice_rows import NoticeRow
from plugins.documents.values import Access
from tests.plugins.documents.people import ANNA, put

if TYPE_CHECKING:
    from tests.plugins.documents.people import Practice


def told_clients(practice: Practice) -> int:
    with practice.as_owner() as ctx:
        return NoticeRow.of(ctx).where(NoticeRow.type == "documents.shared").count()


def test_clients_are_told_of_what_they_can_see(practice: Practice) -> None:
    """NOT-1: once for an upload, however many files; of nothing that is private."""
    practice.shared(Access.PRIVATE)
    assert told_clients(practice) == 0
    path = f"{practice.tab}/folders/{practice.top(Access.SEES)}/upload"
    assert put(practice.owner, path, ("a.txt", b"a"), ("b.txt", b"b")).status_code == 303
    assert told_clients(practice) == 1


def test_who_follows_the_client_is_told_of_what_it_sent(practice: Practice) -> None:
    """NOT-3: in the inbox, with a link to the document."""
    path = f"{practice.portal}/folders/{practice.top(Access.EDITS)}/upload"
    assert put(practice.browser_for(ANNA), path, ("scan.pdf", b"x")).status_code == 303
    with practice.as_employee() as ctx:
        (entry,) = inbox_page(ctx, 1).entries
    assert "scan.pdf" in str(entry.what)
    assert entry.to is not None
    assert entry.to.route == "documents.document"
    assert told_clients(practice) == 0
