"""Approvals, as people see them: what was asked, of whom, and what they said."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from attrs import frozen

from crm_core import State
from plugins.approvals.words import _

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime


class Who(StrEnum):
    """Who has to answer: any one of the clients, or all that had LOGIN when it was asked."""

    ANY = "any"
    ALL = "all"


WHO = {Who.ANY: _("Any one of them"), Who.ALL: _("All of them")}


class Outcome(StrEnum):
    """How far an approval is. It changes once, from PENDING to another."""

    PENDING = "pending"
    APPROVED = "approved"
    DISAPPROVED = "disapproved"
    WITHDRAWN = "withdrawn"


OUTCOMES = {
    Outcome.PENDING: State(word=_("Pending approval"), tone="warn"),
    Outcome.APPROVED: State(word=_("Approved"), tone="good"),
    Outcome.DISAPPROVED: State(word=_("Disapproved"), tone="bad"),
    Outcome.WITHDRAWN: State(word=_("Withdrawn"), tone="plain"),
}


class Why(StrEnum):
    """Why an approval was withdrawn."""

    BY_HAND = "by hand"
    NEW_VERSION = "new version"
    HIDDEN = "hidden"
    NOBODY_LEFT = "nobody left"


WHY = {
    Why.BY_HAND: _("The question was taken back."),
    Why.NEW_VERSION: _("The document has a new version, which needs a question of its own."),
    Why.HIDDEN: _("Clients can no longer see the document."),
    Why.NOBODY_LEFT: _("Nobody who was asked can sign in any more."),
}


@frozen(kw_only=True)
class Answer:
    """What one contact said, or is still to say: then `approved` is None."""

    contact_id: int
    name: str
    approved: bool | None = None
    reason: str = ""
    at: datetime | None = None


@frozen(kw_only=True)
class Approval:
    """A question whether a version of a document is right.

    `number` is the version. `answers` are those given; where all have to answer, one for each who
    was asked. `why` is said of one that was withdrawn.
    """

    id: int
    public_id: str
    account_id: int
    document_id: int
    number: int
    who: Who
    note: str
    outcome: Outcome
    why: Why | None
    asked: datetime
    asked_by: str
    asked_by_id: int
    decided: datetime | None
    answers: Sequence[Answer] = ()

    @property
    def pending(self) -> bool:
        """Whether an answer is still wanted."""
        return self.outcome is Outcome.PENDING

    @property
    def given(self) -> Sequence[Answer]:
        """The answers that were given."""
        return [one for one in self.answers if one.approved is not None]

    def waits_for(self, contacts: Collection[int]) -> bool:
        """Whether one of these contacts is still to answer."""
        if not self.pending:
            return False
        if self.who is Who.ANY:
            return True
        return any(one.approved is None and one.contact_id in contacts for one in self.answers)


@frozen(kw_only=True)
class Listed:
    """A page of approvals; `after` is the public id to go on from, or ""."""

    approvals: Sequence[Approval]
    after: str
