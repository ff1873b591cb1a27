"""Every page that there is, in the list that the application itself keeps: nothing is unsound.

Whatever is added later is looked at here without anybody having to think of it. Each page is loaded
once for a width, with all that can be opened on it open, and looked at; in both themes where it is
wide.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from attrs import Factory, define, frozen

from crm_core.account_roles import add_account_role, set_role_holders
from crm_core.delivering import StaffLetter
from crm_core.fields.values import FieldType
from crm_core.firm_settings import Accent
from crm_core.inbox import inbox_page
from crm_core.invitations import invite_member
from crm_core.links import link_contact
from crm_core.permissions import Role
from crm_core.portal_invitations import invite_client
from crm_core.tags import list_tags, set_tags
from crm_core.testing.builders import a_contact, as_owner, with_login
from plugins.notes.actions import write_note
from plugins.notes.forms import NewNote
from tests.browser.seeing import COLOURS, RULES, THEMES, too_wide, violations
from tests.contract.expected import DOORS, FIRM_ROUTES, PORTAL_ROUTES
from tests.contract.world import World
from tests.core.fields.filled import a_field, fill
from tests.web.browsing import sign_in
from tests.web.signin.acting import set_up_factor
from web.links import LOOKED_AT
from web.notice_links import staff_link
from web.signin import links
from web.signin.people import add_person
from web.signin.rows import PasskeyRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from playwright.sync_api import Page

    from web.bootstrap import Deployment

NO_PAGES = {
    *("health", "shell.settings_mails_html", "portal.act"),
    *("shell.info_taken", "documents.download", "documents.portal_download"),
    *("documents.archive", "documents.portal_archive"),
    *("documents.chosen", "documents.portal_chosen"),
    *("documents.page", "documents.portal_page"),
    *("documents.preview", "documents.portal_preview"),
    *("shell.photo", "shell.logo", "shell.portal_photo", "shell.portal_logo"),
}
"""What is read by a machine, or shown inside of pages."""

FEWEST_PAGES = 92
"""Routes with a page, when this was last counted."""

COLOURED = {"shell.clients", "shell.info"}
"""Pages on which everything that has the colour of the firm can be seen."""

WIDTHS = (1280, 360)
PASSWORD = "four words of mine"
OF_CAREFUL = "0" * 32
"""The public id of a passkey of somebody careful."""

NOBODY, OWNER, CAREFUL, HALFWAY, CLIENT = "signed out", "owner", "careful", "halfway", "client"
"""Who looks: nobody, the owner, a client, who has a second factor, and they before their code."""


@frozen
class Stop:
    """A page and whoever looks at it."""

    endpoint: str
    path: str
    who: str


@define
class Tour:
    """The stops, whatever was wrong at them, and how much was met."""

    world: World
    width: int
    found: list[str] = Factory(list)
    met: set[str] = Factory(set)

    def stops(self) -> Iterator[Stop]:
        """Every route that answers a GET with a page, for everybody to whom it looks different."""
        tokens = self._tokens()
        for rule in self.world.app.url_map.iter_rules():
            endpoint = rule.endpoint
            if "GET" not in (rule.methods or ()) or endpoint in NO_PAGES:
                continue
            if endpoint.endswith(LOOKED_AT):
                continue
            if endpoint in PORTAL_ROUTES:
                yield Stop(endpoint, self.world.fresh(endpoint), CLIENT)
                continue
            if endpoint in FIRM_ROUTES:
                path = self.world.object_for(FIRM_ROUTES[endpoint].object, "own")
                yield Stop(endpoint, self.world.address(endpoint, path), OWNER)
                continue
            wanted = {
                "firm": self.world.here.slug,
                "token": tokens.get(endpoint, ""),
                "passkey": OF_CAREFUL,
            }
            path = {name: wanted[name] for name in rule.arguments}
            with self.world.app.test_request_context():
                address = self.world.app.url_for(endpoint, **path)
            for who in self._lookers(endpoint):
                yield Stop(endpoint, address, who)

    def _lookers(self, endpoint: str) -> Sequence[str]:
        if endpoint == "signin.code":
            return (HALFWAY,)
        if endpoint == "portal.choose":
            return (CLIENT,)
        if endpoint == "me.remove_passkey":
            return (CAREFUL,)
        return (NOBODY,) if DOORS[endpoint] == "public" else (OWNER, CAREFUL)

    def _tokens(self) -> dict[str, str]:
        """For each page behind a link of a mail, the part of the link that nobody can guess."""
        store, people = self.world.deployment.store, self.world.people
        with as_owner(store, self.world.deployment.catalog, self.world.here) as ctx:
            _, invited = invite_member(ctx, "iris@person.example", "Iris", Role.EMPLOYEE)
            account = self.world.accounts["own"]
            link_contact(ctx, account, a_contact(ctx, "Iris", "iris@person.example"))
            new = with_login(ctx, account, "iris@person.example")
            _, welcomed = invite_client(ctx, account, new)
        self.world.object_for("entry", "own")
        with (
            as_owner(store, self.world.deployment.catalog, self.world.here, write=False) as ctx,
            self.world.app.app_context(),
        ):
            mailed = StaffLetter(
                member_id=ctx.viewer.member_id,
                name="",
                address="",
                language="en",
                entries=inbox_page(ctx, 1).entries,
            )
            stopping = staff_link(ctx.firm, mailed)
        with store.deployment_transaction(write=True):
            return {
                "joining.join": invited,
                "portal.welcome": welcomed,
                "unsubscribing.ask": stopping,
                "signin.reset": links.make_link(store, links.RESET, people[OWNER]),
                "signin.link": links.make_link(store, links.SIGN_IN, people[OWNER]),
                "signin.address": links.make_link(
                    store, links.ADDRESS, people[OWNER], "new@person.example"
                ),
            }

    def look(self, page: Page, stop: Stop) -> None:
        """Opens the page and all that can be opened on it, and looks in both themes."""
        answer = page.goto(stop.path)
        assert answer is not None
        if answer.status != 200:
            self.found.append(f"{stop}: {answer.status}")
        page.evaluate("document.querySelectorAll('details, dialog').forEach(e => e.open = true)")
        wrong = too_wide(page)
        if self.width != WIDTHS[0]:  # colours are the same at every width
            wrong += violations(page, "document", RULES)
        elif stop.endpoint in COLOURED:
            wrong += _in_every_accent(page)
        else:
            wrong += _in_both_themes(page)
        wrong += _the_menu(page)
        wrong += _the_hits(page) if stop.endpoint in COLOURED else []
        self.found += [f"{stop.endpoint} ({stop.who}): {line}" for line in wrong]
        self.met.add(stop.endpoint)


def _in_every_accent(page: Page) -> list[str]:
    """What is wrong on the page, and with the colours in each of those that a firm can choose."""
    found = _in_both_themes(page)
    for accent in Accent:
        page.evaluate("accent => document.documentElement.dataset.accent = accent", accent.value)
        wrong = _in_both_themes(page, by=COLOURS)
        found += [f"{accent.name}: {line}" for line in wrong]
    return found


def _in_both_themes(page: Page, part: str = "document", *, by: str = RULES) -> list[str]:
    """What is wrong in the first theme by all rules, in the other by those of colours."""
    found = []
    for theme, rules in zip(THEMES, (by, COLOURS), strict=True):
        page.emulate_media(color_scheme=theme)
        found += [f"{theme}: {line}" for line in violations(page, part, rules)]
    return found


def _the_menu(page: Page) -> list[str]:
    """The menu of a narrow window."""
    button = page.locator("[popovertarget]")
    found = []
    for number in range(button.count()):
        if button.nth(number).is_visible():
            button.nth(number).click()
            found += _in_both_themes(page, "document.querySelector(':popover-open')")
            page.keyboard.press("Escape")
    return found


def _the_hits(page: Page) -> list[str]:
    """What search shows under its field: hits with one of them chosen."""
    field = page.locator("#search")
    if not field.count():
        return []
    field.fill("ba")
    page.locator("form.search [role=option]").first.wait_for()
    field.press("ArrowDown")
    return too_wide(page) + _in_both_themes(page, "document.querySelector('form.search')")


@pytest.fixture
def world(deployment: Deployment) -> World:
    """The contract's world, in which there is something of everything to see."""
    made = World.build(deployment)
    made.people[CAREFUL] = add_person(deployment.store, "careful@person.example", PASSWORD)
    set_up_factor(made.client(CAREFUL))
    with deployment.store.deployment_transaction(write=True):
        PasskeyRow.insert_into(
            deployment.store,
            public_id=OF_CAREFUL,
            person_id=made.people[CAREFUL],
            credential_id="AAAA",
            public_key="AAAA",
            name="Phone",
            created=datetime.now(UTC),
        )
    made.clients[HALFWAY] = made.app.test_client()
    sign_in(made.clients[HALFWAY], "careful@person.example", PASSWORD)
    for kind in sorted({rule.object for rule in FIRM_ROUTES.values()}):
        made.object_for(kind, "own")
    with as_owner(deployment.store, deployment.catalog, made.here) as ctx:
        account = made.accounts["own"]
        write_note(
            ctx, account, NewNote(text="# A note\n\n*with* `code`\n\n> and more", pinned=True)
        )
        set_tags(ctx, account, {tag.id for tag in list_tags(ctx)})
        role = add_account_role(ctx, "Preparer")
        set_role_holders(ctx, account, {role.id: next(iter(made.assigned))})
        fields = [a_field(ctx, "account", kind, f"Some {kind}") for kind in FieldType]
        texts = {field: "a text" for field in fields if field.type in ("text", "long_text")}
        fill(ctx, "account", account.id, texts)
    return made


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_sound_in_both_themes(
    world: World, serve: Callable[..., Any], visit: Callable[..., Page], width: int
) -> None:
    tour = Tour(world, width)
    with serve(world.deployment) as office:
        # There are passkeys only where the address is a name.
        office.app.config["CRM_BASE_URL"] = "http://localhost"
        stops = list(tour.stops())
        for who in (NOBODY, HALFWAY, OWNER, CAREFUL, CLIENT):
            page = visit(width=width, at=office.url)
            page.context.add_cookies(_cookies(world, who))
            for stop in stops:
                if stop.who == who:
                    tour.look(page, stop)
            page.context.close()
    print(f"{len(tour.met)} routes met at {width} px, {len(stops)} pages")
    assert not tour.found, "\n".join(tour.found)
    assert len(tour.met) >= FEWEST_PAGES


def _cookies(world: World, who: str) -> list[Any]:
    """What the browser of the contract's tests holds, for a real one."""
    cookie = world.client(who).get_cookie("__Host-crm")
    if cookie is None:
        return []
    home = {"domain": "127.0.0.1", "path": "/", "secure": True}
    return [{"name": "__Host-crm", "value": cookie.value, **home}]
