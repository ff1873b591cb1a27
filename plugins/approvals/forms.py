"""What the pages of approvals ask."""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen

from crm_core import Choice, Input, ask
from plugins.approvals.values import WHO, Who
from plugins.approvals.words import _

LONGEST_NOTE = 2_000
LONGEST_REASON = 2_000


class Remind(StrEnum):
    """How often clients are reminded until they have answered."""

    NEVER = "never"
    THREE_DAYS = "3"
    WEEKLY = "7"

    @property
    def days(self) -> int:
        """The days from one reminder to the next; 0 where there is none."""
        return 0 if self is Remind.NEVER else int(self.value)


TIMES = 5
"""How often clients are reminded at most."""

_REMIND = {
    Remind.NEVER: _("Never"),
    Remind.THREE_DAYS: _("Every 3 days"),
    Remind.WEEKLY: _("Every week"),
}


class Said(StrEnum):
    """What a client says of a document."""

    YES = "yes"
    NO = "no"


@frozen
class NewApproval:
    """A document that clients are asked to approve."""

    document: str = ask(_("Document"), input=Input.CHOICE, longest=32)
    who: Who = ask(
        _("Who has to approve it"),
        default=Who.ANY,
        input=Input.CHOICE,
        choices=tuple(Choice(value=who, label=title) for who, title in WHO.items()),
    )
    note: str = ask(
        _("What clients should look at"), default="", input=Input.LONG_TEXT, longest=LONGEST_NOTE
    )
    remind: Remind = ask(
        _("Remind them"),
        default=Remind.WEEKLY,
        input=Input.CHOICE,
        choices=tuple(Choice(value=often, label=title) for often, title in _REMIND.items()),
        help=_("Until they have answered, at most {times} times.", times=TIMES),
    )


@frozen
class NewAnswer:
    """What a client says of a document."""

    said: Said = ask(
        _("Is this document right?"),
        input=Input.CHOICE,
        choices=(
            Choice(value=Said.YES, label=_("Yes, I approve it")),
            Choice(value=Said.NO, label=_("No, I do not approve it")),
        ),
    )
    reason: str = ask(
        _("What is wrong with it"),
        default="",
        input=Input.LONG_TEXT,
        longest=LONGEST_REASON,
        help=_("Needed where you do not approve it."),
    )
