"""Folders and documents, as people see them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from attrs import frozen

from crm_core import NotFound, State, Words
from plugins.documents.words import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

MOST_AT_ONCE = 512 * 2**20
"""Bytes that one upload may have."""

MOST_FILES = 100
"""Files that one upload may have."""

DEEPEST = 10
"""Folders within folders."""

LONGEST_FOLDER_NAME = 100

LONGEST_TEXT = 200_000
"""Characters of a text that are shown."""

MOST_ROWS = 200
"""Rows of a table that are shown, besides its headings."""

DAYS_IN_TRASH = 120
"""How long deleted documents can be brought back, where the edition does not say."""


class Access(StrEnum):
    """What the client may do with what lies in a top folder, and below it (DOC-1)."""

    EDITS = "edits"
    SEES = "sees"
    PRIVATE = "private"


ACCESS_TITLES = {
    Access.EDITS: _("Client sees and edits"),
    Access.SEES: _("Client sees"),
    Access.PRIVATE: _("Private"),
}
ACCESS_MEANS = {
    Access.EDITS: _("Clients can open what is in it, and upload, rename and delete."),
    Access.SEES: _("Clients can open what is in it."),
    Access.PRIVATE: _("Only your team sees it."),
}
STANDARD = {
    Access.EDITS: _("From the client"),
    Access.SEES: _("For the client"),
    Access.PRIVATE: _("Internal"),
}
"""The top folders that each account begins with, called so until somebody gives them a name."""


MOST_OF_A_NAME = 1000


def numbered(name: str) -> Iterator[str]:
    """The name with numbers in brackets, from 2 on: `scan (2).pdf`, `scan (3).pdf`, ..."""
    stem, dot, ending = name.rpartition(".")
    stem, ending = (stem, f"{dot}{ending}") if stem else (name, "")
    for number in range(2, MOST_OF_A_NAME):
        yield f"{stem} ({number}){ending}"


@frozen(kw_only=True)
class Folder:
    """A folder of an account. One with the id 0 stands for a top folder that is yet to be made."""

    id: int
    public_id: str
    parent_id: int | None
    name: Words | str
    access: Access
    version: int = 1


@frozen(kw_only=True)
class Tree:
    """The folders of an account that the viewer may see."""

    folders: Sequence[Folder]

    def folder(self, public_id: str) -> Folder:
        """The folder with this public id, or `NotFound`."""
        for folder in self.folders:
            if folder.public_id == public_id:
                return folder
        raise NotFound

    def with_id(self, folder_id: int) -> Folder:
        """The folder with this key, or `NotFound`."""
        for folder in self.folders:
            if folder.id == folder_id:
                return folder
        raise NotFound

    def within(self, folder: Folder | None) -> Sequence[Folder]:
        """The folders that lie directly in one, or at the top; by name."""
        parent = folder.id if folder else None
        inside = [one for one in self.folders if one.parent_id == parent]
        return inside if folder is None else sorted(inside, key=lambda one: str(one.name).lower())

    def path(self, folder: Folder) -> Sequence[Folder]:
        """The folders from the top down to this one, itself included."""
        path = [folder]
        while path[0].parent_id is not None:
            path.insert(0, self.with_id(path[0].parent_id))
        return path

    def below(self, folder: Folder) -> Sequence[Folder]:
        """This folder and everything in it, however deep."""
        found = [folder]
        for one in found:
            found.extend(self.within(one) if one.id else ())
        return found

    def with_added(self, folder: Folder) -> Tree:
        """These folders and one more."""
        return Tree(folders=[*self.folders, folder])

    def height(self, folder: Folder) -> int:
        """How many folders deep it goes from this one on, itself included."""
        return 1 + max((self.height(one) for one in self.within(folder) if one.id), default=0)


@frozen(kw_only=True)
class Standing:
    """What another plugin says of a document: a state, and whether it is shut to clients.

    Clients see the name of one that is shut, and cannot open it.
    """

    state: State
    shut: bool = False


@frozen(kw_only=True)
class Document:
    """A document as it is now: its current version, where it lies, and whether it is new.

    `uploaded_by` is the name of who sent this version, `from_client` whether that was a client.
    """

    id: int
    public_id: str
    account_id: int
    folder_id: int
    access: Access
    name: str
    file_id: int
    size: int
    kind: str
    number: int
    from_client: bool
    uploaded_by: str
    uploaded: datetime
    sealed: datetime | None
    trashed: datetime | None
    trashed_by: str
    version: int
    new: bool = False
    standings: tuple[Standing, ...] = ()

    @property
    def shut(self) -> bool:
        """Whether clients cannot open it."""
        return any(one.shut for one in self.standings)


@frozen(kw_only=True)
class Version:
    """A version of a document, the first one with the number 1."""

    number: int
    file_id: int
    size: int
    kind: str
    from_client: bool
    uploaded_by: str
    uploaded: datetime


@frozen(kw_only=True)
class Kept:
    """A version of a document as it is taken along with all others of its account."""

    folder_id: int
    name: str
    in_trash: bool
    number: int
    current: bool
    file_id: int


class Form(StrEnum):
    """What a preview shows."""

    PAGES = "pages"
    TEXT = "text"
    TABLE = "table"
    NONE = "none"


@frozen(kw_only=True)
class PageImage:
    """A page of a preview, made smaller; the first has the place 1. Sizes are in pixels."""

    place: int
    file_id: int
    width: int
    height: int


@frozen(kw_only=True)
class Preview:
    """What there is to look at of a version, or with `reason` why there is nothing.

    `count` is how many pages it has, of which `pages` are the first; the first of the `rows` of a
    table are its headings.
    """

    form: Form
    reason: Words | None = None
    count: int = 0
    text: str = ""
    rows: Sequence[Sequence[str]] = ()
    pages: Sequence[PageImage] = ()

    @property
    def is_cut(self) -> bool:
        """Whether the text or table goes on where this ends."""
        return len(self.text) >= LONGEST_TEXT or len(self.rows) > MOST_ROWS


@frozen(kw_only=True)
class Listed:
    """A page of documents; `after` is the public id to go on from, or ""."""

    documents: Sequence[Document]
    after: str


@frozen(kw_only=True)
class Request:
    """Documents that clients are asked for; `received` is how many came in so far."""

    id: int
    public_id: str
    folder_id: int
    what: str
    until: date
    received: int
    made_by: str
    created: datetime
    closed: datetime | None

    def open_on(self, today: date) -> bool:
        """Whether documents can still come in on that day."""
        return self.closed is None and today <= self.until
