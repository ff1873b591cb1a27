"""The sign-in library's users, kept in our rows: one credential for each person."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from flask_security import RoleMixin, UserMixin
from flask_security.datastore import UserDatastore
from peewee import IntegrityError

from crm_core.addresses import address_key, clean_address
from crm_core.firms import create_person
from crm_core.refusals import Refused
from crm_core.store.tables import PersonRow
from web.signin.links import drop_links
from web.signin.passkeys import has_passkey
from web.signin.passwords import fits, hash_of
from web.signin.rows import CredentialRow
from web.signin.sessions import end_sessions_of
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_core.store.database import Store

NOBODY = 0
"""The key of no person."""


class User(UserMixin):
    """A person as the sign-in library knows them: an object of its own, not a row."""

    # The library asks the class which attributes there are.
    fs_uniquifier = ""
    email = ""
    password = ""
    active = True

    def __init__(self, row: Any) -> None:
        self.id = int(row.person_id)
        self.email = row.address
        self.password = row.password
        self.active = row.active
        self.fs_uniquifier = row.uniquifier
        self.has_app = row.totp_secret is not None
        self.has_passkey = bool(row.has_passkey)
        self.roles: list[Any] = []

    @property
    def has_second_factor(self) -> bool:
        """Whether the password alone does not sign them in."""
        return self.has_app or self.has_passkey


class _NoRole(RoleMixin):
    """Roles belong to firms; the library has none."""


class RowDatastore(UserDatastore):
    """Finds and saves the library's users in the rows of a store."""

    def __init__(self, store: Store) -> None:
        super().__init__(User, _NoRole)
        self.store = store

    def find_user(self, case_insensitive: bool = False, **wanted: Any) -> User | None:  # noqa: ARG002
        """The user with this address, uniquifier or id."""
        where: dict[str, Callable[[Any], Any]] = {
            "email": lambda text: CredentialRow.address_key == address_key(text),
            "fs_uniquifier": lambda text: CredentialRow.uniquifier == text,
            "id": lambda key: CredentialRow.person_id == key,
        }
        ((attribute, value),) = wanted.items()
        if "\x00" in str(value):
            return None
        with self.store.deployment_transaction(write=False):
            row = _with_factors(self.store).where(where[attribute](value)).first()
        return None if row is None else User(row)

    def find_role(self, role: str) -> None:
        """There are none: roles belong to firms."""

    def put(self, user: User) -> User:
        """Saves what the library changed: a password that it hashed anew, a new uniquifier."""
        with self.store.deployment_transaction(write=True):
            CredentialRow.change(
                self.store,
                password=user.password,
                active=user.active,
                uniquifier=user.fs_uniquifier,
                version=CredentialRow.version + 1,
            ).where(CredentialRow.person_id == user.id).execute()
        return user

    def commit(self) -> None:
        """Each call commits by itself."""


def person_with_address(store: Store, address: str) -> int | None:
    """The key of the person who signs in with this address, or None."""
    with store.deployment_transaction(write=False):
        row = (
            CredentialRow.of(store, CredentialRow.person_id)
            .where(CredentialRow.address_key == address_key(address))
            .first()
        )
    return None if row is None else int(row.person_id)


def language_of_address(store: Store, address: str) -> str:
    """The language that whoever signs in with this address chose, or "". Within a transaction."""
    row = (
        PersonRow.of(store, PersonRow.language)
        .join(CredentialRow, on=CredentialRow.person_id == PersonRow.id)
        .where(CredentialRow.address_key == address_key(address))
        .first()
    )
    return "" if row is None else str(row.language)


def person_within(store: Store, address: str) -> User | None:
    """The person who may sign in with this address, or None. Within a transaction."""
    row = _with_factors(store).where(CredentialRow.address_key == address_key(address)).first()
    return User(row) if row is not None and row.active else None


def add_person(store: Store, address: str, password: str) -> int:
    """Stores a person who signs in with this address and password, and answers the key.

    Refuses an address that is none or is taken, and a password that is too short.
    """
    clean = clean_address(address)
    if person_with_address(store, clean) is not None:
        raise Refused(_("{address} can sign in already.", address=clean), at="address")
    hashed = hash_of(password, clean)
    with store.deployment_transaction(write=True):
        person_id = create_person(store)
        CredentialRow.insert_into(
            store,
            person_id=person_id,
            address=clean,
            address_key=address_key(clean),
            password=hashed,
            uniquifier=secrets.token_hex(32),
        )
    return person_id


def set_password(store: Store, person_id: int, password: str) -> None:
    """Gives a person another password and ends every session that they have."""
    hashed = hash_of(password)
    with store.deployment_transaction(write=True):
        replace_password(store, person_id, hashed)


def replace_password(store: Store, person_id: int, hashed: str) -> None:
    """The same within a writing transaction, with the hash; links in mails stop working, too."""
    _change(store, person_id, password=hashed)
    end_sessions_of(store, person_id)
    drop_links(store, person_id)


def replace_address(store: Store, person_id: int, address: str) -> bool:
    """Makes this the address that the person signs in with, and ends every session.

    Answers False, and changes nothing, where somebody else has it. Within a writing transaction.
    """
    key = address_key(address)
    if address_taken(store, person_id, address):
        return False
    try:
        _change(store, person_id, address=address, address_key=key)
    except IntegrityError:  # somebody took it this very moment
        return False
    end_sessions_of(store, person_id)
    drop_links(store, person_id)
    return True


def address_taken(store: Store, person_id: int, address: str) -> bool:
    """Whether another person signs in with this address. Within a transaction."""
    others = (CredentialRow.address_key == address_key(address)) & (
        CredentialRow.person_id != person_id
    )
    return bool(CredentialRow.of(store, CredentialRow.person_id).where(others).exists())


def password_is(store: Store, person_id: int, password: str) -> bool:
    """Whether this is the person's password."""
    with store.deployment_transaction(write=False):
        row = (
            CredentialRow.of(store, CredentialRow.password)
            .where(CredentialRow.person_id == person_id)
            .get()
        )
    return fits(password, row.password)


def _with_factors(store: Store) -> Any:
    """Credentials, each with whether its person has a passkey."""
    passkey = has_passkey(store, CredentialRow.person_id).alias("has_passkey")
    return CredentialRow.of(store, CredentialRow, passkey)


def _change(store: Store, person_id: int, **values: Any) -> None:
    """Changes a credential. Whoever is halfway through signing in with the old one starts anew."""
    CredentialRow.change(
        store,
        uniquifier=secrets.token_hex(32),
        version=CredentialRow.version + 1,
        **values,
    ).where(CredentialRow.person_id == person_id).execute()
