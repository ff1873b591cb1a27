"""A note, as people read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@frozen(kw_only=True)
class Note:
    """A note on an account. `text` is rich text; `saved` is when it was last written or edited."""

    id: int
    public_id: str
    account_id: int
    text: str
    pinned: bool
    author_id: int
    author: str
    created: datetime
    saved: datetime
    version: int

    @property
    def edited(self) -> bool:
        """Whether it was changed after it was written."""
        return self.saved != self.created


@frozen(kw_only=True)
class NotedClient:
    """The client of a note that is shown elsewhere than with the client."""

    name: str
    public_id: str


@frozen(kw_only=True)
class NotesPage:
    """One page of an account's notes; `after` is the public id to go on from, or ""."""

    notes: Sequence[Note]
    after: str
