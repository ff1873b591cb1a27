"""The passkeys of people: which ones there are, adding, using and removing them."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from attrs import field, frozen
from peewee import IntegrityError, fn

from crm_core.refusals import Refused
from crm_core.store.rows import new_public_id
from web.signin import challenges
from web.signin.rows import PasskeyRow
from web.signin.webauthn import (
    Key,
    Site,
    Unsound,
    answer_in,
    checked,
    creation_options,
    new_key,
    request_options,
)
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core.store.database import Store
    from web.signin.challenges import Challenge

MOST_PASSKEYS = 20
"""Of one person."""


@frozen(kw_only=True)
class Passkey:
    """A passkey in the list that its person sees. `public_id` stands for it in an address."""

    public_id: str
    name: str
    created: datetime
    used: datetime | None


def has_passkey(store: Store, person_id: Any) -> Any:
    """For a query that reads of people: whether this one has a passkey. Within a transaction."""
    return fn.EXISTS(PasskeyRow.of(store, PasskeyRow.id).where(PasskeyRow.person_id == person_id))


@frozen
class Passkeys:
    """The passkeys of a deployment's people."""

    store: Store = field(repr=False)
    _secret_key: bytes = field(repr=False)

    def of_person(self, person_id: int) -> Sequence[Passkey]:
        """Those of this person, the oldest first."""
        return [
            Passkey(public_id=row.public_id, name=row.name, created=row.created, used=row.used)
            for row in self._rows(person_id)
        ]

    def ask_for_new(self, site: Site, person_id: int, address: str) -> dict[str, Any]:
        """What the person's browser is asked to make a passkey with."""
        challenge = challenges.new_challenge(challenges.ADD, person_id)
        return creation_options(
            site,
            challenge,
            handle=self._handle(person_id),
            address=address,
            others=[_key(row) for row in self._rows(person_id)],
        )

    def ask_for_proof(self, site: Site, purpose: str, person_id: int = 0) -> dict[str, Any]:
        """What a browser is asked to prove this person with, or whomever it has a passkey of."""
        challenge = challenges.new_challenge(purpose, person_id)
        keys = [_key(row) for row in self._rows(person_id)] if person_id else []
        return request_options(site, challenge, keys)

    def made(self, site: Site, person_id: int, text: str) -> Key:
        """The passkey that the browser made as it was asked to; raises `Unsound`."""
        challenge = challenges.take_challenge(challenges.ADD, person_id)
        if challenge is None:
            raise Unsound
        return new_key(site, challenge.secret, text)

    def add(self, person_id: int, name: str, key: Key) -> None:
        """Keeps a new passkey. Within a writing transaction."""
        mine = PasskeyRow.of(self.store, PasskeyRow.id).where(PasskeyRow.person_id == person_id)
        if mine.count() >= MOST_PASSKEYS:
            raise Refused(_("{count} passkeys are enough. Remove one first.", count=MOST_PASSKEYS))
        try:
            PasskeyRow.insert_into(
                self.store,
                public_id=new_public_id(),
                person_id=person_id,
                credential_id=key.credential_id,
                public_key=key.public_key,
                sign_count=key.sign_count,
                name=name,
                transports=" ".join(key.transports),
                created=datetime.now(UTC),
            )
        except IntegrityError as error:
            raise Unsound from error

    def proved(self, site: Site, purpose: str, text: str, person_id: int = 0) -> int:
        """Who proved to be there with one of their passkeys; it has to be this person, if named.

        Raises `Unsound`. The passkey answers neither this challenge again nor an older one.
        """
        challenge = challenges.take_challenge(purpose, person_id)
        answer = answer_in(text)
        row = self._row(answer.credential_id)
        if challenge is None or row is None or person_id not in (0, row.person_id):
            raise Unsound
        known = answer.user_handle == self._handle(row.person_id)
        if not known and (person_id == 0 or answer.user_handle is not None):
            raise Unsound
        self._use(row, challenge, checked(site, challenge.secret, _key(row), answer))
        return int(row.person_id)

    def remove(self, person_id: int, public_id: str) -> bool:
        """Removes a passkey of this person, if there is such a one. In a writing transaction."""
        query = PasskeyRow.remove(self.store).where(
            (PasskeyRow.person_id == person_id) & (PasskeyRow.public_id == public_id)
        )
        return bool(query.execute())

    def _use(self, row: Any, challenge: Challenge, count: int) -> None:
        """Of two who send the same answer together, one is first: the row decides."""
        newer = PasskeyRow.used.is_null() | (PasskeyRow.used < challenge.made)
        with self.store.deployment_transaction(write=True):
            query = PasskeyRow.change(self.store, sign_count=count, used=challenge.made).where(
                (PasskeyRow.id == row.id) & newer
            )
            used = bool(query.execute())
        if not used:
            raise Unsound

    def _row(self, credential_id: str) -> Any:
        with self.store.deployment_transaction(write=False):
            return (
                PasskeyRow.of(self.store).where(PasskeyRow.credential_id == credential_id).first()
            )

    def _rows(self, person_id: int) -> list[Any]:
        with self.store.deployment_transaction(write=False):
            mine = PasskeyRow.of(self.store).where(PasskeyRow.person_id == person_id)
            return list(mine.order_by(PasskeyRow.id))

    def _handle(self, person_id: int) -> bytes:
        """What a passkey calls its person by: the same each time, and it says nothing of them."""
        text = f"practice-crm passkey {person_id}".encode()
        return hmac.new(self._secret_key, text, hashlib.sha256).digest()


def _key(row: Any) -> Key:
    return Key(
        credential_id=row.credential_id,
        public_key=row.public_key,
        sign_count=row.sign_count,
        transports=tuple(row.transports.split()),
    )
