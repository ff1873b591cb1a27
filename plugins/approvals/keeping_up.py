"""What becomes of questions when documents, contacts or their rights change, within the change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import Reaction, When
from crm_core.accounts import account_with_key
from plugins.approvals import actions, saving, store
from plugins.approvals.values import Why
from plugins.approvals.words import _
from plugins.documents import api as documents

if TYPE_CHECKING:
    from crm_core import Context, Happened


def follow_documents(ctx: Context, happened: Happened) -> None:
    """Ends the questions about documents that clients no longer see, or that have a new version."""
    if happened.account_id is None:
        return
    account = account_with_key(ctx, happened.account_id)
    pending = store.pending_on(ctx, [account.id])
    known = documents.documents_of(ctx, account, [one.document_id for one in pending])
    for approval in pending:
        document = known.get(approval.document_id)
        hidden = document is None or document.trashed is not None
        if document is None or hidden or document.access is documents.Access.PRIVATE:
            actions.take_back(ctx, account, approval, Why.HIDDEN)
        elif document.number != approval.number:
            actions.take_back(ctx, account, approval, Why.NEW_VERSION)


def forget_the_last_word(ctx: Context, happened: Happened) -> None:
    """What was said of a document was said of an older version."""
    if happened.account_id is None or happened.after.get("version", 1) == 1:
        return
    account = account_with_key(ctx, happened.account_id)
    follow_documents(ctx, happened)
    document = documents.document_of(ctx, account, happened.about)
    saving.outdate(ctx, document.id)


def follow_contacts(ctx: Context, happened: Happened) -> None:
    """Asks those no more who can no longer sign in."""
    if happened.account_id is not None:
        keys = [happened.account_id]
    elif happened.contact_id is not None:
        waiting = store.pending_for_contact(ctx, happened.contact_id)
        keys = sorted({approval.account_id for approval in waiting})
    else:
        return
    for approval in store.pending_on(ctx, keys):
        account = account_with_key(ctx, approval.account_id)
        actions.ask_fewer(ctx, account, store.locked(ctx, approval))


REACTIONS = (
    Reaction(
        name="version",
        title=_("Approvals of documents with a new version"),
        to=("documents.uploaded",),
        when=When.WITHIN,
        act=forget_the_last_word,
    ),
    Reaction(
        name="place",
        title=_("Approvals of documents that clients no longer see"),
        to=(
            "documents.moved",
            "documents.trashed",
            "documents.folder_changed",
            "documents.folder_moved",
            "documents.folder_deleted",
        ),
        when=When.WITHIN,
        act=follow_documents,
    ),
    Reaction(
        name="contacts",
        title=_("Approvals by people who can no longer sign in"),
        to=(
            "accounts.contact_unlinked",
            "accounts.address_settings_changed",
            "contacts.contact_changed",
        ),
        when=When.WITHIN,
        act=follow_contacts,
    ),
)
