"""E-mail addresses, phone numbers and web addresses: what reaches somebody."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from crm_core.addresses import address_key, clean_address
from crm_core.fields.texts import short, stored
from crm_core.fields.values import Stored
from crm_core.refusals import Refused
from crm_core.words import Words, _, as_typed

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

    from crm_core.fields.notation import Notation

LONGEST_URL = 2_000
_PHONE = re.compile(
    r"(?:tel:)?(\+?[\d\s()\-–./]+)(?:(?:;ext=|ext\.?|x|#|toestel)\s*(\d{1,7}))?", re.I | re.A
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.A)
_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*:", re.I)


def read_email(text: str, notation: Notation) -> Stored:  # noqa: ARG001 - an address is one everywhere
    """An e-mail address, compared without its capitals."""
    address = clean_address(text)
    return Stored(text=address, sort_text=address_key(address))


def email_link(text: str) -> str:
    """Where an e-mail address leads."""
    return "mailto:" + quote(text, safe="@")


def read_phone(text: str, notation: Notation) -> Stored:
    """A phone number, kept with its country: without one it is of the firm's."""
    import phonenumbers

    parts = _PHONE.fullmatch(text.strip())
    if parts is None:
        raise Refused(_not_a_phone(text))
    extension = f";ext={parts[2]}" if parts[2] else ""
    try:
        number = phonenumbers.parse(parts[1] + extension, notation.country or None)
    except phonenumbers.NumberParseException as error:
        raise Refused(_not_a_phone(text)) from error
    if not phonenumbers.is_possible_number(number):
        raise Refused(_not_a_phone(text))
    return stored(_kept(number))


def read_sure_phone(text: str, notation: Notation) -> Stored:
    """A phone number out of a text that was not asked for one: other digits do not pass for it.

    What somebody types into a phone's field needs to be possible only: new numbers come up.
    """
    import phonenumbers

    stored_phone = read_phone(text, notation)
    number = phonenumbers.parse(stored_phone.text, None)
    if _DAY.fullmatch(text.strip()) or not phonenumbers.is_valid_number(number):
        raise Refused(_not_a_phone(text))
    return stored_phone


def show_phone(text: str, notation: Notation) -> Words:  # noqa: ARG001 - with its country it is the same
    """A phone number, in its country's groups."""
    import phonenumbers

    number = phonenumbers.parse(text, None)
    return as_typed(
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    )


def write_phone(text: str, notation: Notation) -> str:
    """A phone number as it is typed: as it is read."""
    return str(show_phone(text, notation))


def phone_link(text: str) -> str:
    """Where a phone number leads."""
    return f"tel:{text}"


def read_web(text: str, notation: Notation) -> Stored:  # noqa: ARG001 - an address is one everywhere
    """A web address; without http:// or https:// before it, it gets the latter."""
    plain = text.strip()
    if not _SCHEME.match(plain) or _has_port(plain):
        plain = f"https://{plain}"
    if len(plain) > LONGEST_URL or any(c.isspace() or not c.isprintable() for c in plain):
        raise Refused(_not_a_web_address(text))
    scheme, mark, rest = plain.partition("://")
    plain = scheme.lower() + mark + rest
    try:
        parts = urlsplit(plain)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Refused(_not_a_web_address(text)) from error
    if not mark or parts.scheme not in ("http", "https") or "@" in parts.netloc:
        raise Refused(_not_a_web_address(text))
    if not _is_host(host):
        raise Refused(_not_a_web_address(text))
    return stored(plain)


def web_link(text: str) -> str:
    """Where a web address leads."""
    return text


def _has_port(text: str) -> bool:
    """Whether what looks like a scheme is a host with its port: example.com:8080."""
    host, _colon, rest = text.partition(":")
    return "." in host and rest[:1].isdigit()


def _is_host(host: str) -> bool:
    """Whether it is a name with a dot whose last part is no number, or an address of four."""
    import idna

    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        pass
    else:
        return True
    try:
        ascii_name = idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        return False
    name = ascii_name.removesuffix(".")
    return "." in name and not name.rpartition(".")[2].isdigit()


def _kept(number: PhoneNumber) -> str:
    import phonenumbers

    kept = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{kept};ext={number.extension}" if number.extension else kept


def _not_a_phone(text: str) -> Words:
    return _(
        "{text} is not a phone number. Write it with its country, like this: +31 20 123 4567.",
        text=short(text),
    )


def _not_a_web_address(text: str) -> Words:
    return _(
        "{text} is not a web address. Write it like this: https://www.example.com.",
        text=short(text),
    )
