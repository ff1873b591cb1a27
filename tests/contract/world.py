"""Two firms with the same names, every kind of member, and a fresh object for each request."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from attrs import define, evolve, field

from crm_core.access import assign, assign_team, open_requests, request_access
from crm_core.account_changes import archive_account
from crm_core.account_roles import add_account_role, team_version
from crm_core.accounts import account_of
from crm_core.address_settings import save_settings
from crm_core.addresses import address_key
from crm_core.contexts import WORKER
from crm_core.firm_logo import logo_of, set_logo
from crm_core.firms import create_person
from crm_core.images import Pictures
from crm_core.inbox import inbox_page
from crm_core.invitations import invite_member
from crm_core.links import link_contact, linked_contact, linked_contacts
from crm_core.listing.saved import save_list
from crm_core.mailing import MailState, NewMail, queue_mail
from crm_core.membership import add_member, set_rights
from crm_core.notification_types import CONTACT_CHANGED_BY_CLIENT
from crm_core.notify import tell_staff
from crm_core.permissions import Role
from crm_core.photos import photo_of, set_photo
from crm_core.portal_invitations import invite_client
from crm_core.search_and_lists import ListOf
from crm_core.store.mail_rows import MailRow
from crm_core.store.rows import new_public_id
from crm_core.store.tables import ContactRow
from crm_core.tags import TagChange, add_tag
from crm_core.team import Viewer, list_members, team_of_account
from crm_core.testing.builders import a_client, a_contact, a_firm, an_account, as_owner, with_login
from crm_core.words import as_typed
from plugins.notes.actions import write_note
from plugins.notes.forms import NewNote
from plugins.signatures import store as signature_store
from plugins.signatures.preparing import possible_signers
from plugins.tasks.actions import assignable, make_task
from plugins.tasks.forms import NewTask
from plugins.tasks.store import subtasks_of, task_of
from tests.contract.expected import FILLED, FIRM_ROUTES, PORTAL_ROUTES
from tests.core.fields.filled import a_field
from tests.core.parked import parked_work
from tests.plugins.approvals.asking import a_question
from tests.plugins.documents.making import (
    a_document,
    a_drawn_document,
    a_folder,
    a_request,
    a_template,
    a_top_folder,
    a_trashed_document,
)
from tests.plugins.signatures.asking import (
    a_draft,
    a_pdf,
    signer_of_contact,
    staff_signer,
)
from tests.plugins.signatures.asking import (
    a_request as a_request_to_sign,
)
from web import once
from web.app import create_app
from web.signin.rows import CredentialRow, SessionRow
from web.signin.security import TOKEN
from web.signin.sessions import STEPPED_UP, begin_session, sessions_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Flask
    from flask.testing import FlaskClient

    from crm_core.accounts import Account
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.store.database import Store
    from crm_core.team import Member
    from web.bootstrap import Deployment

NOWHERE = "0" * 32
BELOW_ACCOUNTS = {
    "folder": a_folder,
    "top": a_top_folder,
    "document": a_document,
    "trashed": a_trashed_document,
    "drawn": a_drawn_document,
    "asked": a_request,
    "approval": a_question,
    "draft": a_draft,
    "signing": a_request_to_sign,
    "own signing": staff_signer,
}
OF_ACCOUNTS = (
    "account",
    "note",
    "archived",
    "linked",
    "ranked",
    "address",
    "invited",
    "earlier",
    *BELOW_ACCOUNTS,
)
"""What stands below an account in a path."""

INTO_FOLDERS = ("documents.ask", "documents.move", "documents.portal_move")
"""How the routes begin whose form names a folder."""

ABOUT_DOCUMENTS = ("approvals.ask",)
"""The routes whose form names a document."""

SEEN_WITH_THEIR_ACCOUNT = (*OF_ACCOUNTS, "task", "step")
"""What nobody sees who does not see its account."""

FAILED = {"address": "x@x.example", "subject": "Papers", "text": "Here.", "html": "<p>Here.</p>"}
FIRST_PAGE = {"number": "1", "place": "1"}
SWITCH = {"setting": "core.login", "state": "on"}
PHOTO = Pictures(small=b"a small picture", large=b"a large picture")
GIVEN = (
    "accounts.view_all",
    "accounts.manage",
    "contacts.manage",
    "contacts.view_all",
    "tags.manage",
    "fields.manage",
    "team.assign",
    "firm.manage",
    "history.read",
    "documents.manage",
    "tasks.manage",
)
"""The rights that can be given one by one: an employee for each."""


CLIENTS = {
    "client": "own",
    "second contact": "own",
    "client of another": "unassigned",
    "invited": "own",
    "removed": "own",
    "client elsewhere": "foreign",
}
"""Contacts with LOGIN, each with the account that it is of; all but `invited` have accepted, and
`removed` has lost LOGIN since."""

OF_THE_CODE = {
    "module": {"module": "notes"},
    "page": {"place": "home"},
    "card": {"place": "home", "card": "shell.newest_clients", "step": "hide"},
}
"""What every firm has alike, and what stands in the path to it."""

IN_PATH = {
    "linked": "contact",
    "ranked": "contact",
    "invited": "address",
    "saved_contacts": "saved",
    "top": "folder",
    "trashed": "document",
    "drawn": "document",
    "asked": "request",
    "draft": "request",
    "signing": "request",
    "own signing": "signer",
}
"""What the path calls objects of these kinds, where it is not the kind itself."""


@define
class World:
    """What the matrix asks of. `here` is the firm that is asked, `there` the other one."""

    deployment: Deployment
    app: Flask
    here: Firm
    there: Firm
    people: dict[str, int]
    accounts: dict[str, Account]
    assigned: dict[int, str]
    contacts: dict[str, str]
    clients: dict[str, FlaskClient] = field(factory=dict)
    objects: dict[tuple[str, str], dict[str, str]] = field(factory=dict)

    @classmethod
    def build(cls, deployment: Deployment) -> World:
        """Two firms, with members of every role, and one employee for each right."""
        store, catalog = deployment.store, deployment.catalog
        app = create_app(deployment)
        # Forgery has tests of its own; here it would hide what the guards say.
        app.config["WTF_CSRF_ENABLED"] = False
        names = ("owner", "stranger", "admin", "plain", *GIVEN, *CLIENTS)
        people = {name: _person(store, f"{name}@person.example") for name in names}
        people["unproved"] = people["owner"]
        here = a_firm(store, "here", people["owner"])
        there = a_firm(store, "there", people["stranger"])
        accounts: dict[str, Account] = {}
        with as_owner(store, catalog, there) as ctx:
            accounts["foreign"] = an_account(ctx, "Bakery")
        with as_owner(store, catalog, here) as ctx:
            accounts["own"] = an_account(ctx, "Bakery")
            accounts["unassigned"] = an_account(ctx, "Butcher")
            a_field(ctx, "account", "choice", "Sector")
            a_field(ctx, "contact", "email", "Work")
            _join(ctx, people["admin"], Role.ADMIN)
            for name in ("plain", *GIVEN):
                member = _join(ctx, people[name], Role.EMPLOYEE)
                assign(ctx, accounts["own"].id, member.id)
                set_rights(ctx, member, {name} & set(GIVEN))
            assigned = dict(team_of_account(ctx, accounts["own"].id))
            for name in ("own", "unassigned"):
                set_photo(ctx, accounts[name], PHOTO, 0)
            set_logo(ctx, PHOTO, 0)
            contacts = {
                name: _client(ctx, accounts[where], name, people[name])
                for name, where in CLIENTS.items()
                if where != "foreign"
            }
        with as_owner(store, catalog, there) as ctx:
            name = "client elsewhere"
            contacts[name] = _client(ctx, accounts["foreign"], name, people[name])
        return cls(deployment, app, here, there, people, accounts, assigned, contacts)

    def key(self) -> str:
        """A key for a form that was not sent before."""
        return once.new_key()

    def asker(self, endpoint: str) -> FlaskClient:
        """The browser of somebody who may open the route: the owner, or a client."""
        return self.client("client" if endpoint in PORTAL_ROUTES else "owner")

    def fresh(self, endpoint: str) -> str:
        """The address of the route for a fresh object of the firm, or for the client's own."""
        if endpoint not in PORTAL_ROUTES:
            return self.address(endpoint, self.make(FIRM_ROUTES[endpoint].object, "own"))
        return self.address(endpoint, self.in_portal(endpoint, "own", "client", fresh=True))

    def in_portal(
        self, endpoint: str, where: str, who: str, *, fresh: bool = False
    ) -> dict[str, str]:
        """What stands in the path to a page of the portal: an account, and something of it.

        That is the viewer's own contact, or an object that is the same each time or `fresh`.
        """
        account = NOWHERE if where == "never" else self.accounts[where].public_id
        kind = PORTAL_ROUTES[endpoint]
        if kind in BELOW_ACCOUNTS:
            return (self.make if fresh else self.object_for)(kind, where)
        if kind == "own signer":
            asked = (self.make if fresh else self.object_for)("signing", where)["request"]
            return {"account": account, "signer": self._signer(where, who, asked)}
        if kind == "own contact":
            return {"account": account, "contact": self.contacts.get(who, NOWHERE)}
        return {"account": account}

    def _signer(self, where: str, who: str, request: str) -> str:
        """The signer of the request who is this client, or somebody else where they are none."""
        if where == "never":
            return NOWHERE
        firm = self.there if where == "foreign" else self.here
        with as_owner(self.deployment.store, self.deployment.catalog, firm, write=False) as ctx:
            contact = self.contacts.get(who, NOWHERE)
            return signer_of_contact(ctx, self.accounts[where], contact, request)

    def object_for(self, kind: str, where: str) -> dict[str, str]:
        """The same as `make`, but the same object each time: for requests that change nothing."""
        if (kind, where) not in self.objects:
            self.objects[kind, where] = self.make(kind, where)
        return self.objects[kind, where]

    def restore(self) -> None:
        """Puts back what a request may have changed for the next one: the team, the pictures."""
        with as_owner(self.deployment.store, self.deployment.catalog, self.here) as ctx:
            assign_team(ctx, self.accounts["own"], self.assigned)
            for name in ("own", "unassigned"):
                if photo_of(ctx, self.accounts[name]) is None:
                    set_photo(ctx, self.accounts[name], PHOTO, 0)
            if logo_of(ctx) is None:
                set_logo(ctx, PHOTO, 0)

    def client(self, who: str) -> FlaskClient:
        """A browser in which this person is signed in, or nobody."""
        if who not in self.clients:
            client = self.app.test_client()
            if who != "signed out":
                token = begin_session(self.deployment.store, self.people[who])
                if who == "unproved":
                    _let_proof_pass(self.deployment.store, self.people[who])
                with client.session_transaction() as session:
                    session["_user_id"] = who
                    session[TOKEN] = token
            self.clients[who] = client
        return self.clients[who]

    def address(self, endpoint: str, path: Mapping[str, str]) -> str:
        """Where the route stands for this object of the firm; asking for access names another."""
        if endpoint == "shell.request_access":
            path = {"wanted": self.accounts["unassigned"].public_id}
        with self.app.test_request_context():
            return self.app.url_for(endpoint, firm=self.here.slug, **path)

    def make(self, kind: str, where: str) -> dict[str, str]:
        """What stands in the path to a fresh object: own, unassigned, foreign or never there."""
        account = self.accounts.get(where, self.accounts["own"])
        path = {}
        if kind in OF_ACCOUNTS:
            path["account"] = NOWHERE if where == "never" else account.public_id
        if kind in ("", "account"):
            return path
        if kind == "drawn":
            path |= FIRST_PAGE
        if kind in OF_THE_CODE:
            there, known = OF_THE_CODE[kind], where == "own"
            return {name: text if known else "nothing" for name, text in there.items()}
        if where == "never":
            return {**path, **_nothing(kind)}
        firm = self.there if where == "foreign" else self.here
        with as_owner(self.deployment.store, self.deployment.catalog, firm) as ctx:
            if kind == "archived":
                return {"account": self._archived(ctx, where)}
            if kind in OF_SEVERAL_PARTS:
                return {**path, **OF_SEVERAL_PARTS[kind](ctx, kind, account)}
            return {**path, IN_PATH.get(kind, kind): _make(ctx, kind, account)}

    def data(self, endpoint: str) -> dict[str, Any]:
        """What a person would send to this route, with what only the world can know.

        A file is named; `with_files` puts it there.
        """
        data = dict(FILLED.get(endpoint, {}))
        with as_owner(self.deployment.store, self.deployment.catalog, self.here) as ctx:
            if endpoint == "shell.settings_tags_merge":
                data["into"] = _make(ctx, "tag", self.accounts["own"])
            if endpoint == "shell.info_edit":
                data["version"] = str(account_of(ctx, self.accounts["own"].public_id).version)
            if endpoint == "shell.portal_details_edit":
                mine = linked_contact(ctx, self.accounts["own"], self.contacts["client"])
                data["version"] = str(mine.version)
            if endpoint in ("shell.info_photo", "shell.portal_photo_edit"):
                photo = photo_of(ctx, self.accounts["own"])
                data["version"] = str(photo.version if photo else 0)
            if endpoint == "shell.info_team":
                data["version"] = str(team_version(ctx, self.accounts["own"]))
            data |= _of_documents(ctx, endpoint, self.accounts["own"])
            if endpoint in ("tasks.several", "tasks.several_of_mine"):
                everyone = tuple(map(str, assignable(ctx, self.accounts["own"].id, {})))
                task = NewTask(name="Everybody's task", assignees=everyone)
                data["tasks"] = make_task(ctx, self.accounts["own"], task)
            if endpoint == "shell.invite":
                account, email_id = self.accounts["own"], _linked_key(ctx, self.accounts["own"])
                data["addresses"] = [f"{account.public_id}-{email_id}"]
            if endpoint == "shell.info_contact_link":
                key = a_contact(ctx, "To be linked")
                data["contact"] = ContactRow.of(ctx).where(ContactRow.id == key).get().public_id
        return data

    def _archived(self, ctx: Context, where: str) -> str:
        """A fresh account that is archived, with the team of those that are like it."""
        account = an_account(ctx, "Deleted")
        if where == "own":
            assign_team(ctx, account, self.assigned)
        archive_account(ctx, account)
        return account.public_id


def _person(store: Store, address: str) -> int:
    """A person with an address and a password that nobody knows: sessions are made by hand."""
    with store.deployment_transaction(write=True):
        person_id = create_person(store)
        CredentialRow.insert_into(
            store,
            person_id=person_id,
            address=address,
            address_key=address_key(address),
            password="!",
            uniquifier=address,
        )
    return person_id


def _let_proof_pass(store: Store, person_id: int) -> None:
    """Makes the person's latest session one in which they proved long ago who they are."""
    latest = sessions_of(store, person_id)[0]
    with store.deployment_transaction(write=True):
        SessionRow.change(store, stepped_up=datetime.now(UTC) - STEPPED_UP).where(
            SessionRow.id == latest.id
        ).execute()


def _of_documents(ctx: Context, endpoint: str, account: Account) -> dict[str, Any]:
    """What a form about documents names."""
    if endpoint.startswith(INTO_FOLDERS):
        return {"folder": a_folder(ctx, account)}
    if endpoint == "signatures.new":
        document = a_document(ctx, account, content=a_pdf())
        return {"document": document, "signers": [*possible_signers(ctx, account)][:2]}
    if endpoint in ABOUT_DOCUMENTS:
        return {"document": a_document(ctx, account)}
    return {"template": a_template(ctx)} if endpoint == "documents.apply_template" else {}


def _nothing(kind: str) -> dict[str, str]:
    """What stands in the path to an object of this kind that never was."""
    if kind in ("address", "invited"):
        return {"address": "0", **(SWITCH if kind == "address" else {})}
    if kind == "earlier":
        return {"request": NOWHERE, "signer": NOWHERE}
    if kind == "task":
        return {"task": NOWHERE, "state": "completed"}
    if kind == "step":
        return {"task": NOWHERE, "subtask": NOWHERE, "done": "done"}
    return {IN_PATH.get(kind, kind): NOWHERE}


def _linked(ctx: Context, kind: str, account: Account) -> dict[str, str]:
    """One more contact of the account, or the address of one and what is switched for it."""
    contact_id = a_contact(ctx, "Linked", f"{new_public_id()}@x.example")
    link_contact(ctx, account, contact_id)
    (contact,) = (c for c in linked_contacts(ctx, account) if c.id == contact_id)
    if kind == "ranked":
        save_settings(ctx, account, {SWITCH["setting"]: {contact.addresses[0].id: True}})
    if kind in ("linked", "ranked"):
        return {"contact": contact.public_id}
    if kind == "invited":
        email_id = contact.addresses[0].id
        save_settings(ctx, account, {SWITCH["setting"]: {email_id: True}})
        invite_client(ctx, account, email_id)
        return {"address": str(email_id)}
    return {"address": str(contact.addresses[0].id), **SWITCH}


def _linked_key(ctx: Context, account: Account) -> int:
    """The key of an address of the account that has LOGIN and was not invited yet."""
    email_id = int(_linked(ctx, "address", account)["address"])
    save_settings(ctx, account, {SWITCH["setting"]: {email_id: True}})
    return email_id


def _client(ctx: Context, account: Account, name: str, person_id: int) -> str:
    """One more contact of the account, who may sign in to it; answers the contact's public id."""
    address = f"{name.replace(' ', '.')}@person.example"
    contact_id = a_contact(ctx, f"{name.title()}son", address)
    link_contact(ctx, account, contact_id)
    if name == "invited":
        invite_client(ctx, account, with_login(ctx, account, address))
    else:
        email_id = a_client(ctx, account, person_id, address)
        if name == "removed":
            save_settings(ctx, account, {SWITCH["setting"]: {email_id: False}})
    return next(c for c in linked_contacts(ctx, account) if c.id == contact_id).public_id


def _second_signer(ctx: Context, _kind: str, account: Account) -> dict[str, str]:
    """A draft, and the last of its signers."""
    request = a_draft(ctx, account)
    signers = signature_store.request_of(ctx, account.id, request).signers
    return {"request": request, "signer": signers[-1].public_id}


def _task(ctx: Context, kind: str, account: Account) -> dict[str, str]:
    """A colleague's task and what it is changed to, or a step of one and its tick."""
    public_id = make_task(ctx, account, NewTask(name="A colleague's task", checklist="Step"))
    if kind == "task":
        return {"task": public_id, "state": "completed"}
    (step,) = subtasks_of(ctx, task_of(ctx, public_id))
    return {"task": public_id, "subtask": step.public_id, "done": "done"}


OF_SEVERAL_PARTS: dict[str, Callable[[Context, str, Account], dict[str, str]]] = {
    "earlier": _second_signer,
    **dict.fromkeys(("task", "step"), _task),
    **dict.fromkeys(("linked", "ranked", "address", "invited"), _linked),
}
"""What stands in the path with more than its id."""


def _make(ctx: Context, kind: str, account: Account) -> str:
    if kind in BELOW_ACCOUNTS:
        return BELOW_ACCOUNTS[kind](ctx, account)
    made: dict[str, Callable[[], str]] = {
        "note": lambda: write_note(ctx, account, NewNote(text="A colleague's note")),
        "invitation": lambda: (
            invite_member(ctx, "new@x.example", "New", Role.EMPLOYEE)[0].public_id
        ),
        "contact": lambda: _linked(ctx, "linked", account)["contact"],
        "field": lambda: a_field(ctx, label=f"Field {once.new_key()}").public_id,
        "member": lambda: _join(ctx, create_person(ctx.store), Role.EMPLOYEE).public_id,
        "role": lambda: add_account_role(ctx, f"Role {new_public_id()}").public_id,
        "saved": lambda: _kept(ctx, ListOf.ACCOUNTS),
        "saved_contacts": lambda: _kept(ctx, ListOf.CONTACTS),
        "template": lambda: a_template(ctx),
        "tag": lambda: add_tag(ctx, TagChange(name=f"Tag {new_public_id()}")).public_id,
        "request": lambda: _ask(ctx, account),
        "work": lambda: parked_work(ctx),
        "mail": lambda: _failed_mail(ctx),
        "entry": lambda: _told(ctx),
    }
    return made[kind]()


def _failed_mail(ctx: Context) -> str:
    key = new_public_id()
    queue_mail(ctx, NewMail(**FAILED, key=key))
    MailRow.change(ctx, state=MailState.FAILED).where(MailRow.key == key).execute()
    return str(MailRow.of(ctx).where(MailRow.key == key).get().public_id)


def _told(ctx: Context) -> str:
    """An entry in the owner's inbox."""
    by_clock, me = evolve(ctx, origin=WORKER), [ctx.viewer.member_id]
    what, key = as_typed("Anna has moved"), new_public_id()
    tell_staff(by_clock, CONTACT_CHANGED_BY_CLIENT, None, what, None, key, members=me)
    return inbox_page(ctx, 1).entries[0].public_id


def _kept(ctx: Context, of: ListOf) -> str:
    return save_list(ctx, of, f"List {new_public_id()}", "").public_id


def _ask(ctx: Context, account: Account) -> str:
    member = _join(ctx, create_person(ctx.store), Role.EMPLOYEE)
    viewer = Viewer(
        person_id=member.person_id,
        member_id=member.id,
        name=member.name,
        role=Role.EMPLOYEE,
        rights=frozenset(),
    )
    request_access(evolve(ctx, viewer=viewer), account.public_id)
    return open_requests(ctx)[-1].public_id


def _join(ctx: Context, person_id: int, role: Role) -> Member:
    name = f"Person {person_id}"
    key = add_member(ctx, person_id, name, f"p{person_id}@x.example", role)
    return next(member for member in list_members(ctx) if member.id == key)
