"""An account with its owner and employees, and what they do with its tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define

from crm_core.testing.builders import an_account, an_employee, as_owner, as_person
from plugins.tasks import store as tasks_store
from plugins.tasks.actions import make_task
from plugins.tasks.forms import NewTask
from tests.conftest import PASSWORD
from tests.web.browsing import elements, form_of
from web.signin.people import add_person

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from crm_core.accounts import Account
    from crm_core.catalog import Catalog
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.permissions import Permission
    from crm_core.store.database import Store
    from plugins.tasks.values import Task


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
    def tab(self) -> str:
        """The path of the account's tasks."""
        return f"{self.overview}/tasks"

    @property
    def mine(self) -> str:
        """The path of one's own tasks."""
        return f"/f/{self.firm.slug}/tasks"

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

    def make(
        self, name: str, *, by: int | None = None, internal: bool = False, **more: object
    ) -> Task:
        """Makes a task, of the owner or of this person, on the account or on none."""
        with self.as_person(by) if by else self.as_owner() as ctx:
            new = NewTask(name=name, **more)  # type: ignore[arg-type]
            return tasks_store.task_of(ctx, make_task(ctx, None if internal else self.account, new))

    def member(self, person: int) -> str:
        """How the form calls this person."""
        with self.as_person(person) as ctx:
            return str(ctx.viewer.member_id)

    def now(self, task: Task) -> Task:
        """The task as it is stored."""
        with self.as_owner() as ctx:
            return tasks_store.task_of(ctx, task.public_id)

    def page(self, task: Task) -> str:
        """The path of the task."""
        return f"{self.mine}/{task.public_id}"


def names_on(html: str) -> list[str]:
    """The names of the tasks on the page, in order."""
    return [e.text for e in elements(html, "span", class_="what")]


def choose_state(client: FlaskClient, page: str, name: str, word: str) -> TestResponse:
    """Opens the page and chooses this word in the menu of the task's state."""
    html = client.get(page).text
    menus = elements(html, "div", class_="state")
    (menu,) = [m for m in menus if m.text.startswith(f"{name}:")]
    (button,) = [
        e
        for e in elements(html, "button")
        if e.text == word and e.get("formaction") and within(e, menu)
    ]
    secrets = form_of(
        html, next(e.get("action") for e in elements(html, "form") if within(e, menu))
    )
    return client.post(button.get("formaction"), data=secrets)


def within(element: object, menu: object) -> bool:
    """Whether the element stands in this menu, of another reading of the same page."""
    parent = element
    while parent is not None:
        if parent.raw == menu.raw and parent.tag == menu.tag:  # type: ignore[attr-defined]
            return True
        parent = parent.parent  # type: ignore[attr-defined]
    return False
