"""Requests for signatures, as people see them: the document, the signers and their fields."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING

from attrs import field, frozen

from crm_core import State
from plugins.signatures.sealing.values import Kind
from plugins.signatures.words import _

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

WHOLE = 10_000
"""The width and the height of every page, in which places are counted."""

MOST_SIGNERS = 20
MOST_FIELDS = 500


class Stage(StrEnum):
    """How far a request is (SIG-3). Three ends are open ones no more: nobody can sign then."""

    DRAFT = "draft"
    PENDING = "pending"
    COMPLETING = "completing"
    """All have signed; the worker makes the sealed document."""
    SIGNED = "signed"
    DECLINED = "declined"
    VOIDED = "voided"
    EXPIRED = "expired"


OPEN = (Stage.PENDING, Stage.COMPLETING)
"""While a request is in one of these, its document stays as it is."""

STAGES = {
    Stage.DRAFT: State(word=_("Draft"), tone="plain"),
    Stage.PENDING: State(word=_("Pending signature"), tone="warn"),
    Stage.COMPLETING: State(word=_("Being sealed"), tone="info"),
    Stage.SIGNED: State(word=_("Signed"), tone="good"),
    Stage.DECLINED: State(word=_("Declined"), tone="bad"),
    Stage.VOIDED: State(word=_("Voided"), tone="plain"),
    Stage.EXPIRED: State(word=_("Expired"), tone="bad"),
}


class SignerKind(StrEnum):
    """Whose signature it is: a contact of the account, or a colleague of the firm."""

    CLIENT = "client"
    STAFF = "staff"


KINDS = {
    Kind.SIGNATURE: _("Signature"),
    Kind.INITIALS: _("Initials"),
    Kind.DATE: _("Date"),
    Kind.TEXT: _("Text"),
}


class How(StrEnum):
    """How somebody signed."""

    TYPED = "typed"
    DRAWN = "drawn"


HOW = {How.TYPED: _("Name typed"), How.DRAWN: _("Signature drawn")}


@frozen(kw_only=True)
class Field:
    """A place on a page that a signer fills: in ten-thousandths of the page, from its top left."""

    id: int = 0
    signer: int
    kind: Kind
    page: int
    x: int
    y: int
    width: int
    height: int
    label: str = ""
    value: str = ""


@frozen(kw_only=True)
class Signer:
    """Somebody who signs, the first one with the position 1; one that is not kept yet has none.

    `asked` is since when it is their turn. What they signed with is a text, or a picture (PNG).
    """

    id: int = 0
    public_id: str = ""
    position: int = 0
    kind: SignerKind
    contact_id: int | None = None
    member_id: int | None = None
    email_id: int | None = None
    name: str
    address: str = ""
    asked: datetime | None = None
    seen: datetime | None = None
    consented: datetime | None = None
    signed: datetime | None = None
    declined: datetime | None = None
    from_address: str = ""
    browser: str = ""
    how: How | None = None
    text: str = ""
    initials: str = ""
    picture: bytes = field(default=b"", repr=False)

    @property
    def waits(self) -> bool:
        """Whether it is their turn, and they have yet to sign."""
        return self.asked is not None and self.signed is None and self.declined is None

    def is_member(self, member_id: int) -> bool:
        """Whether it is this member of the team; 0 is nobody."""
        return bool(member_id) and self.member_id == member_id


@frozen(kw_only=True)
class Request:
    """A version of a document that is to be signed.

    With `in_order` each signer is asked once the one before has signed. `hash_before` is that of
    the version (SHA-256), `hash_after` that of the sealed one. `reason` is why it was declined or
    voided.
    """

    id: int
    public_id: str
    account_id: int
    document_id: int
    number: int
    pages: int
    stage: Stage
    in_order: bool
    note: str
    expires: date
    made: datetime
    made_by: str
    made_by_id: int
    sent: datetime | None
    ended: datetime | None
    reason: str
    hash_before: str
    hash_after: str
    version: int
    signers: Sequence[Signer] = ()
    fields: Sequence[Field] = ()

    @property
    def signed_count(self) -> int:
        """How many have signed."""
        return sum(one.signed is not None for one in self.signers)

    @property
    def state(self) -> State:
        """How far it is, in words, with how many of how many have signed (DOC-4)."""
        if self.stage is not Stage.PENDING:
            return STAGES[self.stage]
        count = {"signed": self.signed_count, "all": len(self.signers)}
        if self.signed_count:
            return State(word=_("Partially signed {signed}/{all}", **count), tone="warn")
        return State(word=_("Pending signature {signed}/{all}", **count), tone="warn")

    def signer(self, public_id: str) -> Signer | None:
        """The signer with this public id."""
        return next((one for one in self.signers if one.public_id == public_id), None)

    def waiting(self, contacts: Collection[int]) -> Sequence[Signer]:
        """Those whose turn it is, and who are one of these contacts."""
        if self.stage is not Stage.PENDING:
            return ()
        return [one for one in self.signers if one.waits and one.contact_id in contacts]

    def fields_of(self, signer: Signer) -> Sequence[Field]:
        """What this signer fills, page by page from the top."""
        mine = (one for one in self.fields if one.signer == signer.position)
        return sorted(mine, key=lambda one: (one.page, one.y, one.x, one.id))


@frozen(kw_only=True)
class Listed:
    """A page of requests; `after` is the public id to go on from, or ""."""

    requests: Sequence[Request]
    after: str


@frozen(kw_only=True)
class Proof:
    """A fact about a request that its chain of evidence keeps (SIG-4).

    `hash` is SHA-256 over the one before and all that this one says.
    """

    number: int
    at: datetime
    what: str
    who: str
    address: str
    browser: str
    says: str
    hash: str

    @property
    def about(self) -> str:
        """The name of the signer of whom it tells, where that is not who did it."""
        name = json.loads(self.says).get("signer", "")
        return name if name != self.who else ""
