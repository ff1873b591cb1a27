"""Clients choose which mails come to their own addresses (NOT-1, NOT-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from attrs import define, evolve

from crm_core.address_settings import addresses_of_account, save_settings
from crm_core.audit import history
from crm_core.context import To
from crm_core.delivering import notification_work
from crm_core.firms import firm_named
from crm_core.links import link_contact
from crm_core.modules import switch_module
from crm_core.notification_types import Audience, NotificationType
from crm_core.notify import tell_clients
from crm_core.notify_wishes import save_own_wishes
from crm_core.refusals import NotAllowed
from crm_core.testing.builders import a_contact, an_account, as_owner
from crm_core.words import words_of
from crm_core.working import Worker
from tests.web.browsing import element, elements, form_of, press
from tests.web.harmless import assert_harmless
from tests.web.plugins import Trial, a_plugin
from tests.web.portal.visiting import ANNA, BEN, a_visitor, login, mails
from tests.web.servers import hand_over
from web.scribe import MailScribe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from crm_core.accounts import Account
    from web.settings import Settings

_ = words_of("tests")
SHARED = NotificationType(
    name="ears.shared",
    title=_("Paper shared"),
    help=_("A paper was shared."),
    audience=Audience.CLIENT,
)
ASKED = evolve(SHARED, name="ears.asked", title=_("Question asked"))
BILLED = evolve(SHARED, name="bills.sent", title=_("Bill sent"), on=False)
HEARD = evolve(SHARED, name="ears.heard", title=_("Heard"), audience=Audience.STAFF)


@define
class Portal:
    """A firm whose two modules tell clients of things, its owner's browser, and a client's."""

    trial: Trial
    bakery: Account
    butcher: Account
    anna: FlaskClient
    key: int

    @property
    def path(self) -> str:
        return f"/p/acme/{self.bakery.public_id}/mails"

    @property
    def of_staff(self) -> str:
        """The page on which staff choose for the same address."""
        root = f"/f/acme/accounts/{self.bakery.public_id}/info/addresses"
        return f"{root}/{self.key}/notifications"

    def owner(self, *, write: bool = True) -> Any:
        deployment = self.trial.deployment
        firm = firm_named(deployment.store, self.trial.firm.slug)
        return as_owner(deployment.store, deployment.catalog, firm, write=write)

    def wanted(self) -> set[str]:
        """What the page says that comes."""
        boxes = elements(self.anna.get(self.path).text, "input", type="checkbox")
        return {box.get("value") for box in boxes if "checked" in box.attributes}

    def choose(self, wanted: set[str], shown: str = "") -> TestResponse:
        """Ticks these types and no other, on the page as it is or as it was shown before."""
        page = shown or self.anna.get(self.path).text
        form: dict[str, Any] = {n: v for n, v in form_of(page).items() if not n.startswith("mails")}
        for box in elements(page, "input", type="checkbox"):
            if box.get("value") in wanted:
                form.setdefault(box.get("name"), []).append(box.get("value"))
        return self.anna.post(self.path, data=form)

    def mailed(self, kind: NotificationType, key: str) -> list[Any]:
        """The mails that telling the client of something sends."""
        deployment = self.trial.deployment
        before = len(mails(deployment.settings.folder))
        with self.owner() as ctx:
            tell_clients(ctx, kind, self.bakery, _("Look"), To("shell.portal"), key)
        own = notification_work(MailScribe(deployment))
        Worker(store=deployment.store, catalog=deployment.catalog, own=own).work()
        hand_over(deployment.store, deployment.settings)
        return mails(deployment.settings.folder)[before:]


@pytest.fixture
def portal(settings: Settings, tmp_path: Path) -> Iterator[Portal]:
    ears = a_plugin(tmp_path, "ears", notification_types=(SHARED, ASKED, HEARD))
    bills = a_plugin(tmp_path, "bills", notification_types=(BILLED,))
    trial = Trial.of(settings, ears, bills)
    store, catalog = trial.deployment.store, trial.deployment.catalog
    with as_owner(store, catalog, trial.firm) as ctx:
        bakery, butcher = an_account(ctx, "Bakery <b>"), an_account(ctx, "Butcher")
        for account in (bakery, butcher):
            link_contact(ctx, account, a_contact(ctx, "Anna", ANNA))
        link_contact(ctx, bakery, a_contact(ctx, "Ben", BEN))
        keys = {one.address: key for key, one in addresses_of_account(ctx, bakery).items()}
        save_settings(ctx, bakery, {"core.notify": dict.fromkeys(keys.values(), True)})
    app = trial.client.application
    anna = a_visitor(app, trial.client, trial.deployment, trial.firm, bakery, ANNA)
    yield Portal(trial, bakery, butcher, anna, keys[ANNA])
    store.close()


def test_not_2_a_client_chooses_by_module_and_staff_see_the_same(portal: Portal) -> None:
    """NOT-1, NOT-2, C10: one storage, what staff choose is seen by the client, and back."""
    page = portal.anna.get(portal.path).text
    assert_harmless(page)
    assert [e.text for e in elements(page, "legend")] == [ANNA, "Bills", "Ears"]
    assert "Heard" not in page, "what colleagues are told is theirs"
    assert BEN not in page
    assert portal.wanted() == {"ears.shared", "ears.asked"}
    answer = portal.choose({"ears.asked", "bills.sent"})
    assert (answer.status_code, answer.location) == (303, portal.path)
    assert "Your choice is saved." in portal.anna.get(portal.path).text
    assert portal.wanted() == {"ears.asked", "bills.sent"}
    seen = form_of(portal.trial.client.get(portal.of_staff).text)
    assert seen["seen"].split() == ["bills.sent", "ears.asked"]
    with portal.owner(write=False) as ctx:
        entry = history(ctx, account_id=portal.bakery.id).entries[0]
    assert (entry.event, entry.who[:4]) == ("accounts.notifications_changed", "Anna")
    assert entry.after == {"address": ANNA, "on": ["Bill sent"], "off": ["Paper shared"]}
    portal.trial.client.post(portal.of_staff, data={**seen, "wanted": ["ears.asked"]})
    assert portal.wanted() == {"ears.asked"}
    assert [portal.mailed(kind, "one") != [] for kind in (SHARED, ASKED, BILLED)] == [
        True,
        True,
        False,
    ], "Ben still hears of papers"
    assert [mail["To"] for mail in portal.mailed(SHARED, "two")] == [BEN]


def test_not_2_what_a_client_and_the_firm_switch_at_the_same_time_is_both_kept(
    portal: Portal,
) -> None:
    """NOT-2: only what somebody switched is stored; choosing nothing new writes no history."""
    shown = portal.anna.get(portal.path).text
    staff = form_of(portal.trial.client.get(portal.of_staff).text)
    wanted = ["ears.asked"]
    assert portal.trial.client.post(portal.of_staff, data={**staff, "wanted": wanted}).status_code
    assert portal.choose({"ears.shared", "ears.asked", "bills.sent"}, shown).status_code == 303
    assert portal.wanted() == {"ears.asked", "bills.sent"}
    with portal.owner(write=False) as ctx:
        before = history(ctx, account_id=portal.bakery.id).entries
    assert portal.choose({"ears.asked", "bills.sent"}).status_code == 303
    shown = portal.anna.get(portal.path).text
    with portal.owner() as ctx:
        assert history(ctx, account_id=portal.bakery.id).entries == before
        switch_module(ctx, "bills")
    assert "Bill sent" not in portal.anna.get(portal.path).text
    assert portal.choose({"bills.sent"}, shown).status_code == 303
    with portal.owner() as ctx:
        switch_module(ctx, "bills")
    assert portal.wanted() == {"bills.sent"}, "what was chosen for a module returns with it"


def test_not_2_where_the_firm_switched_mails_off_the_page_says_so(portal: Portal) -> None:
    """NOT-2: NOTIFY is the firm's; what the client chooses meanwhile counts afterwards."""
    assert not elements(portal.anna.get(portal.path).text, class_="warn")
    with portal.owner() as ctx:
        save_settings(ctx, portal.bakery, {"core.notify": {portal.key: False}})
    notice = element(portal.anna.get(portal.path).text, class_="warn").text
    assert "has switched off mails about Bakery <b> to anna@client.example" in notice
    assert portal.choose({"ears.asked"}).status_code == 303
    assert portal.wanted() == {"ears.asked"}
    assert ANNA not in [mail["To"] for mail in portal.mailed(ASKED, "one")]
    with portal.owner() as ctx:
        save_settings(ctx, portal.bakery, {"core.notify": {portal.key: True}})
    assert ANNA in [mail["To"] for mail in portal.mailed(ASKED, "two")]


def test_not_2_each_account_and_each_address_has_its_own_and_nobody_elses_is_reached(
    portal: Portal,
) -> None:
    """NOT-2: links lead to the other accounts; two contacts with one address have one choice."""
    assert "Butcher" not in portal.anna.get(portal.path).text
    login(portal.trial.deployment, portal.trial.firm, portal.butcher, ANNA)
    page = portal.anna.get(portal.path).text
    other = next(e.get("href") for e in elements(page, "a") if e.text == "Butcher")
    assert other == f"/p/acme/{portal.butcher.public_id}/mails"
    with portal.owner() as ctx:
        link_contact(ctx, portal.bakery, a_contact(ctx, "Anne", ANNA.upper()))
        keys = [
            key
            for key, one in addresses_of_account(ctx, portal.bakery).items()
            if one.address.lower() == ANNA
        ]
        save_settings(ctx, portal.bakery, {"core.notify": dict.fromkeys(keys, True)})
        with pytest.raises(NotAllowed):
            save_own_wishes(ctx, portal.bakery, {portal.key: {"ears.asked": False}})
    assert portal.choose({"ears.asked"}).status_code == 303
    assert [mail["To"] for mail in portal.mailed(SHARED, "one")] == [BEN]
    assert "ears.shared" in portal.anna.get(other).text
    shown = portal.anna.get(portal.path).text
    with portal.owner(write=False) as ctx:
        bens = next(
            key
            for key, one in addresses_of_account(ctx, portal.bakery).items()
            if one.address == BEN
        )
    forged = shown.replace(f"mails_{portal.key}_", f"mails_{bens}_").replace(
        f'"{portal.key}:', f'"{bens}:'
    )
    assert portal.choose({"ears.asked"}, forged).status_code == 303
    assert BEN in [mail["To"] for mail in portal.mailed(SHARED, "two")]
    unknown = {**form_of(shown), f"mails_{portal.key}_ears": "tasks.assigned", "seen": "x :: 1:1 é"}
    assert portal.anna.post(portal.path, data=unknown).status_code == 422


def test_not_2_the_page_is_found_and_stands_empty_where_clients_are_told_of_nothing(
    portal: Portal,
) -> None:
    """NOT-2: own details lead there; with no module that tells clients the page says so."""
    details = portal.anna.get(f"/p/acme/{portal.bakery.public_id}/details").text
    assert portal.path in [e.get("href") for e in elements(details, "a")]
    with portal.owner() as ctx:
        for module in ("ears", "bills"):
            switch_module(ctx, module)
    page = portal.anna.get(portal.path).text
    assert "nothing to choose" in element(page, "p", class_="empty").text
    assert not elements(page, "input", type="checkbox")


def test_not_2_mails_and_the_page_that_stops_them_lead_there_for_those_who_sign_in(
    portal: Portal,
) -> None:
    """NOT-2: Ben, who does not sign in to the portal, is offered what he can open alone."""
    for mail in portal.mailed(SHARED, "one"):
        signs_in = mail["To"] == ANNA
        stop = str(mail["List-Unsubscribe"]).strip("<>").removeprefix("http://127.0.0.1:8000")
        outside = portal.trial.client.application.test_client()
        body = mail.get_body(("html",)).get_content()
        for said in (body, outside.get(stop).text, outside.post(stop).text):
            leads = [e.get("href") for e in elements(said, "a")]
            assert any(one.endswith(portal.path) for one in leads) is signs_in
    assert portal.wanted() == {"ears.asked"}, "the link and the page say the same"


def test_por_6_staff_see_the_choice_as_the_client_does_and_change_nothing(portal: Portal) -> None:
    """POR-6: the same page, for reading alone."""
    client = portal.trial.client
    portal.choose({"ears.asked"})
    info = f"/f/acme/accounts/{portal.bakery.public_id}/info"
    begun = press(client, info, f"/addresses/{portal.key}/look")
    page = client.get(f"{begun.location}/mails").text
    boxes = elements(page, "input", type="checkbox")
    assert [b.get("value") for b in boxes if "checked" in b.attributes] == ["ears.asked"]
    assert all(any(box.inside(f) for f in elements(page, "fieldset", disabled="")) for box in boxes)
    assert client.post(f"{begun.location}/mails", data=form_of(page)).status_code == 405
