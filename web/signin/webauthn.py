"""What browsers are asked about passkeys, and what they answer (WebAuthn): checked here alone.

Every passkey verifies the person (a finger, a face, a PIN), so it is two factors in one. What it
answers holds for one challenge, for the configured address and for no other.
"""

from __future__ import annotations

import ipaddress
import struct
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import webauthn
from attrs import frozen
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    options_to_json_dict,
    parse_attestation_object,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

TIMEOUT = 300
"""Seconds that a browser waits for the person, and that a challenge holds."""

LONGEST_ANSWER = 20_000
"""Characters; they are some hundreds, or two thousand with a long key."""

LONGEST_CREDENTIAL_ID = 1_023
"""Bytes that an authenticator may call a key by."""

_FORMATS = ("none", "packed")
"""How a new key may vouch for itself. We ask for no voucher, so there is no chain to check."""

_PORTS = {"http": 80, "https": 443}

_MALFORMED = (
    WebAuthnException,
    InvalidSignature,
    UnsupportedAlgorithm,
    struct.error,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)
"""What reading an answer that somebody made up may raise."""


class Unsound(Exception):  # noqa: N818 - it is what the answer is
    """The answer is none to this challenge: why is nobody's business."""


@frozen(kw_only=True)
class Site:
    """Where passkeys hold: the name that they are bound to, and the one origin that uses them."""

    name: str
    origin: str

    @classmethod
    def of(cls, base_url: str) -> Site | None:
        """That of the configured address, or None: browsers know no passkeys for bare numbers."""
        parts = urlsplit(base_url)
        host = (parts.hostname or "").rstrip(".")
        try:
            ipaddress.ip_address(host)
        except ValueError:
            pass
        else:
            return None
        try:
            name = host.encode("idna").decode()
        except UnicodeError:
            return None
        port = "" if parts.port in (None, _PORTS.get(parts.scheme)) else f":{parts.port}"
        return cls(name=name, origin=f"{parts.scheme}://{name}{port}") if name else None


@frozen(kw_only=True)
class Key:
    """A passkey as it is checked: what it is called by, and what it signs with."""

    credential_id: str
    public_key: str
    sign_count: int = 0
    transports: tuple[str, ...] = ()


@frozen(kw_only=True)
class Answer:
    """What a browser sent for one of the person's keys, still to be checked."""

    text: str
    credential_id: str
    user_handle: bytes | None


def creation_options(
    site: Site, challenge: bytes, *, handle: bytes, address: str, others: Sequence[Key]
) -> dict[str, Any]:
    """What a browser is asked to make a new passkey with; not on a device that has one already."""
    return options_to_json_dict(
        webauthn.generate_registration_options(
            rp_id=site.name,
            rp_name=site.name,
            user_id=handle,
            user_name=address,
            challenge=challenge,
            timeout=TIMEOUT * 1000,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=_described(others),
        )
    )


def request_options(site: Site, challenge: bytes, keys: Sequence[Key] = ()) -> dict[str, Any]:
    """What a browser is asked to prove somebody with: one of these keys, or any that it has."""
    return options_to_json_dict(
        webauthn.generate_authentication_options(
            rp_id=site.name,
            challenge=challenge,
            timeout=TIMEOUT * 1000,
            allow_credentials=_described(keys),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def new_key(site: Site, challenge: bytes, text: str) -> Key:
    """The passkey that a browser made for this challenge; raises `Unsound`."""
    return _read(text, lambda: _new_key(site, challenge, text))


def answer_in(text: str) -> Answer:
    """What a browser sent; raises `Unsound` where it is no answer at all."""
    return _read(text, lambda: _answer_in(text))


def checked(site: Site, challenge: bytes, key: Key, answer: Answer) -> int:
    """The key's new count of signatures, if it gave this answer to this challenge."""
    return _read(answer.text, lambda: _checked(site, challenge, key, answer))


def _read(text: str, read: Callable[[], T]) -> T:
    if len(text) > LONGEST_ANSWER:
        raise Unsound
    try:
        return read()
    except _MALFORMED as error:
        raise Unsound from error


def _new_key(site: Site, challenge: bytes, text: str) -> Key:
    sent = parse_registration_credential_json(text)
    if parse_attestation_object(sent.response.attestation_object).fmt not in _FORMATS:
        raise Unsound
    found = webauthn.verify_registration_response(
        credential=sent,
        expected_challenge=challenge,
        expected_rp_id=site.name,
        expected_origin=site.origin,
        require_user_verification=True,
    )
    # A voucher of none says nothing of the key: it has to be one that can be checked with.
    decoded_public_key_to_cryptography(decode_credential_public_key(found.credential_public_key))
    if not 0 < len(found.credential_id) <= LONGEST_CREDENTIAL_ID:
        raise Unsound
    return Key(
        credential_id=bytes_to_base64url(found.credential_id),
        public_key=bytes_to_base64url(found.credential_public_key),
        sign_count=found.sign_count,
        transports=tuple(sorted({found.value for found in sent.response.transports or ()})),
    )


def _answer_in(text: str) -> Answer:
    sent = parse_authentication_credential_json(text)
    return Answer(
        text=text,
        credential_id=bytes_to_base64url(sent.raw_id),
        user_handle=sent.response.user_handle,
    )


def _checked(site: Site, challenge: bytes, key: Key, answer: Answer) -> int:
    found = webauthn.verify_authentication_response(
        credential=answer.text,
        expected_challenge=challenge,
        expected_rp_id=site.name,
        expected_origin=site.origin,
        credential_public_key=base64url_to_bytes(key.public_key),
        credential_current_sign_count=key.sign_count,
        require_user_verification=True,
    )
    return found.new_sign_count


def _described(keys: Sequence[Key]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(key.credential_id),
            transports=[AuthenticatorTransport(name) for name in key.transports] or None,
        )
        for key in keys
    ]
