"""Links in mails that stop such mails: sealed, so nobody guesses, reads or alters one.

They work for as long as the address is told things, without signing in.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING

from attrs import frozen
from cattrs.preconf.json import make_converter
from flask import current_app

from crm_core.notification_types import MailWish
from web.signin.sealing import Sealer

if TYPE_CHECKING:
    from crm_core.delivering import ClientLetter, StaffLetter
    from crm_core.firms import Firm

TO_CLIENT, TO_STAFF = "unsubscribe a client", "unsubscribe a colleague"
"""What a link was sealed for: one for clients opens nothing of a colleague's."""

_converter = make_converter()


@frozen(kw_only=True)
class ClientLink:
    """Stops a type for an address of a client, on one account."""

    firm_id: int
    account_id: int
    email_id: int
    type: str


@frozen(kw_only=True)
class StaffLink:
    """Stops mails about some types for a colleague; `mail` is how they came."""

    firm_id: int
    member_id: int
    types: list[str]
    mail: MailWish


def client_link(firm: Firm, letter: ClientLetter) -> str:
    """The token of the link in a mail to a client."""
    link = ClientLink(
        firm_id=firm.id,
        account_id=letter.account_id,
        email_id=letter.email_id,
        type=letter.type.name,
    )
    return _sealer(TO_CLIENT).seal(_converter.dumps(link))


def staff_link(firm: Firm, letter: StaffLetter) -> str:
    """The token of the link in a mail to a colleague."""
    link = StaffLink(
        firm_id=firm.id,
        member_id=letter.member_id,
        types=sorted({entry.type.name for entry in letter.entries}),
        mail=MailWish.DAILY if letter.daily else MailWish.AT_ONCE,
    )
    return _sealer(TO_STAFF).seal(_converter.dumps(link))


def opened(token: str) -> ClientLink | StaffLink | None:
    """What the link is about, or None: it is not ours, or was altered."""
    if not _as_sealed(token):
        return None
    if text := _sealer(TO_CLIENT).open(token):
        return _converter.loads(text, ClientLink)
    if text := _sealer(TO_STAFF).open(token):
        return _converter.loads(text, StaffLink)
    return None


def _as_sealed(token: str) -> bool:
    """Whether it is written as we write it: base64 would read more than one way of it."""
    try:
        return urlsafe_b64encode(urlsafe_b64decode(token)).decode() == token
    except ValueError:
        return False


def _sealer(purpose: str) -> Sealer:
    return Sealer.of(current_app.config["SECRET_KEY"], purpose)
