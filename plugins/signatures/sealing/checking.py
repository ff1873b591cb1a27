"""Whether a file bears a seal of ours, and is what was sealed: to the byte.

Strict where readers of PDFs are lenient: one signature, over the whole file; nothing follows it,
nothing stands beside it in its room, and its certificate is one of ours to the byte.
"""

from __future__ import annotations

import hashlib
import io
from functools import partial
from typing import TYPE_CHECKING, Any

from plugins.signatures.sealing.attempts import attempted
from plugins.signatures.sealing.exactness import end_of_value
from plugins.signatures.sealing.seals import spans_of
from plugins.signatures.sealing.verdicts import Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_HEXADECIMALS = frozenset(b"0123456789abcdef")
_ALGORITHMS = ("sha256_rsa", "sha256_ecdsa")
_MARK = b"/ETSI.CAdES.detached"


def checked(content: bytes, trusted: Sequence[bytes]) -> Verdict:
    """The verdict on these bytes; `trusted` are certificates as DER. Never raises for any bytes."""
    sha256 = hashlib.sha256(content).hexdigest()
    found = attempted(partial(_checked, content, trusted, sha256))
    return found or Verdict(Outcome.BROKEN, None, "", sha256)


def _checked(content: bytes, trusted: Sequence[bytes], sha256: str) -> Verdict:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.fields import enumerate_sig_fields
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

    reader = PdfFileReader(io.BytesIO(content), strict=True)
    found = list(enumerate_sig_fields(reader, filled_status=True))
    if not found:
        hidden = _MARK in content and spans_of(content)
        return Verdict(Outcome.CHANGED if hidden else Outcome.NO_SEAL, None, "", sha256)
    if len(found) > 1:
        return Verdict(Outcome.CHANGED, None, "", sha256)
    ((name, _value, field),) = found

    def read() -> tuple[Any, Any, datetime | None, str]:
        seal = EmbeddedPdfSignature(reader, field, name)
        by = seal.signer_cert.subject.native.get("common_name") or ""
        return seal, seal.signer_cert, _time_of(seal), str(by)

    read_whole = attempted(read)
    if read_whole is None:  # there is a signature, and it is no longer one
        return Verdict(Outcome.CHANGED, None, "", sha256)
    seal, certificate, at, by = read_whole
    if not _covers(content, seal) or not _holds(content, seal):
        return Verdict(Outcome.CHANGED, at, by, sha256)
    if certificate.dump() not in trusted:
        return Verdict(Outcome.NOT_OURS, at, by, sha256)
    outcome = Outcome.INTACT if _is_plain(seal) else Outcome.CHANGED
    return Verdict(outcome, at, by, sha256)


def _time_of(seal: Any) -> datetime | None:
    at: datetime | None = seal.self_reported_timestamp
    return at if at is None or at.tzinfo is not None else None


def _covers(content: bytes, seal: Any) -> bool:
    """Whether it covers the file from its first byte to its last, but for its own room."""
    ranges = [int(one) for one in seal.byte_range]
    if len(ranges) != 4:
        return False
    begin, start, end, rest = ranges
    if begin or not 0 < start < end or end + rest != len(content) or rest <= 0:
        return False
    room = content[start:end]
    written = room[1:-1]
    return (
        room[:1] == b"<"
        and room[-1:] == b">"
        and _HEXADECIMALS.issuperset(written)
        and written.decode() == seal.pkcs7_content.hex()
        and _is_alone(seal.pkcs7_content)
    )


def _is_alone(filled: bytes) -> bool:
    """Whether there are but zeros after the signature."""
    from asn1crypto import parser

    _class, _method, _tag, header, content, trailer = parser.parse(filled)
    return not any(filled[len(header) + len(content) + len(trailer) :])


def _holds(content: bytes, seal: Any) -> bool:
    """Whether the signature is one of these bytes, by the key of its certificate."""
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    _begin, start, end, _rest = seal.byte_range
    digest = hashlib.new(seal.md_algorithm, content[:start])
    digest.update(content[end:])
    found = attempted(
        partial(validate_sig_integrity, seal.signer_info, seal.signer_cert, "data", digest.digest())
    )
    return found is not None and all(found)


def _is_plain(seal: Any) -> bool:
    """Whether the signature says nothing but what is signed, as ours do: what stands beside that
    says again what is signed, or is the same in all of them.
    """
    from asn1crypto import cms

    try:
        end = end_of_value(seal.pkcs7_content)
    except ValueError:
        return False
    signed, signer = seal.signed_data, seal.signer_info
    content = signed["encap_content_info"]
    return (
        not any(seal.pkcs7_content[end:])
        and cms.ContentInfo.load(seal.pkcs7_content)["content_type"].native == "signed_data"
        and signed["version"].native == signer["version"].native == "v1"
        and [one.dump() for one in signed["digest_algorithms"]]
        == [signer["digest_algorithm"].dump()]
        and (content["content_type"].native, content["content"].native) == ("data", None)
        and signer["signature_algorithm"]["algorithm"].native in _ALGORITHMS
        and len(signed["signer_infos"]) == 1
        and not signed["crls"].native
        and not signer["unsigned_attrs"].native
    )
