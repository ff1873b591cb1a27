"""What the pages of signatures ask."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - cattrs reads the types of these classes
from enum import StrEnum

from attrs import frozen

from crm_core import Choice, Input, ask, day_typed, version_field
from crm_core.forms import Ask
from plugins.signatures.words import _

LONGEST_NOTE = 2_000
LONGEST_REASON = 2_000
LONGEST_NAME = 120
LONGEST_FIELDS = 100_000
LONGEST_DRAWING = 200_000
"""Characters of a drawn signature: a PNG of at most 150 kB, in Base64."""


@frozen
class NewRequest:
    """A document that is to be signed; `signers` are keys such as `client-7` and `staff-2`."""

    document: str = ask(_("Document"), input=Input.CHOICE, longest=32)
    signers: tuple[str, ...] = ask(
        _("Who signs"),
        default=(),
        input=Input.SEVERAL,
        longest=2_000,
        help=_("Contacts with an address that has LOGIN or NOTIFY, and colleagues."),
    )
    in_order: bool = ask(
        _("One after the other: each is asked once the one before has signed"),
        default=False,
        input=Input.YES_NO,
    )
    expires: date = ask(_("Can be signed until"), input=Input.DATE, read=day_typed)
    note: str = ask(
        _("Message to the signers"), default="", input=Input.LONG_TEXT, longest=LONGEST_NOTE
    )


@frozen
class PlacedFields:
    """Where the fields stand: a JSON list, as the page that places them writes it."""

    fields: str = ask(_("Fields"), default="[]", input=Input.HIDDEN, longest=LONGEST_FIELDS)
    version: int = version_field(_("Version"))


@frozen
class Confirm:
    """A request as somebody saw it before they send or delete it."""

    version: int = version_field(_("Version"))


@frozen
class Reason:
    """Why a request is voided."""

    reason: str = ask(_("Reason"), input=Input.LONG_TEXT, longest=LONGEST_REASON)


class Said(StrEnum):
    """What a signer does."""

    SIGN = "sign"
    DECLINE = "decline"


SAID = Ask(
    label=_("What do you want to do"),
    input=Input.CHOICE,
    required=True,
    choices=(
        Choice(value=Said.SIGN, label=_("Sign")),
        Choice(value=Said.DECLINE, label=_("Decline to sign")),
    ),
)
WHY_NOT = Ask(
    label=_("Why you decline"),
    input=Input.LONG_TEXT,
    longest=LONGEST_REASON,
    help=_("Needed where you decline; nobody can sign it then."),
)
CONSENT = Ask(
    label=_("I agree to sign this document electronically, and have read it."),
    input=Input.YES_NO,
    help=_("You can download and read it first."),
)
TYPED = Ask(
    label=_("Your signature: type your full name"),
    longest=LONGEST_NAME,
    autocomplete="name",
    help=_("Or draw it in the box, with a finger or a mouse."),
)
DRAWN = Ask(label=_("Drawn signature"), input=Input.HIDDEN, longest=LONGEST_DRAWING)
INITIALS = Ask(label=_("Your initials"), longest=10)
