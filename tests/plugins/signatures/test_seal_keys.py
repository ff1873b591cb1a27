"""One key for a folder, whoever asks and whatever happens meanwhile."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from plugins.signatures.sealing.keys import NoKey, WhyNoKey, certificates_of, key_of
from plugins.signatures.sealing.seal import sealed
from plugins.signatures.sealing.verifying import Outcome, verified
from tests.plugins.signatures.conftest import NOW
from tests.plugins.signatures.making import a_pdf

if TYPE_CHECKING:
    from pathlib import Path

YEAR = timedelta(days=365)
ASKS = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from plugins.signatures.sealing import keys
{before}
key = keys.key_of(Path(sys.argv[1]), "Acme", datetime(2026, 6, 1, tzinfo=UTC))
print(key.certificate.serial_number)
"""
DIES = """
import os, signal
calls = []
def last(*arguments, **named):
    calls.append(1)
    if len(calls) == {nth}:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*arguments, **named)
real = {what}
{what} = last
"""


def asking(folder: Path, before: str = "") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", ASKS.format(before=before), str(folder)],
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_key_is_made_once_and_found_again(tmp_path: Path) -> None:
    made = key_of(tmp_path / "new", "Zoë & 王 " + "x" * 100, NOW)
    again = key_of(tmp_path / "new", "Another name", NOW + YEAR)
    assert again.certificate == made.certificate
    assert again.private_key.private_numbers() == made.private_key.private_numbers()
    name = made.certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value
    assert str(name).startswith("Zoë & 王 x")
    usage = made.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert usage.content_commitment
    assert not usage.key_cert_sign
    assert made.certificate.not_valid_after_utc - NOW > 9 * YEAR
    assert "private_key" not in repr(made)


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    key_of(tmp_path, "Acme", NOW)
    assert stat.S_IMODE((tmp_path / "seal.pem").stat().st_mode) == 0o600
    trusted = list((tmp_path / "trusted").iterdir())
    assert len(trusted) == 1
    assert b"PRIVATE" not in trusted[0].read_bytes()


def test_processes_that_ask_at_once_get_one_key(tmp_path: Path) -> None:
    processes = [asking(tmp_path / "keys") for _ in range(4)]
    serials = {process.communicate(timeout=60)[0] for process in processes}
    assert all(process.returncode == 0 for process in processes)
    assert serials == {f"{key_of(tmp_path / 'keys', '', NOW).certificate.serial_number}\n"}
    assert len(certificates_of(tmp_path / "keys")) == 1


@pytest.mark.parametrize(
    ("what", "nth"),
    [("os.fsync", 1), ("os.fsync", 3), ("os.fsync", 4), ("os.rename", 1), ("os.rename", 2)],
)
def test_whoever_is_killed_while_making_a_key_leaves_none_or_a_whole_one(
    tmp_path: Path, what: str, nth: int
) -> None:
    before = f"import pathlib\n{DIES.format(what=what, nth=nth)}"
    if what == "os.rename":
        before += "pathlib.Path.rename = lambda self, to: os.rename(self, to)\n"
    killed = asking(tmp_path, before)
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    whole = (tmp_path / "seal.pem").exists()
    before_it = certificates_of(tmp_path)
    key = key_of(tmp_path, "Acme", NOW)
    assert key_of(tmp_path, "Acme", NOW).certificate == key.certificate
    assert key.certificate in certificates_of(tmp_path)
    assert set(before_it) <= set(certificates_of(tmp_path))
    assert not whole or key.certificate in before_it
    assert not (tmp_path / "seal.pem.new").exists()


def test_an_expired_key_is_replaced_and_its_seals_stay_ours(tmp_path: Path) -> None:
    first = key_of(tmp_path, "Acme", NOW)
    paper = tmp_path / "a.pdf"
    paper.write_bytes(a_pdf())
    sealed(paper, first, tmp_path / "b.pdf", reason="", name="", at=NOW)
    later = first.certificate.not_valid_after_utc + timedelta(seconds=1)
    second = key_of(tmp_path, "Acme", later)
    assert second.certificate != first.certificate
    assert set(certificates_of(tmp_path)) == {first.certificate, second.certificate}
    assert verified(tmp_path / "b.pdf", certificates_of(tmp_path)).outcome is Outcome.INTACT


def a_certificate(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | dsa.DSAPrivateKey,
    begins: datetime = NOW - YEAR,
    ends: datetime = NOW + YEAR,
    usage: str = "digital_signature",
) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Given")])
    uses = dict.fromkeys(
        (
            *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
            *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
        ),
        False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.KeyUsage(**{**uses, usage: True}), critical=True)
        .sign(key, hashes.SHA256())
    )


EC = ec.generate_private_key(ec.SECP256R1())
OTHER = ec.generate_private_key(ec.SECP256R1())
SECRET = serialization.BestAvailableEncryption(b"four words")
OPEN = serialization.NoEncryption()


def pem(
    *certificates: x509.Certificate,
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | dsa.DSAPrivateKey | None = EC,
    how: serialization.KeySerializationEncryption = OPEN,
) -> bytes:
    kind = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8)
    private = key.private_bytes(*kind, how) if key else b""
    return private + b"".join(one.public_bytes(kind[0]) for one in certificates)


@pytest.mark.parametrize(
    "content",
    [
        pem(a_certificate(OTHER), a_certificate(EC), how=SECRET),
        pem(a_certificate(EC)),
        pkcs12.serialize_key_and_certificates(
            b"seal", EC, a_certificate(EC), [a_certificate(OTHER)], SECRET
        ),
    ],
    ids=["pem, locked", "pem", "pkcs12"],
)
def test_a_given_key_seals_and_stays_trusted_after_it_is_gone(
    tmp_path: Path, content: bytes
) -> None:
    given, paper = tmp_path / "given", tmp_path / "a.pdf"
    given.write_bytes(content)
    key = key_of(tmp_path / "keys", "Acme", NOW, given=given, passphrase="four words")
    assert key.certificate.public_key() == EC.public_key()
    assert not (tmp_path / "keys" / "seal.pem").exists()
    paper.write_bytes(a_pdf())
    sealed(paper, key, tmp_path / "b.pdf", reason="", name="", at=NOW)
    given.unlink()
    ours = certificates_of(tmp_path / "keys")
    assert verified(tmp_path / "b.pdf", ours).outcome is Outcome.INTACT


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, WhyNoKey.MISSING),
        (b"nothing", WhyNoKey.UNREADABLE),
        (pem(a_certificate(EC))[:200], WhyNoKey.UNREADABLE),
        (pem(a_certificate(EC))[:-200], WhyNoKey.UNREADABLE),
        (pem(a_certificate(EC), how=SECRET), WhyNoKey.LOCKED),
        (
            pkcs12.serialize_key_and_certificates(b"", EC, a_certificate(EC), None, SECRET),
            WhyNoKey.LOCKED,
        ),
        (pem(a_certificate(EC), key=None), WhyNoKey.NO_KEY),
        (pem(), WhyNoKey.NO_CERTIFICATE),
        (pem(a_certificate(OTHER)), WhyNoKey.NO_CERTIFICATE),
        (pem(a_certificate(EC, ends=NOW - timedelta(1))), WhyNoKey.EXPIRED),
        (pem(a_certificate(EC, begins=NOW + timedelta(1))), WhyNoKey.NOT_YET),
        (pem(a_certificate(EC, usage="key_cert_sign")), WhyNoKey.NOT_FOR_SIGNING),
        (pem(key=rsa.generate_private_key(public_exponent=65537, key_size=1024)), WhyNoKey.UNFIT),
        (pem(key=ec.generate_private_key(ec.SECP256K1())), WhyNoKey.UNFIT),
        (pem(key=dsa.generate_private_key(1024)), WhyNoKey.UNFIT),
    ],
)
def test_a_given_key_that_is_wrong_is_refused_with_a_sentence(
    tmp_path: Path, content: bytes | None, why: WhyNoKey
) -> None:
    given = tmp_path / "given"
    if content is not None:
        given.write_bytes(content)
    with pytest.raises(NoKey, match=r"\.$") as refused:
        key_of(tmp_path / "keys", "Acme", NOW, given=given, passphrase="five words")
    assert refused.value.why is why


def test_a_damaged_key_of_our_own_is_told_and_kept(tmp_path: Path) -> None:
    key_of(tmp_path, "Acme", NOW)
    (tmp_path / "seal.pem").write_bytes(b"half")
    with pytest.raises(NoKey):
        key_of(tmp_path, "Acme", datetime.now(UTC))
    with pytest.raises(NoKey):
        certificates_of(tmp_path)
    assert (tmp_path / "seal.pem").read_bytes() == b"half"
