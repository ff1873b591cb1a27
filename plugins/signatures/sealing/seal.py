"""The seal: a PAdES signature over the whole file, after which nothing may change.

The PDF is parsed apart, by a program that adds an empty seal and never sees the key. What it adds
is put after the file's own bytes, which therefore are what is sealed; only the hash of it all is
signed here.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from plugins.signatures.sealing.child import answer_of, nonsense, size_within
from plugins.signatures.sealing.seals import Span, spans_of
from plugins.signatures.sealing.values import Unfit, Why

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from plugins.signatures.sealing.keys import SealKey

LARGEST = 100 * 2**20
"""Bytes of a file that is sealed: one that was stamped is a little larger than before."""

SPARE = 16
"""Bytes by which signatures of elliptic curves differ in length."""

_PREPARING = "seal_program.py"


def sealed(path: Path, key: SealKey, out: Path, *, reason: str, name: str, at: datetime) -> str:
    """Writes the PDF with its seal to `out`, and answers the SHA-256 of that in hexadecimals.

    `reason`, `name` and `at` stand in the seal. Raises `Unfit`; then nothing is written. Takes
    seconds, and nothing is asked over the network.
    """
    size_within(path, LARGEST)
    content = path.read_bytes()
    room = len(_signature(key, hashlib.sha256(b"").digest())) + SPARE
    wanted = {"reason": reason, "name": name, "at": at.isoformat(), "room": 2 * room}
    added = answer_of(_PREPARING, str(path), given=json.dumps(wanted).encode())
    whole = content + added
    span = _empty_seal(added, len(content), len(whole), room)
    if span is None:
        nonsense(_PREPARING, "no empty seal")
        raise Unfit(Why.BROKEN)
    digest = hashlib.sha256(whole[: span.start])
    digest.update(whole[span.end :])
    signature = _signature(key, digest.digest()).hex().ljust(2 * room, "0").encode()
    whole = whole[: span.start + 1] + signature + whole[span.end - 1 :]
    out.write_bytes(whole)
    return hashlib.sha256(whole).hexdigest()


def _empty_seal(added: bytes, before: int, length: int, room: int) -> Span | None:
    """Where the one seal lies that was added: empty, and over all but itself."""
    found = spans_of(added)
    if len(found) != 1:
        return None
    (span,) = found
    start = span.start - before
    empty = b"<" + b"0" * (2 * room) + b">"
    whole = span.end == span.start + len(empty) and span.length == length
    return span if whole and start > 0 and added[start : start + len(empty)] == empty else None


def _signature(key: SealKey, digest: bytes) -> bytes:
    """A CMS signature of this hash, as PAdES wants it."""
    from asn1crypto import keys, x509
    from cryptography.hazmat.primitives import serialization
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    def certificate(one: Any) -> Any:
        return x509.Certificate.load(one.public_bytes(serialization.Encoding.DER))

    registry = SimpleCertificateStore()
    registry.register_multiple([certificate(one) for one in key.chain])
    private = key.private_key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    signer = SimpleSigner(
        signing_cert=certificate(key.certificate),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=registry,
    )

    def signed() -> bytes:
        return bytes(asyncio.run(signer.async_sign(digest, "sha256", use_pades=True)).dump())

    # In a thread of its own: whoever calls this may have an event loop running in theirs.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(signed).result()
