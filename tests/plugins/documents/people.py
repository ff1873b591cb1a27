"""Who works with documents in the tests, and what they do with them."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from attrs import define, evolve

from crm_core.testing.builders import as_client, as_owner, as_person
from plugins.documents import store as documents
from plugins.documents.values import Access
from tests.plugins.documents.making import PDF, a_document, top
from tests.web.browsing import form_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from crm_core.accounts import Account
    from crm_core.catalog import Catalog
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.store.database import Store
    from plugins.documents.values import Document

ANNA, BEN, EMIL = "anna@client.example", "ben@client.example", "emil@firm.example"


@define
class Practice:
    """A firm with one account. `owner` is the owner's browser."""

    store: Store
    catalog: Catalog
    firm: Firm
    owner: FlaskClient
    browser_for: Callable[[str], FlaskClient]
    account: Account
    people: dict[str, int]

    @property
    def tab(self) -> str:
        """The path of the account's documents."""
        return f"/f/acme/accounts/{self.account.public_id}/documents"

    @property
    def portal(self) -> str:
        """The path of the same in the portal."""
        return f"/p/acme/{self.account.public_id}/documents"

    def as_owner(self) -> AbstractContextManager[Context]:
        """A transaction in which the owner asks."""
        return as_owner(self.store, self.catalog, self.firm)

    def as_employee(self) -> AbstractContextManager[Context]:
        """A transaction in which the employee asks."""
        return as_person(self.store, self.catalog, self.firm, self.people[EMIL])

    def as_client(self, who: str = ANNA) -> AbstractContextManager[Context]:
        """A transaction in which a client asks."""
        return as_client(self.store, self.catalog, self.firm, self.people[who])

    def top(self, access: Access) -> str:
        """The public id of the top folder with this access."""
        with self.as_owner() as ctx:
            return top(ctx, self.account, access)

    def shared(self, access: Access = Access.SEES, name: str = "") -> str:
        """The public id of a document that the owner puts into that top folder."""
        with self.as_owner() as ctx:
            return a_document(ctx, self.account, access, name=name)

    def sent(self, name: str = "", who: str = ANNA) -> str:
        """The public id of a document that a client puts into the folder for it."""
        self.top(Access.EDITS)
        with self.as_client(who) as ctx:
            return a_document(ctx, self.account, name=name)

    def seen(self, public_id: str, ask: Callable[[], AbstractContextManager[Context]]) -> Document:
        """The document as somebody sees it."""
        with ask() as ctx:
            return documents.document_of(ctx, self.account.id, public_id)

    def use_edition(self, **settings: Any) -> None:
        """Gives the firm's edition these settings for documents."""
        edition = self.catalog.editions["pro"]
        settled = evolve(edition, settings={**edition.settings, "documents": settings})
        self.catalog.editions = {**self.catalog.editions, "pro": settled}


def put(
    browser: FlaskClient, path: str, *files: tuple[str, bytes], same_name: str = "version"
) -> TestResponse:
    """Sends files with the form at this path."""
    data = form_of(browser.get(path).text)
    sent = [(BytesIO(content), name) for name, content in files or (("scan.pdf", PDF),)]
    return browser.post(path, data={**data, "same_name": same_name, "files": sent})
