"""A person's second factor: codes from an app, and ten recovery codes for when it is lost."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from web.signin.passkeys import has_passkey
from web.signin.rows import CredentialRow
from web.signin.sealing import Sealer
from web.signin.totp import Authenticator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core.store.database import Store

RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that is easily taken for another: 16 of them are 79 bits."""

DIGITS = 6
"""Of a code that the app shows; a recovery code is longer."""

PENDING_LASTS = 3600
"""Seconds that somebody has to set up their app."""


@frozen
class Factors:
    """The second factors of a deployment's people."""

    store: Store = field(repr=False)
    _sealer: Sealer = field(repr=False)

    @classmethod
    def of(cls, store: Store, secret_key: bytes) -> Factors:
        """Those kept in this store, sealed with the deployment's key."""
        return cls(store, Sealer.of(secret_key, "second factor"))

    def begin(self, person_id: int) -> str:
        """A fresh secret, sealed, for the person's browser to keep until it is confirmed."""
        return self._seal(person_id, Authenticator.new().secret)

    def pending(self, person_id: int, sealed: str) -> Authenticator | None:
        """What `begin` made for this person, unless it is too old."""
        return self._opened(person_id, sealed, PENDING_LASTS)

    def confirm(self, person_id: int, pending: Authenticator, code: str) -> Sequence[str] | None:
        """Sets the factor up if the app shows this code, and answers recovery codes that are new.

        None is for another code.
        """
        step = pending.step_of(code, after=0)
        if step is None:
            return None
        with self.store.deployment_transaction(write=True):
            sealed = self._seal(person_id, pending.secret)
            self._change(person_id, totp_secret=sealed, totp_counter=step)
            return self.first_codes(person_id)

    def first_codes(self, person_id: int) -> Sequence[str]:
        """Ten recovery codes for whoever has none, else nothing. In a writing transaction.

        They come with the first factor of any kind.
        """
        codes = _new_codes()
        query = CredentialRow.change(
            self.store,
            recovery_codes=_hashes(person_id, codes),
            version=CredentialRow.version + 1,
        ).where((CredentialRow.person_id == person_id) & (CredentialRow.recovery_codes == ""))
        return codes if query.execute() else ()

    def renew_codes(self, person_id: int) -> Sequence[str]:
        """Ten new recovery codes; the old ones are worth nothing from now on."""
        codes = _new_codes()
        with self.store.deployment_transaction(write=True):
            self._change(person_id, recovery_codes=_hashes(person_id, codes))
        return codes

    def switch_off(self, person_id: int) -> None:
        """Takes the app away; passkeys stay, and the recovery codes for whoever has one."""
        with self.store.deployment_transaction(write=True):
            self._change(person_id, totp_secret=None, totp_counter=0)
            self.drop_last_codes(person_id)

    def drop_last_codes(self, person_id: int) -> None:
        """Takes the codes of whoever has no factor any more. In a writing transaction."""
        CredentialRow.change(self.store, recovery_codes="").where(
            (CredentialRow.person_id == person_id)
            & CredentialRow.totp_secret.is_null()
            & ~has_passkey(self.store, person_id)
        ).execute()

    def codes_left(self, person_id: int) -> int:
        """How many recovery codes were not used yet."""
        row = self._row(person_id)
        return 0 if row is None else len(row.recovery_codes.split())

    def accepts(self, person_id: int, typed: str) -> bool:
        """Whether this is a code of the app or a recovery code of this person; it is used up."""
        row = self._row(person_id)
        if row is None:
            return False
        code = _plain(typed)
        if len(code) == DIGITS:
            return row.totp_secret is not None and self._take_step(row, code)
        return self._take_recovery_code(row, code)

    def _take_step(self, row: Any, code: str) -> bool:
        app = self._opened(row.person_id, row.totp_secret, None)
        step = app.step_of(code, after=row.totp_counter) if app else None
        if step is None:
            return False
        return self._took(row.person_id, CredentialRow.totp_counter < step, totp_counter=step)

    def _take_recovery_code(self, row: Any, code: str) -> bool:
        hashed = _hash(row.person_id, code)
        kept = [left for left in row.recovery_codes.split() if left != hashed]
        if len(kept) == len(row.recovery_codes.split()):
            return False
        same = CredentialRow.recovery_codes == row.recovery_codes
        return self._took(row.person_id, same, recovery_codes=" ".join(kept))

    def _took(self, person_id: int, still: Any, **values: Any) -> bool:
        """Of two who send the same code together, one is first: the row decides."""
        with self.store.deployment_transaction(write=True):
            query = CredentialRow.change(self.store, **values).where(
                (CredentialRow.person_id == person_id) & still
            )
            return bool(query.execute())

    def _change(self, person_id: int, **values: Any) -> None:
        CredentialRow.change(self.store, version=CredentialRow.version + 1, **values).where(
            CredentialRow.person_id == person_id
        ).execute()

    def _row(self, person_id: int) -> Any:
        with self.store.deployment_transaction(write=False):
            return CredentialRow.of(self.store).where(CredentialRow.person_id == person_id).first()

    def _seal(self, person_id: int, secret: str) -> str:
        # With the person inside: a row that is copied to another person does not open there.
        return self._sealer.seal(f"{person_id} {secret}")

    def _opened(self, person_id: int, sealed: str, lasts: int | None) -> Authenticator | None:
        text = self._sealer.open(sealed, lasts)
        whose, _, secret = (text or "").partition(" ")
        return Authenticator(secret) if whose == str(person_id) and secret else None


def _new_codes() -> list[str]:
    return [_new_code() for _ in range(RECOVERY_CODES)]


def _new_code() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def _hashes(person_id: int, codes: Sequence[str]) -> str:
    return " ".join(_hash(person_id, _plain(code)) for code in codes)


def _plain(typed: str) -> str:
    """The code without what people put between: spaces and hyphens."""
    return "".join(typed.split()).replace("-", "").casefold()


def _hash(person_id: int, code: str) -> str:
    return hashlib.sha256(f"{person_id} {code}".encode("utf-8", "surrogatepass")).hexdigest()
