"""Every statement on a firm's rows says which firm's: recorded while everything is used."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve

from crm_core import audit, core_work, reminders, search_index
from crm_core.access import assign_team
from crm_core.action_links import (
    find_action_link,
    make_action_link,
    revoke_action_links,
    use_action_link,
)
from crm_core.address_settings import addresses_of_account, save_settings
from crm_core.clients import firms_of_client
from crm_core.context import To
from crm_core.contexts import WORKER
from crm_core.delivering import notification_work
from crm_core.demo.clients import demo_clients
from crm_core.demo.filling import fill_firm
from crm_core.exchange.importing import import_contacts
from crm_core.fields.defining import MOST_FIELDS, change_field, field_named, fields_of
from crm_core.fields.retyping import change_type
from crm_core.fields.saving import write_values
from crm_core.fields.values import Entered, FieldChange, FieldType, Owner, Stored
from crm_core.files import drop_files, file_of, file_work, keep_file, store_sent, sweep, used
from crm_core.finding import find_accounts, find_contacts
from crm_core.firms import create_person, firms_of_person
from crm_core.invitations import accept_invitation, find_invitation, invite_member
from crm_core.links import link_contact, linked_contacts, unlink_contact
from crm_core.membership import add_member
from crm_core.modules import change_edition
from crm_core.notification_types import CONTACT_CHANGED_BY_CLIENT, Audience, NotificationType
from crm_core.notify import tell_clients, tell_staff
from crm_core.notify_wishes import AddressAsked, save_wishes, switch_by_link
from crm_core.permissions import Role
from crm_core.posting import Postman
from crm_core.store.notice_rows import NoticeRow
from crm_core.store.tables import CORE_TABLES
from crm_core.tags import TagChange, add_tag, list_tags, set_tags
from crm_core.team import list_members
from crm_core.testing.builders import (
    a_contact,
    a_firm,
    a_person,
    an_account,
    as_owner,
    with_login,
)
from crm_core.testing.recording import recorded
from crm_core.uploads import (
    Announced,
    begin_upload,
    claim_uploads,
    drop_upload,
    take_part,
    upload_of_person,
    uploads_of,
)
from crm_core.words import as_typed
from crm_core.work import Happened
from crm_core.working import Worker
from plugins.notes.actions import write_note
from plugins.notes.forms import NewNote
from tests.conftest import LONG_ON_POSTGRES
from tests.contract.expected import EVERYONE, FIRM_ROUTES, KEPT, PORTAL_ROUTES, with_files
from tests.contract.scoping import tables_in, unscoped
from tests.contract.test_forms import posting
from tests.core.fields.filled import a_field, fill
from web.posting import FolderPost
from web.scribe import MailScribe

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from flask.testing import FlaskClient

    from crm_core.accounts import Account
    from crm_core.context import Context
    from crm_core.fields.values import CustomField
    from tests.contract.world import World

LEAST_STATEMENTS, LEAST_DIFFERENT = 600, 70

LAST = (
    "shell.info_photo_remove",
    "shell.portal_photo_remove",
    "shell.settings_firm_logo_remove",
    "shell.settings_modules_switch",
    "shell.settings_team_hand_over",
)
"""After these the next one would find less than before."""

EXCUSED = {
    'SELECT "t1"."firm_id" FROM "outbox" AS "t1" WHERE (("t1"."state" = ': (
        "the firms in which work is due: the worker's one read across firms, of their keys"
    ),
    'SELECT "t1"."firm_id" FROM "mail" AS "t1" WHERE (("t1"."state" IN ': (
        "the firms in which mails are due: the postman's one read across firms, of their keys"
    ),
    'SELECT "t2"."firm_id" FROM "member" AS "t2" WHERE (("t2"."person_id" = ': (
        "the firms that a person is in: the one read across firms, of their own rows"
    ),
    'SELECT "t2"."firm_id" FROM "client" AS "t2" WHERE ("t2"."person_id" = ': (
        "the firms that a person is a client of: a read across firms, of their own rows"
    ),
}
"""How a statement begins that may read the rows of many firms, and why."""


SHARED = NotificationType(
    name="tests.shared",
    title=as_typed("Shared"),
    help=as_typed("A paper was shared."),
    audience=Audience.CLIENT,
)


@pytest.fixture
def owned(world: World) -> set[str]:
    """The tables whose rows belong to a firm."""
    plugins = [table.value.row for table in world.deployment.catalog.everything.tables]
    rows = (*CORE_TABLES, *plugins)
    return {row._meta.table_name for row in rows if "firm_id" in row._meta.fields}


def test_every_statement_names_the_firm_whose_rows_it_means(
    world: World, owned: set[str], tmp_path: Path
) -> None:
    with recorded(world.deployment.store) as statements:
        use_the_core(world, tmp_path)
        for who in ("plain", "owner"):
            use_the_pages(world, who)
    different = set(statements)
    reached = {table for sql in different for table in tables_in(sql, owned).values()}
    changed = {sql.split()[0] for sql in different if "notes_note" in sql}
    print(
        f"{len(statements)} statements, {len(different)} different, "
        f"{len(reached)} of {len(owned)} tables of firms"
    )
    forgetful = [sql for sql in different if unscoped(without_excused(sql), owned)]
    assert forgetful == []
    assert reached == owned
    assert changed == {"SELECT", "INSERT", "UPDATE", "DELETE"}
    assert len(statements) >= LEAST_STATEMENTS
    assert len(different) >= LEAST_DIFFERENT


def without_excused(sql: str) -> str:
    """The statement less a part that may read the rows of many firms."""
    for part in EXCUSED:
        sql = sql.replace(part, "")
    return sql


def test_every_excuse_is_still_needed(world: World, tmp_path: Path) -> None:
    with recorded(world.deployment.store) as statements:
        firms_of_person(world.deployment.store, world.people["owner"])
        firms_of_client(world.deployment.store, world.people["client"])
        Worker(store=world.deployment.store, catalog=world.deployment.catalog).work()
        Postman(store=world.deployment.store, post=FolderPost(tmp_path)).work()
    for part in EXCUSED:
        assert [sql for sql in statements if part in sql], part


def use_the_core(world: World, tmp_path: Path) -> None:
    """What people do without a page: make a firm, import, fill, join, check the history."""
    store, catalog = world.deployment.store, world.deployment.catalog
    firm = a_firm(store, "used")
    person = a_person(store)
    path = tmp_path / "contacts.csv"
    path.write_text("First name,Last name,Email,Account\nAnna,Bos,a@x.example,Bakery\n")
    own = {**notification_work(MailScribe(world.deployment, app=world.app)), **file_work()}
    sent = [store_sent(store, firm.id, "scan.pdf", [b"%PDF-1.7"]) for _ in range(2)]
    with as_owner(store, catalog, firm) as ctx:
        fill_firm(ctx, demo_clients(3))
        file, already = file_of(ctx, keep_file(ctx, sent[0], None)), used(ctx)
        drop_files(ctx, [file.id])
        assert used(ctx) == already - file.size
        sweep(evolve(ctx, now=ctx.now + timedelta(days=2)))
    with as_owner(store, catalog, firm, write=False) as ctx:
        pass
    use_uploads(ctx)
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx, "Bakery")
        link_contact(ctx, account, carl := a_contact(ctx, "Carl", "c@x.example"))
        use_the_fields(ctx, account.id, carl)
        use_notifications(ctx, account, own)
        unlink_contact(ctx, account, linked_contacts(ctx, account)[0].id)
        _, token = invite_member(ctx, "i@x.example", "Iris", Role.EMPLOYEE)
        use_the_links(ctx, account)
    worker = Worker(store=store, catalog=catalog, own=own)
    postman = Postman(store=store, post=FolderPost(tmp_path / "outbox"))
    for use in (worker.plan, worker.work, worker.sweep, postman.work, postman.sweep):
        use()
    for _time in range(2):
        import_contacts(ctx, path)
    with as_owner(store, catalog, firm) as ctx:
        assert find_accounts(ctx, "bak", 20)
        assert find_contacts(ctx, "@x.example", 20)
        invitation = find_invitation(store, firm, token, ctx.now)
        assert invitation is not None
        accept_invitation(ctx, invitation, person, "Iris")
        change_edition(ctx, "lite")
    assert search_index.rebuild(ctx) == 0
    with as_owner(store, catalog, firm, write=False) as ctx:
        assert audit.verify(ctx).fault is None


def use_uploads(ctx: Context) -> None:
    """A file that comes in in parts: announced, sent, claimed; another one is not wanted."""
    store, firm, person_id = ctx.store, ctx.firm, ctx.viewer.person_id
    assert person_id is not None
    announced = Announced(form="/f/used/form", field="files", name="scan.pdf", size=4)
    begun, unwanted = begin_upload(ctx, announced), begin_upload(ctx, announced)
    take_part(ctx, begun, 0, [b"%PDF"])
    with store.firm_transaction(firm.id, write=True):
        assert upload_of_person(ctx, person_id, begun.public_id).sent is not None
        assert len(uploads_of(ctx, announced.form, [begun.public_id, unwanted.public_id])) == 2
        claim_uploads(ctx, [begun.public_id])
        drop_upload(ctx, unwanted.public_id)


def use_notifications(ctx: Context, account: Account, own: Mapping[str, Any]) -> None:
    """What plugins do: tell clients and colleagues, remind, and what an address asks for."""
    ctx = evolve(ctx, origin=WORKER)
    email = max(addresses_of_account(ctx, account))
    types = {**ctx.modules.notification_types, SHARED.name: SHARED}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ctx.modules, "notification_types", types)
        save_wishes(ctx, account, email, {SHARED.name: False})
        asked = AddressAsked(account_id=account.id, email_id=email, type=SHARED.name)
        assert switch_by_link(ctx, asked, on=True)
        save_settings(ctx, account, {"core.notify": {email: True}})
        tell_clients(ctx, SHARED, account, as_typed("A paper"), None, "key")
        reminders.start(ctx, "key", SHARED, account, SHARED.title, None, every_days=1, times=1)
        reminders.remind_now(ctx, "key")
        later = evolve(ctx, now=ctx.now + timedelta(days=2))
        reminders.send_due(later)
        assert reminders.reminders_of(ctx, ["key"])["key"].sent == 1
        reminders.stop(ctx, "key")
        for notice in NoticeRow.of(ctx, NoticeRow.id):
            told = Happened(event=core_work.NOTICE, after={"notice": notice.id})
            own[core_work.TELL_CLIENTS].value.act(ctx, told)
    me = [ctx.viewer.member_id]
    tell_staff(ctx, CONTACT_CHANGED_BY_CLIENT, account, SHARED.title, None, "key", members=me)
    own[core_work.DAILY_MAIL].value.act(later)
    own[core_work.FORGET].value.act(later)


def use_the_links(ctx: Context, account: Account) -> None:
    """A link that acts without signing in: made, found, used, revoked."""
    link_contact(ctx, account, a_contact(ctx, "Anna", "anna@x.example"))
    email_id, to = with_login(ctx, account, "anna@x.example"), To("papers.approve")
    found = find_action_link(ctx, make_action_link(ctx, account, email_id, to), ctx.now)
    use_action_link(ctx, found)
    make_action_link(ctx, account, email_id, to)
    assert revoke_action_links(ctx, account, to)


def use_the_fields(ctx: Context, account_id: int, contact_id: int) -> None:
    """What a firm does with fields of its own: fill them in, change and empty them, retype one."""
    sector, work = a_field(ctx, "account", "choice"), a_field(ctx, "contact", "email")
    for chosen, address in (("Gold", "c@work.example"), ("Silver", "c@new.example"), ("", "")):
        fill(ctx, "account", account_id, {sector: chosen})
        fill(ctx, "contact", contact_id, {work: address})
    renamed = {"Gold": "Platinum"}
    fill(ctx, "account", account_id, {sector: "Gold"})
    fill(ctx, "contact", contact_id, {work: "c@last.example"})
    change_field(
        ctx, sector, FieldChange(label="S", version=1, choices=("Platinum",), renamed=renamed)
    )
    for to in (FieldType.TEXT, FieldType.CHOICE):
        sector = field_named(ctx, sector.public_id)
        change_type(ctx, sector, to, sector.version)
    change_type(ctx, work, FieldType.TEXT, 1)
    change_type(ctx, field_named(ctx, work.public_id), FieldType.EMAIL, 2)


def use_the_pages(world: World, who: str) -> None:
    """Opens every page that this member may open, and sends every form that they may send."""
    client = world.client(who)
    assert client.get("/").status_code < 400
    if who == "owner":
        for endpoint in sorted(PORTAL_ROUTES, key=lambda name: name in LAST):
            use(world, world.client("client"), endpoint)
    for endpoint in sorted(
        FIRM_ROUTES, key=lambda name: (LAST.index(name) if name in LAST else -1, name)
    ):
        rule = FIRM_ROUTES[endpoint]
        if who == "owner" or (rule.right == EVERYONE and rule.object not in KEPT):
            use(world, client, endpoint)


def use(world: World, client: FlaskClient, endpoint: str) -> None:
    """Opens the page, and sends its form; with the version that it shows, as a browser does."""
    url = world.fresh(endpoint)
    page = client.get(url)
    assert page.status_code in (200, 303, 405), endpoint
    if endpoint in posting(world):
        data = {**world.data(endpoint), "_once": world.key()}
        if "version" in data and (shown := re.search(r'name="version" value="(\d+)"', page.text)):
            data["version"] = shown[1]
        answer = client.post(url, data=with_files(data))
        assert answer.status_code in (303, 403), (endpoint, answer.text)


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ('SELECT "t1"."firm_id", "t1"."name" FROM "account" AS "t1"', {"account"}),
        ('SELECT "t1"."id" FROM "account" AS "t1" WHERE ("t1"."firm_id" = ?)', set()),
        ('SELECT "t1"."id" FROM "account" AS "t1" WHERE ("t1"."public_id" = %s)', {"account"}),
        (
            (
                'SELECT 1 FROM "link" AS "t1" INNER JOIN "account" AS "t2" ON '
                '("t2"."id" = "t1"."account_id") WHERE ("t1"."firm_id" = ?)'
            ),
            {"account"},
        ),
        (
            (
                'SELECT 1 FROM "link" AS "t1" INNER JOIN "account" AS "t2" ON '
                '("t2"."firm_id" = "t1"."firm_id")'
            ),
            {"account", "link"},
        ),
        (
            (
                'SELECT 1 FROM "link" AS "t1" INNER JOIN "account" AS "t2" ON '
                '("t2"."firm_id" = "t1"."firm_id") WHERE ("t1"."firm_id" = ?)'
            ),
            set(),
        ),
        (
            (
                'SELECT 1 FROM "link" AS "t1" WHERE (("t1"."firm_id" = ?) AND '
                '("t1"."account_id" IN (SELECT "t2"."id" FROM "account" AS "t2")))'
            ),
            {"account"},
        ),
        ('SELECT 1 FROM "link" AS "t1", "account" AS "t2" WHERE ("t1"."firm_id" = ?)', {"account"}),
        ('UPDATE "account" SET "firm_id" = ? WHERE ("account"."id" = ?)', {"account"}),
        ('UPDATE "account" SET "name" = ? WHERE ("account"."firm_id" = ?)', set()),
        ('DELETE FROM "account" WHERE ("account"."id" = ?)', {"account"}),
        ("UPDATE account SET name = %s WHERE firm_id = %s", set()),
        ("DELETE FROM account", {"account"}),
        ('INSERT INTO "account" ("firm_id", "name") VALUES (?, ?)', set()),
        ('INSERT OR IGNORE INTO "account" ("firm_id") VALUES (?) RETURNING "id"', set()),
        ('INSERT INTO "account" ("name") SELECT "name" FROM "link"', {"account", "link"}),
        ('SELECT 1 FROM "firm" AS "t1" WHERE ("t1"."slug" = ?)', set()),
    ],
)
def test_a_forgetful_statement_would_be_found(sql: str, found: set[str]) -> None:
    assert unscoped(sql, {"account", "link"}) == found


@LONG_ON_POSTGRES
def test_a_profile_costs_the_same_number_of_statements_for_one_row_and_for_a_thousand(
    world: World, tmp_path: Path
) -> None:
    account = world.accounts["own"]
    pages = [f"/f/{world.here.slug}/accounts/{account.public_id}{tab}" for tab in ("", "/info")]
    client = world.client("owner")

    def counts() -> list[int]:
        found = []
        for page in pages:
            with recorded(world.deployment.store) as statements:
                assert client.get(page).status_code == 200
            found.append(len(statements))
        return found

    _link_rows(world, account, range(1), tmp_path / "one.csv")
    counts()  # the first visit of a session is noted
    few = counts()
    _link_rows(world, account, range(1, 1_000), tmp_path / "many.csv")
    assert counts() == few
    info = client.get(pages[1]).text
    for row in (
        "No. 999",
        "Tag 999",
        "Person 999",
        "about 999",
        f"of the account {MOST_FIELDS - 2}",
    ):
        assert row in info


def _link_rows(world: World, account: Account, rows: range, path: Path) -> None:
    """Gives the account so many contacts, tags, colleagues and notes more, and fields filled in."""
    store, catalog = world.deployment.store, world.deployment.catalog
    with as_owner(store, catalog, world.here) as ctx:
        notes = a_field(ctx, "contact", label=f"About {rows}")
    lines = [f"No. {row},c{row}@x.example,{account.name}" for row in rows]
    path.write_text("\n".join(["First name,Email,Account name", *lines]))
    import_contacts(ctx, path)
    with as_owner(store, catalog, world.here) as ctx:
        for row, contact in zip(rows, linked_contacts(ctx, account)[1:], strict=False):
            write_values(ctx, Owner.CONTACT, contact.id, [_entered(notes, f"about {row}")])
        room = MOST_FIELDS - len(fields_of(ctx, Owner.ACCOUNT))
        fields = [a_field(ctx, label=f"Field {row}") for row in rows[:room]]
        entered = [_entered(f, f"of the account {n}") for n, f in zip(rows, fields, strict=False)]
        write_values(ctx, Owner.ACCOUNT, account.id, entered)
        for row in rows:
            add_tag(ctx, TagChange(name=f"Tag {row}"))
            person = create_person(store)
            add_member(ctx, person, f"Person {row}", f"p{row}@x.example", Role.EMPLOYEE)
            write_note(ctx, account, NewNote(text=f"Note {row}"))
        set_tags(ctx, account, {tag.id for tag in list_tags(ctx)})
        assign_team(ctx, account, {member.id for member in list_members(ctx)})


def _entered(field: CustomField, text: str) -> Entered:
    return Entered(field=field, texts=(Stored(text=text, sort_text=text),))
