"""One firm never sees another: whatever the other has, every answer to this one is the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crm_core.access import assign, request_access
from crm_core.exchange.importing import import_contacts
from crm_core.firm_logo import set_logo
from crm_core.images import Pictures
from crm_core.links import link_contact, linked_contacts
from crm_core.membership import add_member
from crm_core.permissions import Role
from crm_core.testing.builders import a_client, a_contact, a_firm, an_account, as_owner, as_person
from plugins.notes.actions import write_note
from plugins.notes.forms import NewNote
from tests.contract.expected import DOORS, FIRM_ROUTES, PORTAL_ROUTES
from tests.contract.world import NOWHERE, World
from tests.core.fields.filled import a_field
from tests.core.fields.filled import fill as fill_in
from web.links import LOOKED_AT

if TYPE_CHECKING:
    from pathlib import Path

    from crm_core.context import Context

CANARY = "CANARY7f3k"
OWNERS = ("account", "contact")
LEAST_PAGES = 30
DOWNLOADS = (
    "shell.info_taken",
    *(
        f"documents.{side}{what}"
        for side in ("", "portal_")
        for what in ("download", "archive", "chosen")
    ),
)
"""What the history tells of, each time."""

_VARIES = re.compile(r'(name="(?:csrf_token|_once)" value=")[^"]*')


def test_another_firm_changes_no_answer(world: World, tmp_path: Path) -> None:
    with as_owner(world.deployment.store, world.deployment.catalog, world.here) as ctx:
        write_note(ctx, world.accounts["own"], NewNote(text="Ours"))
    paths = sorted(pages(world))
    portal = f"/p/{world.here.slug}/{world.accounts['own'].public_id}"
    noted = [path for path in paths if "/documents/" in path or "/signatures/" in path]
    for path in (f"/f/{world.here.slug}/home", portal, *noted):
        seen(world, path)  # the first visit of a session is noted, and that of a document
    before = {path: seen(world, path) for path in paths}
    fill_another_firm(world, tmp_path)
    after = {path: seen(world, path) for path in paths}
    differing = [path for path in paths if before[path] != after[path]]
    print(f"{len(paths)} pages, {sum(len(text) for _, text, _ in after.values())} bytes")
    assert not differing
    assert not [path for path, (_, text, _) in after.items() if CANARY.lower() in text.lower()]
    assert len(paths) >= LEAST_PAGES


def pages(world: World) -> set[str]:
    """Every page that can be read, for an own, an unassigned and a made-up object."""
    found = set()
    for rule in world.app.url_map.iter_rules():
        portal = rule.endpoint.removesuffix(LOOKED_AT) in PORTAL_ROUTES
        name = rule.endpoint.removesuffix(LOOKED_AT)
        if "GET" not in (rule.methods or ()) or name in DOORS or name in DOWNLOADS:
            continue
        for where in ("own", "unassigned", "never"):
            if portal:
                name = rule.endpoint.removesuffix(LOOKED_AT)
                path = world.in_portal(name, where, "client")
                if name != rule.endpoint:
                    path["looked_at"] = "1"
                found.add(world.address(rule.endpoint, path))
                continue
            path = world.object_for(FIRM_ROUTES[rule.endpoint].object, where)
            found.add(world.address(rule.endpoint, path))
    return found | {"/", f"/f/{world.here.slug}/accounts/{NOWHERE}"}


def seen(world: World, path: str) -> tuple[int, str, int]:
    """What the owner sees, or in the portal a client: status, page, and how many statements."""
    client = world.client("client" if path.startswith("/p/") else "owner")
    statements = 0
    database = world.deployment.store.database
    execute = database.execute_sql

    def counted(*arguments: Any, **more: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(*arguments, **more)

    database.execute_sql = counted
    try:
        answer = client.get(path)
    finally:
        del database.execute_sql
    return (
        answer.status_code,
        _VARIES.sub(r"\1", answer.get_data().decode(errors="replace")),
        statements,
    )


def fill_another_firm(world: World, tmp_path: Path) -> None:
    """A firm with more rows, the same names and addresses, and a member of ours as its owner."""
    store, catalog = world.deployment.store, world.deployment.catalog
    other = a_firm(store, "canary", world.people["plain"])
    path = tmp_path / "contacts.csv"
    rows = "\n".join(f"{CANARY} {i},Client {i},c{i}@x.example" for i in range(300))
    path.write_text(f"First name,Last name,Email\n{rows}\n")
    with as_owner(store, catalog, other) as ctx:
        fill(ctx, world)
        set_logo(ctx, Pictures(small=f"{CANARY} small".encode(), large=f"{CANARY}".encode()), 0)
    with as_owner(store, catalog, other, write=False) as ctx:
        pass
    import_contacts(ctx, path)
    with as_owner(store, catalog, other) as ctx:
        account = an_account(ctx, f"{CANARY} unassigned")
    with as_person(store, catalog, other, world.people["admin"]) as ctx:
        request_access(ctx, account.public_id)


def fill(ctx: Context, world: World) -> None:
    """Accounts of the same names, with notes, a colleague and a client who are ours too."""
    key = add_member(ctx, world.people["admin"], f"{CANARY} Ada", "a@x.example", Role.EMPLOYEE)
    fields = {owner: a_field(ctx, owner, label=f"{CANARY} field") for owner in OWNERS}
    for name in ("Bakery", "Butcher", f"{CANARY} account"):
        account = an_account(ctx, name, first_name=CANARY, last_name="Client 1")
        assign(ctx, account.id, key)
        write_note(ctx, account, NewNote(text=f"{CANARY} note"))
        address = f"{CANARY}.{account.id}@person.example"
        link_contact(ctx, account, a_contact(ctx, CANARY, address))
        a_client(ctx, account, world.people["client"], address)
        keys = {"account": account.id, "contact": linked_contacts(ctx, account)[0].id}
        for owner, field in fields.items():
            fill_in(ctx, owner, keys[owner], {field: f"{CANARY} value"})
