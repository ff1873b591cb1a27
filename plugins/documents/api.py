"""What other plugins may do with documents, and what they may say of them.

A plugin that requires `documents` answers the hook `documents_states` to mark documents with what
it knows of them, and works on documents through the functions here. Each asks for the viewer's
right itself, as the pages of documents do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from crm_core import Download, Hook, NotFound, Picture, Refused, To, audit, demand, hookspec
from crm_core.contributions import is_text
from crm_core.files import bytes_of, file_of
from plugins.documents import actions, preview_store, rights, standing, store, tree
from plugins.documents.drawing import PAGE_TYPE
from plugins.documents.forms import BESIDE, Upload
from plugins.documents.preview_views import counted
from plugins.documents.rules import demand_to_open, is_client
from plugins.documents.values import ACCESS_TITLES, Access, Document, Preview, Standing
from plugins.documents.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from crm_core import Context, Event, SentFile, Step
    from crm_core.accounts import Account

__all__ = [
    "Access",
    "Document",
    "DocumentActions",
    "DocumentStates",
    "Preview",
    "Standing",
    "add_document",
    "add_version",
    "content_of",
    "document_of",
    "document_of_key",
    "documents_actions",
    "documents_of",
    "documents_states",
    "hash_of",
    "names_of",
    "page_of",
    "preview_of",
    "record",
    "seal",
    "shown_alone",
    "shown_to_clients",
    "waiting_documents",
]


@frozen(kw_only=True)
class DocumentStates:
    """What a plugin says of documents: `load(ctx, keys)` gives it by their keys, in bulk (DOC-4).

    A document can stand at several things at once; those of which nothing is said are left out.
    `budget` is the seconds of SQL after which it is cut off. Where it fails, the documents say so,
    and clients can open none of them until it works again: nobody knows then which are shut.

    `waiting(ctx, account_id, count)` names those on which the account's clients have something to
    do, by their keys with the moment since when, the last first.
    """

    name: str = field(validator=is_text)
    load: Callable[[Context, Sequence[int]], Mapping[int, Sequence[Standing]]]
    waiting: Callable[[Context, int, int], Sequence[tuple[datetime, int]]] | None = None
    order: int = 500
    budget: float = 0.5


@frozen(kw_only=True)
class DocumentActions:
    """Buttons on the page of a document: what `load(ctx, account, document)` answers.

    It is asked for the team's page and for the portal's. Where it fails, its buttons are missing.
    """

    name: str = field(validator=is_text)
    load: Callable[[Context, Account, Document], Sequence[Step]]
    order: int = 500
    budget: float = 0.5


@hookspec
def documents_states() -> Iterable[DocumentStates]:
    """The states that this plugin gives to documents, beside *New* and *Sealed*."""
    raise NotImplementedError


@hookspec
def documents_actions() -> Iterable[DocumentActions]:
    """What this plugin offers to do with a document, on its page."""
    raise NotImplementedError


HOOKS = (
    Hook(spec=documents_states, of=DocumentStates),
    Hook(spec=documents_actions, of=DocumentActions),
)


def document_of(ctx: Context, account: Account, public_id: str) -> Document:
    """The document of the account that the viewer may see, or `NotFound`."""
    demand(ctx, rights.IN_PORTAL if is_client(ctx) else rights.READ)
    return store.document_of(ctx, account.id, public_id)


def documents_of(ctx: Context, account: Account, keys: Collection[int]) -> Mapping[int, Document]:
    """Those of the account's documents with these keys that the viewer may see, in bulk."""
    demand(ctx, rights.IN_PORTAL if is_client(ctx) else rights.READ)
    return {one.id: one for one in store.documents_of(ctx, account.id, keys)}


def names_of(ctx: Context, account: Account, keys: Collection[int]) -> Mapping[int, str]:
    """What those of the account's documents are called that the viewer may see. One query."""
    demand(ctx, rights.IN_PORTAL if is_client(ctx) else rights.READ)
    return store.names_of(ctx, account.id, keys)


def document_of_key(ctx: Context, account: Account, key: int) -> Document:
    """The document of the account with this key that the viewer may see, or `NotFound`."""
    found = documents_of(ctx, account, [key]).get(key)
    if found is None:
        raise NotFound
    return found


def shown_to_clients(ctx: Context, account: Account, count: int) -> Sequence[Document]:
    """The account's documents that its clients can see, the last uploaded first."""
    demand(ctx, rights.IN_PORTAL if is_client(ctx) else rights.READ)
    return store.latest_in_portal(ctx, account.id, count)


def waiting_documents(ctx: Context, account: Account, count: int) -> Sequence[Document]:
    """Those on which clients have something to do, by what plugins say; the last first (O7)."""
    since = standing.waiting(ctx, account.id, count)
    known = documents_of(ctx, account, since)
    return [known[key] for key in since if key in known][:count]


def preview_of(ctx: Context, document: Document) -> Preview | None:
    """What there is to look at of the current version; None until the worker has made it."""
    demand_to_open(ctx, document)
    return preview_store.preview_of(ctx, document)


def shown_alone(ctx: Context, document: Document, what: str) -> Download | Picture:
    """The current version (`what` is "file"), or by its number a page of its preview.

    For a page that is opened by a link: whoever holds it can open nothing besides.
    """
    if what == "file":
        chunks = content_of(ctx, document)
        return Download(document.name, document.kind, chunks, document.size)
    demand_to_open(ctx, document)
    file_id = preview_store.page_of(ctx, document, document.number, counted(what))
    return Picture(PAGE_TYPE, b"".join(bytes_of(ctx.store, file_of(ctx, file_id))))


def hash_of(ctx: Context, document: Document) -> str:
    """SHA-256 of the current version, in hexadecimal."""
    demand_to_open(ctx, document)
    return file_of(ctx, document.file_id).blob.sha256


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
