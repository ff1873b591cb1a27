"""Pro and Lite are different sets of plugins: another edition works at once and loses no row."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from attrs import evolve

from crm_core.firms import firm_named
from crm_core.modules import change_edition
from crm_core.store.database import FirmScope
from crm_core.store.outbox_rows import OutboxRow
from crm_core.team import list_members
from crm_core.testing.builders import a_person, an_account, an_employee, as_owner
from crm_core.working import Worker
from plugins.tasks.actions import make_task
from plugins.tasks.forms import NewTask
from plugins.tasks.rows import TaskRow
from tests.web.browsing import elements

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store

MENU, TABS, CARDS, RIGHTS = "menu", "tabs", "cards", "rights"
ALL = {MENU, TABS, CARDS, RIGHTS}


def rows_of_tasks(store: Store, firm: Firm) -> list[str]:
    """What is stored of the firm's tasks, whatever its edition."""
    with store.firm_transaction(firm.id, write=False):
        return [str(row) for row in TaskRow.of(FirmScope(store, firm)).tuples()]


def test_another_edition_changes_pages_menus_rights_and_jobs_at_once_and_loses_no_row(
    store: Store, catalog: Catalog, owned_firm: Firm, client: FlaskClient
) -> None:
    person = a_person(store)
    with as_owner(store, catalog, owned_firm) as ctx:
        account = an_account(ctx, "Bakery")
        an_employee(ctx, person_id=person)
        employee = list_members(ctx)[-1].public_id
        task = make_task(ctx, account, NewTask(name="VAT return", due=date(2030, 1, 31)))
    here = f"/f/{owned_firm.slug}"
    profile = f"{here}/accounts/{account.public_id}"
    pages = (f"{here}/tasks", f"{here}/tasks/{task}", f"{profile}/tasks")

    def tells_of_tasks() -> set[str]:
        """Where in the signed-in browser something of tasks is to be seen."""
        html = client.get(profile).text
        colleague = client.get(f"{here}/settings/team/{employee}").text
        links = [e.get("href") for e in elements(html, "a")]
        seen = {
            MENU: f"{here}/tasks" in links,
            TABS: f"{profile}/tasks" in links,
            CARDS: "VAT return" in html,
            RIGHTS: "tasks.manage" in colleague,
        }
        return {place for place, is_seen in seen.items() if is_seen}

    def to(edition: str) -> None:
        firm = firm_named(store, owned_firm.slug)
        with as_owner(store, catalog, firm) as ctx:
            change_edition(ctx, edition)

    def jobs() -> set[str]:
        """The jobs that have come in the firm by now."""
        Worker(store=store, catalog=catalog).plan()
        firm = firm_named(store, owned_firm.slug)
        with as_owner(store, catalog, firm) as ctx:
            return {row.work for row in OutboxRow.of(ctx) if row.work.startswith("tasks.")}

    assert tells_of_tasks() == ALL
    before = rows_of_tasks(store, owned_firm)
    assert before

    to("lite")
    assert tells_of_tasks() == set()
    assert [client.get(page).status_code for page in pages] == [404, 404, 404]
    assert client.post(f"{here}/tasks/{task}/state/completed").status_code in (400, 404)
    assert jobs() == set()
    assert client.get(f"{here}/clients").status_code == 200, "nobody is signed out"

    to("pro")
    assert tells_of_tasks() == ALL
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]
    assert jobs() == {"tasks.next", "tasks.announce"}
    assert rows_of_tasks(store, owned_firm) == before
    assert evolve(owned_firm, edition="pro") == firm_named(store, owned_firm.slug)
