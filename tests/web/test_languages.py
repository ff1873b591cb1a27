"""English and Dutch, for each person: who reads which, and how numbers and money are written."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from crm_core.context import Fragment
from crm_core.fields.retyping import change_type
from crm_core.fields.values import FieldType
from crm_core.firms import NewFirm, choose_language, create_firm, language_chosen_by
from crm_core.membership import add_member
from crm_core.numbers import money, number
from crm_core.permissions import Role
from crm_core.refusals import Refused
from crm_core.store.tables import FirmRecord, PersonRow
from crm_core.tags import Colour, TagChange, add_tag, set_tags
from crm_core.testing.builders import a_firm, a_person, an_account, as_owner
from crm_core.words import counted_words_of, words_of
from tests.conftest import ADDRESS, PASSWORD
from tests.core.fields.filled import a_field
from tests.web.browsing import element, elements, send, sign_in, the_log
from tests.web.plugins import Trial, a_plugin, a_section, a_template
from tests.web.servers import hand_over
from tests.web.signin.acting import Outbox, forgot, plain_text
from web.catalogues import translated
from web.dates import relative
from web.signin.people import add_person
from web.words import _, _n

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from crm_core.catalog import Catalog as Plugins
    from crm_core.firms import Firm
    from crm_core.store.database import Store
    from web.settings import Settings

CLIENTS = "/f/acme/clients"
DUTCH = {"Accept-Language": "nl-BE,nl;q=0.9,en;q=0.8"}


@pytest.fixture
def outbox(settings: Settings) -> Outbox:
    return Outbox(settings.folder / "outbox")


def give_language(store: Store, firm: Firm, language: str) -> None:
    """Makes this the firm's language."""
    with store.deployment_transaction(write=True):
        FirmRecord.change(store, language=language).where(FirmRecord.id == firm.id).execute()


def language_of(client: FlaskClient, path: str, **headers: str) -> str:
    """The language that a page says it is in."""
    return element(client.get(path, headers=headers).text, "html").get("lang")


@pytest.mark.parametrize(
    ("own", "firms", "read"),
    [
        ("", "en", "en"),
        ("", "nl", "nl"),
        ("nl", "en", "nl"),
        ("en", "nl", "en"),
        ("", "", "nl"),
        ("xx", "xx", "nl"),
    ],
)
@pytest.mark.parametrize("path", [CLIENTS, "/me", "/f/acme/accounts/nothing", "/nothing"])
def test_ones_own_choice_goes_before_the_firms_and_that_before_the_browsers(
    client: FlaskClient,
    store: Store,
    owned_firm: Firm,
    owner_person: int,
    own: str,
    firms: str,
    read: str,
    path: str,
) -> None:
    give_language(store, owned_firm, firms)
    with store.deployment_transaction(write=True):
        PersonRow.change(store, language=own).where(PersonRow.id == owner_person).execute()
    assert language_of(client, path, **DUTCH) == read


@pytest.mark.parametrize(
    ("wish", "read"),
    [
        ("", "en"),
        ("nl", "nl"),
        ("NL-nl, en;q=0.8", "nl"),
        ("en-US,en;q=0.9,nl;q=0.8", "en"),
        ("nl;q=0.8,en-GB;q=0.9", "en"),
        ("fr-FR, fr;q=0.9, nl-BE;q=0.5, en;q=0.1", "nl"),
        ("nl;q=0, de", "en"),
        ("de, fr;q=0.4, *;q=0.1", "en"),
        ("nonsense;;q=,,\x7f", "en"),
    ],
)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/forgotten", "/nothing", "/join/acme/x"])
def test_before_one_is_signed_in_the_browser_decides(
    app: Flask, owned_firm: Firm, wish: str, read: str, path: str
) -> None:
    answer = app.test_client().get(path, headers={"Accept-Language": wish})
    assert element(answer.text, "html").get("lang") == read
    assert "Accept-Language" in answer.vary


def test_an_answer_varies_with_the_browser_only_where_it_was_asked(
    app: Flask, client: FlaskClient
) -> None:
    assert "Accept-Language" not in client.get(CLIENTS, headers=DUTCH).vary
    assert "Accept-Language" in app.test_client().get("/sign-in", headers=DUTCH).vary


def test_in_each_firm_its_own_language_for_whoever_chose_none(
    client: FlaskClient, store: Store, catalog: Plugins, owner_person: int
) -> None:
    other = a_firm(store, "other")
    give_language(store, other, "nl")
    with as_owner(store, catalog, other) as ctx:
        add_member(ctx, owner_person, "Olga", ADDRESS, Role.ADMIN)
    assert language_of(client, CLIENTS) == "en"
    assert language_of(client, "/f/other/clients") == "nl"
    choose_language(store, owner_person, "en")
    assert language_of(client, "/f/other/clients") == "en"


def test_the_language_is_chosen_on_ones_own_page(
    client: FlaskClient, store: Store, owned_firm: Firm, owner_person: int
) -> None:
    page = client.get("/me/language").text
    assert [e.text for e in elements(page, "label")] == ["English", "Nederlands", "As the firm"]
    assert "As the firm" in client.get("/me").text
    assert send(client, "/me/language", language="nl").location == "/me"
    assert language_chosen_by(store, owner_person) == "nl"
    page = client.get("/me").text
    assert "Uw taal is opgeslagen." in page
    assert "Nederlands" in page
    assert element(client.get("/me/language").text, "input", value="nl", checked="").get("name")
    assert language_of(client, CLIENTS) == "nl"
    assert send(client, "/me/language", language="").location == "/me"
    assert "Your language is saved." in client.get("/me").text
    assert language_of(client, CLIENTS) == "en"


def test_a_language_that_is_none_changes_nothing(
    client: FlaskClient, store: Store, owner_person: int
) -> None:
    answer = send(client, "/me/language", language="xx")
    assert (answer.status_code, language_chosen_by(store, owner_person)) == (422, "")
    with pytest.raises(Refused):
        choose_language(store, owner_person, "xx")


def test_a_firm_begins_with_a_language_that_there_is(store: Store) -> None:
    new = NewFirm(
        name="Van Dijk",
        slug="van-dijk",
        owner_person_id=a_person(store),
        owner_name="Eva",
        owner_address="eva@x.example",
        language="nl",
    )
    assert create_firm(store, new).language == "nl"
    with pytest.raises(Refused) as refused:
        create_firm(store, evolve(new, slug="other", language="tlh"))
    assert refused.value.at == "language"


def test_mails_come_in_the_language_of_whoever_reads_them(
    settings: Settings, client: FlaskClient, store: Store, owner_person: int, outbox: Outbox
) -> None:
    add_person(store, "frank@x.example", PASSWORD)
    frank = add_person(store, "fleur@x.example", PASSWORD)
    choose_language(store, frank, "nl")
    for name in ("new", "frank", "fleur"):
        sent = {"name": name.title(), "address": f"{name}@x.example", "role": "employee"}
        send(client, "/f/acme/settings/team/invite", **sent)
    hand_over(store, settings)
    subjects = {mail["To"]: mail["Subject"] for mail in outbox.mails()}
    assert subjects == {
        "new@x.example": "Acme invites you",
        "frank@x.example": "Acme invites you",
        "fleur@x.example": "Acme nodigt u uit",
    }


def test_an_invitation_to_somebody_unknown_is_in_the_firms_language(
    settings: Settings,
    client: FlaskClient,
    store: Store,
    owned_firm: Firm,
    owner_person: int,
    outbox: Outbox,
) -> None:
    give_language(store, owned_firm, "nl")
    choose_language(store, owner_person, "en")
    sent = {"name": "New", "address": "new@x.example", "role": "employee"}
    send(client, "/f/acme/settings/team/invite", **sent)
    hand_over(store, settings)
    (mail,) = outbox.mails()
    assert mail["Subject"] == "Acme nodigt u uit"
    assert "Open deze link om deel te nemen" in plain_text(mail)


def test_a_forgotten_password_is_answered_in_the_language_of_whose_it_is(
    app: Flask, owned_firm: Firm, store: Store, owner_person: int, outbox: Outbox
) -> None:
    forgot(app.test_client(), ADDRESS)
    give_language(store, owned_firm, "nl")
    forgot(app.test_client(), ADDRESS)
    choose_language(store, owner_person, "en")
    forgot(app.test_client(), ADDRESS)
    send(app.test_client(), outbox.path(ADDRESS), password="another horse entirely")
    subjects = [mail["Subject"] for mail in outbox.mails(ADDRESS)]
    new, changed = "Choose a new password", "Your password was changed"
    assert subjects == [new, "Kies een nieuw wachtwoord", new, changed]


def test_ones_own_mails_come_in_ones_own_language(
    client: FlaskClient, store: Store, owner_person: int, outbox: Outbox
) -> None:
    choose_language(store, owner_person, "nl")
    send(client, "/me/address", address="olga@new.example")
    subjects = {mail["To"]: mail["Subject"] for mail in outbox.mails()}
    assert subjects == {
        "olga@new.example": "Bevestig uw inlogadres",
        ADDRESS: "Uw inlogadres gaat veranderen",
    }
    send(client, outbox.path("olga@new.example"))
    assert outbox.mails(ADDRESS)[-1]["Subject"] == "Uw inlogadres is gewijzigd"
    assert "Was u het niet?" in plain_text(outbox.mails(ADDRESS)[-1])


def test_a_fault_page_is_in_the_language_of_whoever_met_it(
    app: Flask, client: FlaskClient, store: Store, owner_person: int
) -> None:
    choose_language(store, owner_person, "nl")
    answer = client.post(CLIENTS + "/new", data={"name": "no token"})
    assert answer.status_code == 400
    assert "Dit formulier stond te lang open" in answer.text


def test_the_history_tells_of_custom_fields_in_the_readers_language(
    client: FlaskClient,
    store: Store,
    catalog: Plugins,
    owned_firm: Firm,
    owner_person: int,
) -> None:
    """1.4: what is recorded is the type, not what whoever chose it calls it in their language."""
    with as_owner(store, catalog, owned_firm) as ctx:
        field = a_field(ctx, "contact", "text", "Staff")
        change_type(ctx, field, FieldType.NUMBER, field.version)
    choose_language(store, owner_person, "nl")
    told = [e.text for e in elements(client.get("/f/acme/settings/history").text, "small")]
    assert "voor: veld: Staff; type: Tekst" in told
    assert "na: omgezet: 0; ongewijzigd bewaard: 0; type: Getal" in told
    assert any("verplicht: nee" in one and "hoort bij: Contactpersonen" in one for one in told)


def test_the_history_tells_of_the_firms_settings_in_the_readers_language(
    client: FlaskClient, store: Store, owner_person: int
) -> None:
    sent = send(client, "/f/acme/settings/firm", accent="blue", language="nl")
    assert sent.status_code == 303
    choose_language(store, owner_person, "nl")
    told = [e.text for e in elements(client.get("/f/acme/settings/history").text, "small")]
    assert "voor: kleur: Blauwgroen; taal: English" in told
    assert "na: kleur: Blauw; taal: Nederlands" in told


@pytest.mark.parametrize(
    ("language", "one", "two"),
    [
        ("en", "1 client carries it; it loses the tag", "2 clients carry it; they lose the tag"),
        ("nl", "1 klant heeft het; die verliest", "2 klanten hebben het; die verliezen"),
    ],
)
def test_what_deleting_a_tag_does_is_said_for_one_client_and_for_several(
    client: FlaskClient,
    store: Store,
    catalog: Plugins,
    owned_firm: Firm,
    owner_person: int,
    language: str,
    one: str,
    two: str,
) -> None:
    """1.5"""
    choose_language(store, owner_person, language)
    with as_owner(store, catalog, owned_firm) as ctx:
        tag = add_tag(ctx, TagChange(name="VAT", colour=Colour.RED))
        set_tags(ctx, an_account(ctx), {tag.id})
    page = f"/f/acme/settings/tags/{tag.public_id}/delete"
    assert one in client.get(page).text
    with as_owner(store, catalog, owned_firm) as ctx:
        set_tags(ctx, an_account(ctx), {tag.id})
    assert two in client.get(page).text


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_where_nobody_can_say_who_asks_a_fault_is_told_in_the_browsers_language(
    client: FlaskClient, store: Store
) -> None:
    store.database.execute_sql("ALTER TABLE session RENAME TO elsewhere")
    for path in (CLIENTS, "/me"):
        with the_log():
            answer = client.get(path, headers=DUTCH)
        assert answer.status_code in (500, 503)
        assert element(answer.text, "html").get("lang") == "nl"


def test_counts_choose_their_wording(app: Flask) -> None:
    with app.test_request_context():
        for count, dutch, english in (
            (0, "0 rechten", "0 rights"),
            (1, "1 recht", "1 right"),
            (2, "2 rechten", "2 rights"),
            (12_345, "12.345 rechten", "12,345 rights"),
        ):
            rights = _n("{count} right", "{count} rights", count=count)
            assert translated(rights, "nl") == dutch
            assert translated(rights, "en") == english


def test_what_a_catalogue_lacks_is_said_in_english(app: Flask) -> None:
    strange, counted = words_of("nowhere"), counted_words_of("nowhere")
    with app.test_request_context():
        assert translated(strange("Save"), "nl") == "Save"
        assert translated(_("No such message, {name}", name="Anna"), "nl") == (
            "No such message, Anna"
        )
        assert translated(counted("{count} cat", "{count} cats", count=1), "nl") == "1 cat"
        assert translated(counted("{count} cat", "{count} cats", count=1_000), "nl") == "1.000 cats"
        assert translated(_(""), "nl") == ""


def test_a_number_within_a_text_is_written_by_the_language(app: Flask) -> None:
    sentence = _("At most {largest} MB; this file has {size}.", largest=1_000, size=Decimal("8.4"))
    with app.test_request_context():
        assert translated(sentence, "en") == "At most 1,000 MB; this file has 8.4."
        assert translated(sentence, "nl") == "Hoogstens 1.000 MB; dit bestand heeft er 8,4."


def test_a_text_within_a_text_is_translated_and_a_name_is_not(app: Flask) -> None:
    with app.test_request_context():
        needs = words_of("crm_core")("This needs the right: {right}.", right=_("Settings"))
        assert translated(needs, "nl") == "Hiervoor is dit recht nodig: Instellingen."
        assert translated(_("{name} is saved.", name="Settings {x}"), "nl") == (
            "Settings {x} is opgeslagen."
        )
        assert translated("Settings", "nl") == "Settings"


def test_a_client_called_as_a_text_of_ours_keeps_the_name(
    client: FlaskClient, store: Store, catalog: Plugins, owned_firm: Firm, owner_person: int
) -> None:
    choose_language(store, owner_person, "nl")
    with as_owner(store, catalog, owned_firm) as ctx:
        path = f"/f/acme/accounts/{an_account(ctx, 'Settings').public_id}/info"
    for page in (CLIENTS, path):
        assert "Settings" in [e.text for e in elements(client.get(page).text, "bdi")]


def test_near_days_are_named_in_the_readers_language(
    app: Flask, store: Store, catalog: Plugins, firm: Firm
) -> None:
    with app.test_request_context(), as_owner(store, catalog, firm, write=False) as ctx:
        assert relative(ctx.now, evolve(ctx, language="nl")).startswith("vandaag ")


@pytest.mark.parametrize(
    ("language", "count", "fraction", "amount", "debt"),
    [
        ("en", "1,234,567", "1,234.5", "€1,234.50", "-€0.05"),
        ("nl", "1.234.567", "1.234,5", "€ 1.234,50", "€ -0,05"),
    ],
)
def test_numbers_and_money_are_written_by_the_language(
    language: str, count: str, fraction: str, amount: str, debt: str
) -> None:
    def spaced(text: str) -> str:
        return text.replace("\N{NO-BREAK SPACE}", " ")

    assert number(1_234_567, language) == count
    assert number(Decimal("1234.5"), language) == fraction
    assert spaced(money(123_450, "EUR", language)) == amount
    assert spaced(money(-5, "EUR", language)) == debt
    assert spaced(money(1_234, "JPY", language)).strip("JP¥ ") in ("1,234", "1.234")


def test_a_plugin_brings_its_own_catalogue(settings: Settings, tmp_path: Path) -> None:
    """Its words are its own, in its templates too; the shell's around them stay the shell's."""
    said = words_of("weather")
    catalogue = Catalog(locale="nl", domain="weather", fuzzy=False)
    catalogue.add("Forecast", "Voorspelling")
    catalogue.add("Settings", "Weerstanden")
    catalogue.add(("{count} cloud", "{count} clouds"), ("{count} wolk", "{count} wolken"))
    folder = tmp_path / "locale" / "nl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "weather.mo").open("wb") as file:
        write_mo(file, catalogue)
    template = a_template(
        tmp_path,
        "weather",
        '<p>{{ _("Settings") }}|{{ _n("{count} cloud", "{count} clouds", count=n) }}|{{ _(word) }}'
        '|{{ _("Unknown") }}</p>',
    )
    section = a_section(
        "weather",
        lambda ctx, account: Fragment(template, {"n": 3, "word": said("Forecast")}),
        title=said("Forecast"),
    )
    trial = Trial.of(settings, a_plugin(tmp_path, "weather", sections=(section,)))
    choose_language(trial.deployment.store, trial.person, "nl")
    page = trial.client.get(trial.overview).text
    assert "Weerstanden|3 wolken|Voorspelling|Unknown" in [e.text for e in elements(page, "p")]
    assert "Voorspelling" in [e.text for e in elements(page, "h2")]
    assert "Instellingen" in [e.text for e in elements(page, "a")]


def test_signing_in_with_wrong_words_is_told_in_dutch(app: Flask, owned_firm: Firm) -> None:
    stranger = app.test_client()
    stranger.environ_base["HTTP_ACCEPT_LANGUAGE"] = "nl"
    assert "horen niet bij elkaar" in sign_in(stranger, ADDRESS, "wrong horse battery").text
