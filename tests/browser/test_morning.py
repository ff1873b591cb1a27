"""A morning's work in Dutch, with the keyboard alone: nobody touches the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core.fields.defining import add_field
from crm_core.fields.values import FieldType, NewField, Owner
from crm_core.tags import TagChange, add_tag
from crm_core.testing.builders import an_account, as_owner
from tests.browser.keyboard import tab_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page


@frozen
class Hands:
    """Somebody at a keyboard."""

    page: Page

    def go(self, name: str) -> None:
        """Goes on to what is called so, and presses Enter."""
        tab_to(self.page, name)
        self.page.keyboard.press("Enter")

    def fill(self, label: str, text: str) -> None:
        """Goes on to a field, and types into it instead of what stands there."""
        tab_to(self.page, label)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def press(self, *keys: str) -> None:
        """Presses keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def reads(self, text: str, where: str = "body") -> None:
        """Waits until this is to be read on the page."""
        self.page.locator(where).get_by_text(text).first.wait_for()

    def arrives(self, heading: str) -> None:
        """Waits for the page with this heading."""
        self.page.get_by_role("heading", level=1, name=heading, exact=True).wait_for()


def test_a_morning_in_dutch_with_the_keyboard_alone(
    office: Any, visit: Callable[..., Page]
) -> None:
    """R1 to R4, I1, I3, I4, I6, C1 to C6, C12, ACC-13, LST-1: by keys, in Dutch."""
    firm, address = office.open_firm("ochtend")
    with as_owner(office.store, office.catalog, firm) as ctx:
        an_account(ctx, "Slagerij Vos", first_name="Vera", emails=("vera@vos.example",))
        an_account(ctx, "Fietsen & Zonen")
        add_tag(ctx, TagChange(name="Btw"))
        add_field(
            ctx,
            NewField(owner=Owner.ACCOUNT, type=FieldType.MONEY, label="Jaarbedrag"),
        )
    hands = Hands(visit())
    _sign_in(hands, firm.slug, address, office.password)
    _read_dutch(hands, firm.slug)
    _search(hands)
    _edit_the_account(hands)
    _see_to_the_contacts(hands)
    _write_a_note(hands)
    _add_a_client(hands)
    _keep_a_list(hands)
    _archive(hands)
    hands.go("Uitloggen")
    hands.page.wait_for_url("**/sign-in*")


def _sign_in(hands: Hands, slug: str, address: str, password: str) -> None:
    hands.page.goto(f"/f/{slug}/clients")
    hands.fill("E-mail address", address)
    hands.fill("Password", password)
    hands.press("Enter")
    hands.arrives("Clients")


def _read_dutch(hands: Hands, slug: str) -> None:
    hands.go("Your sign-in")
    hands.arrives("Your sign-in")
    hands.go("Language")
    hands.arrives("Language")
    tab_to(hands.page, "As the firm")
    while hands.page.evaluate("document.activeElement.value") != "nl":
        hands.press("ArrowDown")
    hands.press("Enter")
    hands.reads("Taal")
    hands.page.goto(f"/f/{slug}/clients")
    hands.arrives("Klanten")


def _search(hands: Hands) -> None:
    """R1, R3: any part of an address; the bar says whose profile it is."""
    hands.press("/")
    hands.page.keyboard.type("vos.ex")
    hands.page.get_by_role("option").first.wait_for()
    hands.press("ArrowDown", "Enter")
    hands.arrives("Slagerij Vos")


def _edit_the_account(hands: Hands) -> None:
    """I1, I3, I4, I6: in place, everything in one form."""
    hands.go("Info")
    hands.reads("Klantgegevens", "h2")
    hands.go("Bewerken")
    hands.page.get_by_label("Klantnaam").wait_for()
    hands.press("ArrowDown")
    hands.fill("Klantnaam", "Slagerij Vos en dochter")
    tab_to(hands.page, "Btw")
    hands.press("Space")
    hands.fill("Bedrijfsnaam", "Vos B.V.")
    hands.fill("Plaats", "Hoorn")
    hands.fill("Jaarbedrag", "1.250,50")
    hands.press("Enter")
    hands.reads("De gegevens zijn opgeslagen.", "#notices")
    hands.arrives("Slagerij Vos en dochter")
    for text in ("Onderneming", "Vos B.V.", "Hoorn", "Btw", "€ 1.250,50"):
        hands.reads(text.replace("€ ", "€\N{NO-BREAK SPACE}"), "main")


def _see_to_the_contacts(hands: Hands) -> None:
    """C1 to C6, C12: a contact is added, may sign in, is described and unlinked."""
    hands.go("Nieuwe contactpersoon")
    hands.page.get_by_label("Voornaam").wait_for()
    hands.page.keyboard.type("Wil")
    hands.fill("E-mailadressen", "wil@vos.example")
    hands.go("Contactpersoon toevoegen")
    hands.reads("Wil is toegevoegd.", "#notices")
    switch = hands.page.get_by_role("switch", name="LOGIN: wil@vos.example")
    hands.page.reload()
    tab_to(hands.page, "LOGIN: wil@vos.example")
    hands.press("Space")
    hands.reads("LOGIN staat aan voor wil@vos.example.", "#notices")
    assert switch.get_attribute("aria-checked") == "true"
    hands.page.reload()
    tab_to(hands.page, "Wil")
    hands.go("Beschrijving bewerken")
    hands.page.locator("#description:focus").wait_for()
    hands.page.keyboard.type("Dochter")
    hands.press("Enter")
    hands.reads("De beschrijving is opgeslagen.", "#notices")
    hands.reads("Dochter", "article")
    hands.go("Ontkoppelen")  # the link after the one that came back into focus
    hands.page.get_by_label("Ja, ik weet het zeker").wait_for()
    hands.press("Space")
    hands.go("Ontkoppelen")
    hands.reads("Wil is ontkoppeld.", "#notices")


def _write_a_note(hands: Hands) -> None:
    hands.page.reload()
    hands.go("Notities")
    hands.page.wait_for_url("**/notes")
    hands.go("Nieuwe notitie")
    hands.page.wait_for_url("**/notes/new")
    tab_to(hands.page, "Notitie")
    hands.page.keyboard.type("Belt maandag terug.")
    hands.go("Notitie opslaan")
    hands.reads("Belt maandag terug.", "main")


def _add_a_client(hands: Hands) -> None:
    """ACC-9: named after its contact."""
    hands.go("Klanten")
    hands.arrives("Klanten")
    hands.go("Nieuwe klant")
    hands.arrives("Nieuwe klant")
    hands.fill("Voornaam", "Noor")
    hands.fill("Achternaam", "Nieuw")
    hands.fill("E-mailadres", "noor@nieuw.example")
    hands.press("Enter")
    hands.arrives("Noor Nieuw")


def _keep_a_list(hands: Hands) -> None:
    """R2, LST-1: filters by tag, kept under a name, opened again."""
    hands.go("Klanten")
    hands.arrives("Klanten")
    hands.go("Labels")
    tab_to(hands.page, "Btw")
    hands.press("Space")
    hands.go("Toepassen")
    hands.page.wait_for_url("**tag=**")
    hands.go("Deze lijst bewaren")
    hands.arrives("Deze lijst bewaren")
    hands.fill("Naam", "Btw-klanten")
    hands.press("Enter")
    hands.reads("Btw-klanten is bewaard.", "body")
    hands.go("Slagerij Vos en dochter")
    hands.arrives("Slagerij Vos en dochter")


def _archive(hands: Hands) -> None:
    """ACC-13: it leaves the list, is found among the archived, and comes back."""
    hands.go("Info")
    hands.reads("Klantgegevens", "h2")
    hands.go("Klant archiveren")
    hands.page.get_by_label("Ja, ik weet het zeker").wait_for()
    hands.press("Space")
    hands.go("Archiveren")
    hands.reads("Slagerij Vos en dochter is gearchiveerd.", "#notices")
    hands.page.reload()
    hands.go("Klanten")
    hands.arrives("Klanten")
    hands.go("Gearchiveerd")
    hands.page.wait_for_url("**list=archived")
    hands.go("Slagerij Vos en dochter")
    hands.arrives("Slagerij Vos en dochter")
    hands.go("Info")
    hands.reads("Klantgegevens", "h2")
    hands.go("Terugzetten")
    hands.reads("staat weer in de lijst met klanten.", "#notices")
    hands.page.reload()
