"""The cards of documents: on the Overview (O1), and on the page with which a client begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import Item, State, To, item_list, may
from plugins.documents import store
from plugins.documents.rights import CHANGE
from plugins.documents.values import Access
from plugins.documents.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core import Context, Fragment
    from crm_core.accounts import Account
    from plugins.documents.values import Document

ON_CARD = 5
NEW = State(word=_("New"), tone="new")
SEALED = State(word=_("Sealed"), tone="info")


def latest(ctx: Context, account: Account) -> Fragment:
    """The five latest documents that the client uploaded or that were shared with them (O1)."""
    here = {"account": account.public_id}
    start = None
    if may(ctx, CHANGE):
        to = To("documents.upload", here | {"folder": Access.SEES.value})
        start = (to, _("Share the first document"))
    documents = store.latest_documents(ctx, account.id, ON_CARD)
    return item_list(
        _items(documents, "documents.document", here),
        empty=_("No document was shared with this client yet."),
        start=start if not documents else None,
    )


def latest_in_portal(ctx: Context, account: Account) -> Fragment:
    """The five latest documents that the client sees."""
    here = {"account": account.public_id}
    documents = store.latest_in_portal(ctx, account.id, ON_CARD)
    return item_list(
        _items(documents, "documents.portal_document", here),
        empty=_("There is no document yet."),
        start=(To("documents.portal", here), _("Send a document")),
    )


def _items(documents: Sequence[Document], route: str, here: dict[str, str]) -> list[Item]:
    return [
        Item(
            what=one.name,
            to=To(route, here | {"document": one.public_id}),
            who=one.uploaded_by,
            when=one.uploaded,
            state=NEW if one.new else SEALED if one.sealed else None,
            states=tuple(said.state for said in one.standings),
        )
        for one in documents
    ]
