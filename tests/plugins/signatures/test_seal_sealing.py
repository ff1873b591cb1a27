"""A sealed file is what was sealed, to the byte, or its seal says so."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from asn1crypto import x509 as asn1
from attrs import evolve
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.generic import DictionaryObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from plugins.signatures.sealing.checking import checked
from plugins.signatures.sealing.fitness import measured
from plugins.signatures.sealing.seal import sealed
from plugins.signatures.sealing.stamping import stamped
from plugins.signatures.sealing.values import Box, Kind, Mark, Unfit, Why
from plugins.signatures.sealing.verifying import Outcome, verified
from tests.plugins.signatures.conftest import NOW
from tests.plugins.signatures.making import AUDIT, a_form, a_pdf, encrypted

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from cryptography.x509 import Certificate

    from plugins.signatures.sealing.keys import SealKey

CHANGES = 1000
REASON = "Signed by everybody"
SOME = (
    "git.pdf",
    "issue-297.pdf",
    "selenium-pypdf-issue-177.pdf",
    "020-xmp__output_with_metadata_pymupdf.pdf",
)
"""Readers of PDFs stumble over these: two kinds of tables, broken ones."""


def der(certificate: Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


@pytest.fixture(scope="module")
def whole(key: SealKey, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A sealed PDF."""
    folder = tmp_path_factory.mktemp("sealed")
    (folder / "a.pdf").write_bytes(a_pdf("One", "Two"))
    digest = sealed(folder / "a.pdf", key, folder / "b.pdf", reason=REASON, name="Acme €", at=NOW)
    content = (folder / "b.pdf").read_bytes()
    assert hashlib.sha256(content).hexdigest() == digest
    return content


@pytest.fixture(scope="module")
def room(whole: bytes) -> tuple[int, int]:
    """Where the seal's own room begins and ends."""
    _begin, start, end, _rest = PdfFileReader(BytesIO(whole)).embedded_signatures[0].byte_range
    return int(start), int(end)


def validated(content: bytes, certificate: Certificate, at: datetime = NOW) -> Any:
    """What pyHanko's own validator says, at that moment."""
    reader = PdfFileReader(BytesIO(content), strict=True)
    (seal,) = reader.embedded_signatures
    root = asn1.Certificate.load(der(certificate))
    context = ValidationContext(trust_roots=[root], allow_fetching=False, moment=at)
    # In a thread of its own: a browser of another test has an event loop in this one.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(validate_pdf_signature, seal, context).result()


def test_a_sealed_file_is_intact_and_says_when_and_by_whom(
    whole: bytes, key: SealKey, tmp_path: Path
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(whole)
    found = verified(path, [key.certificate])
    assert found.outcome is Outcome.INTACT
    assert (found.sealed_at, found.by) == (NOW, "Acme")
    assert found.sha256 == hashlib.sha256(whole).hexdigest()
    status = validated(whole, key.certificate)
    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"
    (seal,) = PdfFileReader(BytesIO(whole)).embedded_signatures
    assert seal.docmdp_level is MDPPerm.NO_CHANGES
    assert seal.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert (seal.sig_object["/Reason"], seal.sig_object["/Name"]) == (REASON, "Acme €")
    signed = {one["type"].native for one in seal.signer_info["signed_attrs"]}
    assert "signing_certificate_v2" in signed
    assert "signing_time" not in signed


def _stamped_and_sealed(path: Path, key: SealKey, folder: Path) -> None:
    pages = len(measured(path).pages)
    marks = [Mark(Box(pages, 0.1, 0.1, 0.5, 0.2), Kind.SIGNATURE, "Zoë Ångström")]
    stamped(path, marks, AUDIT, folder / "b.pdf")
    sealed(folder / "b.pdf", key, folder / "c.pdf", reason=REASON, name="Acme", at=NOW)
    content = (folder / "c.pdf").read_bytes()
    assert checked(content, [der(key.certificate)]).outcome is Outcome.INTACT, path.name
    status = validated(content, key.certificate)
    assert status.bottom_line, (path.name, status.summary())


@pytest.mark.parametrize("name", SOME)
def test_odd_pdfs_are_stamped_and_sealed(
    corpora: Path, key: SealKey, tmp_path: Path, name: str
) -> None:
    (path,) = (corpora / "pdf").glob(f"*/{name}")
    _stamped_and_sealed(path, key, tmp_path)


def test_a_form_is_stamped_and_sealed(key: SealKey, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(a_form())
    _stamped_and_sealed(tmp_path / "a.pdf", key, tmp_path)


@pytest.mark.deep
def test_every_real_pdf_that_fits_is_stamped_and_sealed(
    corpora: Path, key: SealKey, tmp_path: Path
) -> None:
    count = 0
    for path in sorted((corpora / "pdf").glob("*/*.pdf")):
        try:
            measured(path)
        except Unfit:
            continue
        _stamped_and_sealed(path, key, tmp_path)
        count += 1
    assert count >= 45


def test_every_changed_byte_is_found(whole: bytes, key: SealKey, room: tuple[int, int]) -> None:
    random, (start, end) = Random(20260601), room
    edges = [0, 1, start - 1, end, end + 1, len(whole) - 1]
    covered = [*range(start), *range(end, len(whole))]
    places = [*edges, *random.sample(covered, CHANGES - len(edges))]
    assert len(places) == CHANGES
    assert checked(whole, [der(key.certificate)]).outcome is Outcome.INTACT
    for place in places:
        changed = bytearray(whole)
        changed[place] ^= random.randrange(1, 256)
        found = checked(bytes(changed), [der(key.certificate)])
        assert found.outcome in (Outcome.CHANGED, Outcome.BROKEN), place


@pytest.mark.parametrize(
    "share", [pytest.param(0.015, id="some"), pytest.param(1.0, id="all", marks=pytest.mark.deep)]
)
def test_every_changed_byte_of_the_seal_itself_is_found(
    whole: bytes, key: SealKey, room: tuple[int, int], share: float
) -> None:
    random, (start, end) = Random(7), room
    places = random.sample(range(start, end), int((end - start) * share))
    for place in {start, start + 1, end - 2, end - 1, *places}:
        for other in (ord("0"), ord("f"), whole[place] ^ 0x20, whole[place] ^ 1):
            if other == whole[place]:
                continue
            changed = whole[:place] + bytes([other]) + whole[place + 1 :]
            found = checked(changed, [der(key.certificate)])
            assert found.outcome in (Outcome.CHANGED, Outcome.BROKEN), (place, other)


def test_what_stands_beside_the_seal_in_its_room_is_found(
    whole: bytes, key: SealKey, room: tuple[int, int]
) -> None:
    end = room[1]
    assert whole[end - 9 : end] == b"00000000>"
    for padding in (b"00000001>", b"10000000>", b"0000000 >", b"0000000>>", b"deadbeef>"):
        changed = whole[: end - 9] + padding + whole[end:]
        found = checked(changed, [der(key.certificate)])
        assert found.outcome in (Outcome.CHANGED, Outcome.BROKEN), padding


def revised(content: bytes) -> bytes:
    """A PDF with a revision after it."""
    writer = IncrementalPdfFileWriter(BytesIO(content), strict=True)
    writer.root[pdf_name("/Mine")] = DictionaryObject()
    writer.update_root()
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


@pytest.mark.parametrize("after", [b"\n", b" ", b"%%EOF\n", b"\0" * 100, b"startxref\n9\n%%EOF"])
def test_what_follows_the_seal_is_found(whole: bytes, key: SealKey, after: bytes) -> None:
    found = checked(whole + after, [der(key.certificate)])
    assert found.outcome in (Outcome.CHANGED, Outcome.BROKEN)


def test_a_later_revision_is_found(whole: bytes, key: SealKey, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(revised(whole))
    assert verified(path, [key.certificate]).outcome is Outcome.CHANGED


def test_a_second_signature_is_found(whole: bytes, key: SealKey, tmp_path: Path) -> None:
    steps = PdfCMSEmbedder(SigFieldSpec("Other", on_page=0)).write_cms(
        "Other", IncrementalPdfFileWriter(BytesIO(whole), strict=True)
    )
    next(steps)
    steps.send(SigObjSetup(sig_placeholder=SignatureObject(timestamp=NOW)))
    _digest, made = steps.send(SigIOSetup(md_algorithm="sha256"))
    (seal,) = PdfFileReader(BytesIO(whole)).embedded_signatures
    steps.send(seal.pkcs7_content)
    path = tmp_path / "a.pdf"
    path.write_bytes(made.getvalue())
    assert len(PdfFileReader(made).embedded_signatures) == 2
    assert verified(path, [key.certificate]).outcome is Outcome.CHANGED


def test_a_seal_by_somebody_else_is_not_ours(whole: bytes, other_key: SealKey) -> None:
    found = checked(whole, [der(other_key.certificate)])
    assert (found.outcome, found.by) == (Outcome.NOT_OURS, "Acme")
    assert checked(whole, []).outcome is Outcome.NOT_OURS


def test_a_certificate_of_ours_over_the_key_of_another_is_no_seal(
    key: SealKey, other_key: SealKey, tmp_path: Path
) -> None:
    (tmp_path / "a.pdf").write_bytes(a_pdf())
    forged = evolve(key, private_key=other_key.private_key)
    sealed(tmp_path / "a.pdf", forged, tmp_path / "b.pdf", reason="", name="", at=NOW)
    content = (tmp_path / "b.pdf").read_bytes()
    assert checked(content, [der(key.certificate)]).outcome is Outcome.CHANGED


@pytest.mark.parametrize(
    ("content", "outcomes"),
    [
        (b"", {Outcome.BROKEN}),
        (b"%PDF-1.7\n%%EOF", {Outcome.BROKEN}),
        (Random(3).randbytes(50_000), {Outcome.BROKEN}),
        (a_pdf(), {Outcome.NO_SEAL}),
        (a_pdf()[:-300], {Outcome.BROKEN}),
        (encrypted("four words"), {Outcome.BROKEN, Outcome.NO_SEAL}),
        (encrypted(""), {Outcome.BROKEN, Outcome.NO_SEAL}),
    ],
)
def test_what_bears_no_seal_is_told(
    key: SealKey, tmp_path: Path, content: bytes, outcomes: set[Outcome]
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    found = verified(path, [key.certificate])
    assert found.outcome in outcomes
    assert (found.sealed_at, found.by) == (None, "")
    assert found.sha256 == hashlib.sha256(content).hexdigest()


def test_a_seal_that_was_cut_is_never_intact(whole: bytes, key: SealKey) -> None:
    random = Random(5)
    for length in random.sample(range(len(whole)), 200):
        found = checked(whole[:length], [der(key.certificate)])
        assert found.outcome in (Outcome.BROKEN, Outcome.NO_SEAL), length


def test_no_real_pdf_bears_our_seal(corpora: Path, key: SealKey) -> None:
    for path in sorted((corpora / "pdf").glob("*/*.pdf")):
        found = checked(path.read_bytes(), [der(key.certificate)])
        assert found.outcome in (Outcome.BROKEN, Outcome.NO_SEAL), path.name


def test_nothing_is_sealed_twice(whole: bytes, key: SealKey, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(whole)
    with pytest.raises(Unfit) as refused:
        sealed(tmp_path / "a.pdf", key, tmp_path / "b.pdf", reason="", name="", at=NOW)
    assert refused.value.why is Why.SIGNED
    assert not (tmp_path / "b.pdf").exists()


def test_what_is_broken_is_not_sealed(key: SealKey, tmp_path: Path) -> None:
    for content, why in ((b"", Why.BROKEN), (encrypted(""), Why.ENCRYPTED)):
        (tmp_path / "a.pdf").write_bytes(content)
        with pytest.raises(Unfit) as refused:
            sealed(tmp_path / "a.pdf", key, tmp_path / "b.pdf", reason="", name="", at=NOW)
        assert refused.value.why is why
