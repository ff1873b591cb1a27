"""What other plugins may do with documents, and what they may say of them.

A plugin that requires `documents` answers the hook `documents_states` to mark documents with what
it knows of them, and works on documents through the functions here. Each asks for the viewer's
right itself, as the pages of documents do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from crm_core import Hook, Refused, To, audit, demand, hookspec
from crm_core.contributions import is_text
from crm_core.files import bytes_of, file_of
from plugins.documents import actions, rights, store, tree
from plugins.documents.forms import BESIDE, Upload
from plugins.documents.rules import demand_to_open, is_client
from plugins.documents.values import ACCESS_TITLES, Access, Document, Standing
from plugins.documents.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from crm_core import Context, Event, SentFile
    from crm_core.accounts import Account

__all__ = [
    "Access",
    "Document",
    "DocumentStates",
    "Standing",
    "add_document",
    "add_version",
    "content_of",
    "document_of",
    "documents_of",
    "documents_states",
    "page_of",
    "record",
    "seal",
]


@frozen(kw_only=True)
class DocumentStates:
    """What a plugin says of documents: `load(ctx, keys)` gives it by their keys, in bulk (DOC-4).

    A document can stand at several things at once; those of which nothing is said are left out.
    `budget` is the seconds of SQL after which it is cut off. Where it fails, the documents say so,
    and clients can open none of them until it works again: nobody knows then which are shut.
    """

    name: str = field(validator=is_text)
    load: Callable[[Context, Sequence[int]], Mapping[int, Sequence[Standing]]]
    order: int = 500
    budget: float = 0.5


@hookspec
def documents_states() -> Iterable[DocumentStates]:
    """The states that this plugin gives to documents, beside *New* and *Sealed*."""
    raise NotImplementedError


HOOKS = (Hook(spec=documents_states, of=DocumentStates),)


def document_of(ctx: Context, account: Account, public_id: str) -> Document:
    """The document of the account that the viewer may see, or `NotFound`."""
    demand(ctx, rights.IN_PORTAL if is_client(ctx) else rights.READ)
    return store.document_of(ctx, account.id, public_id)


def documents_of(ctx: Context, account: Account, keys: Collection[int]) -> Mapping[int, Document]:
    """Those of the account's documents with these keys that the viewer may see, in bulk."""
    demand(ctx, rights.IN_PORTAL if is_client(ctx) else rights.READ)
    return {one.id: one for one in store.documents_of(ctx, account.id, keys)}


def content_of(ctx: Context, document: Document) -> Iterator[bytes]:
    """The current version's bytes, checked; whoever may not open the document is refused."""
    demand_to_open(ctx, document)
    return bytes_of(ctx.store, file_of(ctx, document.file_id))


def add_document(ctx: Context, account: Account, access: Access, sent: SentFile) -> Document:
    """Puts a file into the account's first top folder of that kind, as an upload does.

    Where a document is called so already, it stands beside it under a name of its own. Refuses
    where the account has no such folder.
    """
    tops = tree.tree_of(ctx, account.id).within(None)
    folder = next((one for one in tops if one.access is access), None)
    if folder is None:
        raise Refused(
            _("This client has no folder of the kind {kind}.", kind=ACCESS_TITLES[access])
        )
    wanted = Upload(files=(sent,), same_name=BESIDE)
    (public_id,) = actions.upload(ctx, account, folder, wanted)
    return store.document_of(ctx, account.id, public_id)


def add_version(ctx: Context, document: Document, sent: SentFile) -> None:
    """Makes the file the current version of the document; those before it stay readable (DOC-6)."""
    actions.replace(ctx, document, sent)


def seal(ctx: Context, document: Document) -> None:
    """Seals the document: the client can no longer change, move or delete it (DOC-5)."""
    actions.seal(ctx, document, sealed=True)


def record(ctx: Context, event: Event, document: Document, **after: Any) -> None:
    """Adds a fact to the firm's history and to the document's own (DOC-9)."""
    told = {"name": document.name, **after}
    audit.record(ctx, event, account_id=document.account_id, after=told, about=document.public_id)


def page_of(ctx: Context, account: Account, document: Document) -> To:
    """The page of the document, on the viewer's side."""
    route = "documents.portal_document" if is_client(ctx) else "documents.document"
    return To(route, {"account": account.public_id, "document": document.public_id})
