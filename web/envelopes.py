"""Mails as they go out: what stands in their heads, in one line each, and their two bodies.

The one place that makes them, for mails of a firm (`posting`) and for those about signing in
(`mail`), which belong to none.
"""

from __future__ import annotations

from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, formataddr
from typing import TYPE_CHECKING, Any, cast

from attrs import frozen

if TYPE_CHECKING:
    from datetime import datetime
    from email.policy import Policy

NO_DOMAIN = "crm.invalid"


class _Whole(UnstructuredHeader):
    """A header that stays in one line: a folded link is none any more."""

    max_count = 1
    name: str

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_headers = HeaderRegistry()
_headers.map_to_type("list-unsubscribe", cast("Any", _Whole))
POLICY = EmailPolicy(header_factory=_headers)


@frozen(kw_only=True)
class Envelope:
    """What a mail says, and to whom. `name` is the same whenever it is sent.

    `sender` is the address that it comes from, under the name `sent_by`; "" where whoever sends it
    puts that there. `unsubscribe` is the page that stops such mails (RFC 8058).
    """

    to: str
    subject: str
    text: str
    html: str = ""
    created: datetime
    name: str
    sender: str = ""
    sent_by: str = ""
    reply_to: str = ""
    unsubscribe: str = ""

    def message(self) -> EmailMessage:
        """The mail in plain text, and where it has it in HTML."""
        message = EmailMessage(policy=POLICY)
        if self.sender:
            message["From"] = formataddr((_one_line(self.sent_by), self.sender))
        message["To"] = _one_line(self.to)
        message["Subject"] = _one_line(self.subject)
        message["Date"] = format_datetime(self.created)
        message["Message-ID"] = f"<{self.name}@{self.sender.rpartition('@')[2] or NO_DOMAIN}>"
        message["Auto-Submitted"] = "auto-generated"
        if self.reply_to:
            message["Reply-To"] = _one_line(self.reply_to)
        if self.unsubscribe:
            message["List-Unsubscribe"] = f"<{self.unsubscribe}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(self.text)
        if self.html:
            message.add_alternative(self.html, subtype="html")
        return message


def _one_line(text: str) -> str:
    """Whatever could begin another line of the head is gone."""
    return " ".join(text.split())
