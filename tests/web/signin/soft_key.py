"""A passkey in software: what an authenticator does, and what it must not."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import TYPE_CHECKING, Any

import cbor2
from attrs import define, field
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from tests.web.browsing import element, form_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

HOST = "crm.firm.example"
ORIGIN = f"https://{HOST}"
ADD, ALONE, CODE, CONFIRM = "/me/passkeys/add", "/sign-in/passkey", "/sign-in/code", "/me/confirm"
"""The pages with a button for a passkey."""

PRESENT, VERIFIED, NEW = 1, 4, 64

JUNK = {
    "alg": -7,
    "sig": b"junk",
    "x5c": [b"junk"],
    "ver": "2.0",
    "response": b"junk",
    "certInfo": b"junk",
    "pubArea": b"junk",
}
"""What a key would vouch for itself with, were it of another kind."""


@define
class SoftKey:
    """One passkey. What it says can be bent, by name, before it is signed."""

    origin: str = ORIGIN
    host: str = HOST
    flags: int = PRESENT | VERIFIED
    count: int = 0
    credential_id: bytes = field(factory=lambda: secrets.token_bytes(16))
    handle: bytes | None = b""
    voucher: str = "none"
    public: Mapping[int, Any] | None = None
    private: ec.EllipticCurvePrivateKey = field(
        factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, asked: Mapping[str, Any]) -> str:
        """The answer to being asked for a new passkey."""
        self.handle = base64url_to_bytes(asked["user"]["id"])
        numbers = self.private.public_key().public_numbers()
        public = self.public or {
            1: 2,
            3: -7,
            -1: 1,
            -2: _bytes(numbers.x),
            -3: _bytes(numbers.y),
        }
        length = len(self.credential_id).to_bytes(2, "big")
        attested = bytes(16) + length + self.credential_id + cbor2.dumps(public)
        authenticator = self._authenticator(NEW) + attested
        said = {} if self.voucher == "none" else JUNK
        voucher = cbor2.dumps({"fmt": self.voucher, "attStmt": said, "authData": authenticator})
        return self._spelled(
            clientDataJSON=self._client("webauthn.create", asked), attestationObject=voucher
        )

    def prove(self, asked: Mapping[str, Any]) -> str:
        """The answer to being asked for a proof."""
        self.count += 1
        client, authenticator = self._client("webauthn.get", asked), self._authenticator()
        signed = authenticator + hashlib.sha256(client).digest()
        return self._spelled(
            clientDataJSON=client,
            authenticatorData=authenticator,
            signature=self.private.sign(signed, ec.ECDSA(SHA256())),
            **({} if self.handle is None else {"userHandle": self.handle}),
        )

    def _client(self, kind: str, asked: Mapping[str, Any]) -> bytes:
        said = {"type": kind, "challenge": asked["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def _authenticator(self, more: int = 0) -> bytes:
        flags = bytes([self.flags | more])
        return hashlib.sha256(self.host.encode()).digest() + flags + self.count.to_bytes(4, "big")

    def _spelled(self, **parts: bytes) -> str:
        name = bytes_to_base64url(self.credential_id)
        said = {part: bytes_to_base64url(value) for part, value in parts.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": said})


def asked_on(client: FlaskClient, path: str) -> Any:
    """What the button on this page asks the browser for."""
    page = client.get(path).text
    at = element(page, "div", class_="passkey").get("data-passkey")
    answer = client.post(at, data={"csrf_token": form_of(page)["csrf_token"]})
    assert answer.status_code == 200, answer.text
    return answer.json


def send_passkey(client: FlaskClient, path: str, text: str, **more: str) -> TestResponse:
    """Sends what a passkey said with the form of this page."""
    return client.post(path, data={**form_of(client.get(path).text), "passkey": text, **more})


def add_key(client: FlaskClient, name: str = "Phone", **bent: Any) -> tuple[SoftKey, TestResponse]:
    """Adds a passkey to whoever is signed in here."""
    key = SoftKey(**bent)
    text = key.make(asked_on(client, ADD))
    return key, send_passkey(client, ADD, text, name=name)


def use_key(client: FlaskClient, path: str, key: SoftKey) -> TestResponse:
    """Presses the button on this page with this passkey at hand."""
    return send_passkey(client, path, key.prove(asked_on(client, path)))


def _bytes(number: int) -> bytes:
    return number.to_bytes(32, "big")
