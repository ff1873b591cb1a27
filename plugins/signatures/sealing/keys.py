"""The key that seals, and the certificates by which its seals are known again."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from attrs import field, frozen
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

BITS = 3072
"""Of RSA, which every reader of PDFs can check (ISO 32000-1 names no elliptic curves), and of which
a signature has one form only: no byte of it can change unnoticed.
"""

LEAST_BITS = 2048
YEARS = timedelta(days=3652)
SLOW_CLOCK = timedelta(hours=1)
OWN = "seal.pem"
TRUSTED = "trusted"
_NEW = "seal.pem.new"
_LOCK = "seal.lock"
_LONGEST_NAME = 64
"""Bytes of a name in a certificate."""

_PEM = b"-----BEGIN "

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class WhyNoKey(StrEnum):
    """Why there is no key that seals."""

    MISSING = "There is no such file, or it cannot be read."
    UNREADABLE = "The file is neither PKCS#12 nor PEM, or it is damaged."
    LOCKED = "The passphrase is wrong."
    NO_KEY = "The file holds no private key."
    NO_CERTIFICATE = "The file holds no certificate that belongs to its private key."
    NOT_YET = "The certificate is not valid yet."
    EXPIRED = "The certificate has expired."
    NOT_FOR_SIGNING = "The certificate is not for signing."
    UNFIT = "The key is neither RSA of at least 2048 bits nor of an elliptic curve by NIST."


class NoKey(ValueError):  # noqa: N818 - the sentence is for people
    """There is no key that seals; `why` says it in a sentence, `place` names the file."""

    def __init__(self, why: WhyNoKey, place: Path) -> None:
        super().__init__(f"{place}: {why}")
        self.why = why
        self.place = place


@frozen
class SealKey:
    """A private key, its certificate, and the certificates above that."""

    private_key: PrivateKey = field(repr=False)
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()


def key_of(
    folder: Path, made_for: str, now: datetime, *, given: Path | None = None, passphrase: str = ""
) -> SealKey:
    """The key that seals from now on: the given PKCS#12 or PEM, else the one of this folder.

    That one is made at first use, and again when it has expired, in the name of `made_for`; it is
    on the disk when this returns, whoever asks at the same time gets the same. From then on
    `certificates_of` knows the certificate. Raises `NoKey`.
    """
    if given is None:
        return _own_key(folder, made_for, now)
    key = _read(given, passphrase)
    _demand_valid(key.certificate, now, given)
    with _alone(folder):
        _note(folder, key.certificate)
    return key


def certificates_of(folder: Path, given: Path | None = None) -> tuple[x509.Certificate, ...]:
    """The certificates by whose seals a file is ours: today's, and all that were before it.

    A given PKCS#12 is known once `key_of` has opened it. Raises `NoKey` for a damaged file.
    """
    places = [*sorted((folder / TRUSTED).glob("*.pem"))]
    if (folder / OWN).exists():
        places.append(folder / OWN)
    if given is not None and (content := _content(given)).lstrip().startswith(_PEM):
        return _each_once([*_trusted(places), *_certificates(content, given)[:1]])
    return _each_once(_trusted(places))


def _trusted(places: list[Path]) -> list[x509.Certificate]:
    return [one for place in places for one in _certificates(_content(place), place)]


def _each_once(found: list[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    return tuple(dict.fromkeys(found))


def _own_key(folder: Path, made_for: str, now: datetime) -> SealKey:
    place = folder / OWN
    if place.exists() and _is_valid(key := _read(place, ""), now):
        return key
    with _alone(folder):
        if place.exists():  # somebody was faster, or it has expired
            key = _read(place, "")
            _note(folder, key.certificate)
            if _is_valid(key, now):
                return key
        key = _made(made_for, now)
        _note(folder, key.certificate)
        _write(folder, OWN, _pem_of(key))
        return key


def _is_valid(key: SealKey, now: datetime) -> bool:
    return now <= key.certificate.not_valid_after_utc


def _made(made_for: str, now: datetime) -> SealKey:
    private_key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    said = "".join(one for one in made_for if one.isprintable()).encode()[:_LONGEST_NAME]
    common = said.decode(errors="ignore").strip() or "Seal"
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])
    public_key = private_key.public_key()
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SLOW_CLOCK)
        .not_valid_after(now + YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )
    return SealKey(private_key, builder.sign(private_key, hashes.SHA256()))


def _pem_of(key: SealKey) -> bytes:
    private = key.private_key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private + key.certificate.public_bytes(serialization.Encoding.PEM)


def _read(place: Path, passphrase: str) -> SealKey:
    content = _content(place)
    password = passphrase.encode() or None
    if content.lstrip().startswith(_PEM):
        private_key = _fit(_private_key(content, password, place), place)
        certificates = _certificates(content, place)
    else:
        found, certificates = _from_pkcs12(content, password, place)
        private_key = _fit(found, place)
    own = [one for one in certificates if one.public_key() == private_key.public_key()]
    if not own:
        raise NoKey(WhyNoKey.NO_CERTIFICATE, place)
    return SealKey(private_key, own[0], tuple(one for one in certificates if one not in own))


def _private_key(content: bytes, password: bytes | None, place: Path) -> object:
    if b"PRIVATE KEY-----" not in content:
        raise NoKey(WhyNoKey.NO_KEY, place)
    try:
        return serialization.load_pem_private_key(content, password)
    except TypeError as error:
        if password is None:
            raise NoKey(WhyNoKey.LOCKED, place) from error
        return _private_key(content, None, place)  # it is not encrypted: the passphrase is idle
    except (ValueError, UnsupportedAlgorithm) as error:
        encrypted = b"ENCRYPTED" in content
        why = WhyNoKey.LOCKED if encrypted else WhyNoKey.UNREADABLE
        raise NoKey(why, place) from error


def _from_pkcs12(
    content: bytes, password: bytes | None, place: Path
) -> tuple[object, list[x509.Certificate]]:
    try:
        found = pkcs12.load_pkcs12(content, password)
    except (ValueError, UnsupportedAlgorithm) as error:
        wrong = "password" in str(error).lower()
        raise NoKey(WhyNoKey.LOCKED if wrong else WhyNoKey.UNREADABLE, place) from error
    if found.key is None:
        raise NoKey(WhyNoKey.NO_KEY, place)
    held = [found.cert, *found.additional_certs]
    return found.key, [one.certificate for one in held if one is not None]


def _certificates(content: bytes, place: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(content)
    except ValueError as error:
        none = b"BEGIN CERTIFICATE-----" not in content
        why = WhyNoKey.NO_CERTIFICATE if none else WhyNoKey.UNREADABLE
        raise NoKey(why, place) from error


def _content(place: Path) -> bytes:
    try:
        return place.read_bytes()
    except OSError as error:
        raise NoKey(WhyNoKey.MISSING, place) from error


def _fit(key: object, place: Path) -> PrivateKey:
    """The key as one that seals."""
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= LEAST_BITS:
        return key
    curves = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, curves):
        return key
    raise NoKey(WhyNoKey.UNFIT, place)


def _demand_valid(certificate: x509.Certificate, now: datetime, place: Path) -> None:
    if now < certificate.not_valid_before_utc:
        raise NoKey(WhyNoKey.NOT_YET, place)
    if now > certificate.not_valid_after_utc:
        raise NoKey(WhyNoKey.EXPIRED, place)
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.digital_signature or usage.content_commitment):
        raise NoKey(WhyNoKey.NOT_FOR_SIGNING, place)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Holds the folder against whoever else makes a key; the lock dies with the process."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _note(folder: Path, certificate: x509.Certificate) -> None:
    """Keeps a certificate among the trusted ones, without its key."""
    trusted = folder / TRUSTED
    name = f"{certificate.fingerprint(hashes.SHA256()).hex()}.pem"
    if (trusted / name).exists():
        return
    trusted.mkdir(mode=0o700, exist_ok=True)
    _write(trusted, name, certificate.public_bytes(serialization.Encoding.PEM))
    _force(folder)


def _write(folder: Path, name: str, content: bytes) -> None:
    """Puts a file there, whole or not at all, for nobody else to read; it is on the disk then."""
    fresh = folder / _NEW  # one name, under the lock: what a killed process left is written over
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(folder / name)
    _force(folder)


def _force(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
