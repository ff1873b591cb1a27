"""Secrets at rest: sealed with a key that is made of the data folder's secret key."""

from __future__ import annotations

import base64

from attrs import field, frozen
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


@frozen
class Sealer:
    """Seals texts for one purpose: what was sealed for another does not open."""

    _fernet: MultiFernet = field(repr=False)

    @classmethod
    def of(cls, secret_key: bytes, purpose: str) -> Sealer:
        """The sealer with the key that follows from the deployment's secret key."""
        derived = HKDF(
            algorithm=SHA256(), length=32, salt=None, info=f"practice-crm {purpose}".encode()
        ).derive(secret_key)
        return cls(MultiFernet([Fernet(base64.urlsafe_b64encode(derived))]))

    def seal(self, text: str) -> str:
        """The text, so that nobody reads or changes it without the key."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str, lasts: int | None = None) -> str | None:
        """The text, or None: it is not ours, was changed, or is older than `lasts` seconds."""
        try:
            return self._fernet.decrypt(sealed.encode(), ttl=lasts).decode()
        except (InvalidToken, ValueError):
            return None
