"""E-mail addresses: one spelling to show, one to compare by."""

from __future__ import annotations

from crm_core.refusals import Refused
from crm_core.words import _

LONGEST = 254
"""Characters that an address may have (RFC 5321)."""


def clean_address(text: str) -> str:
    """The address as it is shown and written to; refuses what cannot be one.

    The part before the @ keeps its capitals, the domain is in small letters (and in Unicode).
    """
    from email_validator import EmailNotValidError, validate_email

    try:
        checked = validate_email(
            text.strip(), check_deliverability=False, globally_deliverable=False
        )
    except EmailNotValidError as error:
        raise Refused(_("{text} is not an e-mail address.", text=_short(text))) from error
    if "." not in checked.domain:
        raise Refused(_("{text} is not an e-mail address.", text=_short(text)))
    return checked.normalized


def address_key(address: str) -> str:
    """What two spellings of the same address have in common: capitals do not count."""
    return address.strip().casefold()


def _short(text: str) -> str:
    printable = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text.strip())
    return printable if len(printable) <= 60 else printable[:57] + "..."
