"""An account with its owner and an employee, and what they do with its notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define

from crm_core.store.tables import AccountRow
from crm_core.testing.builders import an_account, an_employee, as_owner, as_person
from plugins.notes import store as notes_store
from plugins.notes.actions import write_note
from plugins.notes.forms import NewNote
from plugins.notes.rows import NoteRow
from tests.conftest import PASSWORD
from tests.web.browsing import elements
from web.signin.people import add_person

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from flask.testing import FlaskClient

    from crm_core.accounts import Account
    from crm_core.catalog import Catalog
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.permissions import Permission
    from crm_core.store.database import Store
    from plugins.notes.values import Note


@define
class Practice:
    """A firm with one account. `owner` is the owner's browser."""

    store: Store
    catalog: Catalog
    firm: Firm
    owner: FlaskClient
    browser_for: Callable[[str], FlaskClient]
    account: Account

    @classmethod
    def of(
        cls,
        store: Store,
        catalog: Catalog,
        firm: Firm,
        owner: FlaskClient,
        browser_for: Callable[[str], FlaskClient],
    ) -> Practice:
        """Makes the account."""
        with as_owner(store, catalog, firm) as ctx:
            account = an_account(ctx, "Bakery")
        return cls(store, catalog, firm, owner, browser_for, account)

    @property
    def overview(self) -> str:
        """The path of the account's Overview."""
        return f"/f/{self.firm.slug}/accounts/{self.account.public_id}"

    @property
    def notes(self) -> str:
        """The path of the account's notes."""
        return f"{self.overview}/notes"

    def as_owner(self) -> AbstractContextManager[Context]:
        """A transaction in which the owner asks."""
        return as_owner(self.store, self.catalog, self.firm)

    def as_person(self, person_id: int) -> AbstractContextManager[Context]:
        """A transaction in which this person asks."""
        return as_person(self.store, self.catalog, self.firm, person_id)

    def employ(self, address: str, *rights: Permission, assigned: bool = True) -> int:
        """Makes a person an employee who signs in with this address."""
        person = add_person(self.store, address, PASSWORD)
        with self.as_owner() as ctx:
            an_employee(
                ctx, *rights, accounts=(self.account,) if assigned else (), person_id=person
            )
        return person

    def write(self, text: str, *, pinned: bool = False, by: int | None = None) -> Note:
        """Writes a note, of the owner or of this person."""
        with self.as_person(by) if by else self.as_owner() as ctx:
            public_id = write_note(ctx, self.account, NewNote(text=text, pinned=pinned))
            return notes_store.note_of(ctx, self.account.id, public_id)

    def write_many(self, notes: list[tuple[str, bool, datetime]]) -> None:
        """Stores notes of the owner's: text, pinned, when."""
        with self.as_owner() as ctx:
            author = ctx.viewer.member_id
            notes_store.add_notes(
                ctx, [(self.account.id, author, text, pinned, at) for text, pinned, at in notes]
            )

    def stored(self) -> list[tuple[str, bool, int]]:
        """The text, pin and version of every note, in the order of writing."""
        with self.as_owner() as ctx:
            rows = NoteRow.of(ctx).order_by(NoteRow.id)
            return [(row.text, row.pinned, row.version) for row in rows]

    def another_account(self) -> str:
        """The path of the notes of another account of the firm."""
        with self.as_owner() as ctx:
            public_id = an_account(ctx, "Mill").public_id
            assert AccountRow.of(ctx).count() > 1
        return f"/f/{self.firm.slug}/accounts/{public_id}/notes"


def texts_on(html: str) -> list[str]:
    """The texts of the notes on the page, in order."""
    return [e.text for e in elements(html, "div", class_="rich")]


def pages_of(client: FlaskClient, path: str) -> list[list[str]]:
    """The texts on each page, going on until there is no further one."""
    pages = []
    while path:
        html = client.get(path).text
        pages.append(texts_on(html))
        path = next((e.get("href") for e in elements(html, "a", rel="next")), "")
    return pages
