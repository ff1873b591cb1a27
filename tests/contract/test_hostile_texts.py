"""Whatever is typed into a text field of any form is kept and shown as it is, or refused in words.

The forms are those of the table. A field takes the strings that have broken other software, as many
of them at a time as it has room for. Where a text has a meaning (an address, a number), it may say
no.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any
from unicodedata import category

import pytest
from attrs import define, field, frozen

from crm_core.fields.texts import LONGEST_LINE
from crm_core.fields.values import FieldType
from crm_core.testing.builders import as_owner
from tests.conftest import LONG_ON_POSTGRES
from tests.contract.expected import FILLED
from tests.core.fields.filled import a_field
from tests.web.browsing import elements, form_of
from tests.web.harmless import assert_harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from werkzeug.test import TestResponse

    from tests.contract.world import World
    from tests.web.browsing import Element

LEAST_FORMS, LEAST_FIELDS = 21, 93

PLAIN = ("text", "textarea")
TEXTS = (FieldType.TEXT, FieldType.LONG_TEXT)

WITH_MEANING = {
    ("shell.info_delete", "name"),
    ("shell.info_contact", "emails"),
    ("shell.info_contact_new", "emails"),
    ("shell.contact_edit", "emails"),
    ("documents.rename", "name"),
    ("documents.portal_rename", "name"),
    *(
        (f"documents.templates_{form}", access)
        for form in ("new", "edit")
        for access in ("edits", "sees", "private")
    ),
}
"""Fields that look plain and are not: a name that has to be repeated, addresses one a line, names
of files, which lose what would make them paths, folders one a line.
"""

OF_TASKS = ("tasks.new", "tasks.new_own", "tasks.edit")

NOT_AS_TYPED = {
    ("notes.write", "text"),
    ("notes.edit", "text"),
    *((form, "description") for form in OF_TASKS),
}
"""Texts whose signs have a meaning on the page: there a star makes a word bold."""

SINGLY = "shell.info_edit"
"""Where each string is tried by itself: the form with a field of every type."""

OF_LINES = {
    ("shell.settings_fields_add", "choices"),
    ("shell.settings_fields_edit", "more"),
    *((form, "checklist") for form in OF_TASKS),
}
"""Fields of which each line is a text by itself."""

LINKING = "shell.info_contact_link"
"""A form that finds somebody first, and each of them once."""

INSTEAD = {
    "shell.new_client": {"type": "business", "company_name": "Bakery"},
    "shell.info_edit": {"type": "business", "company_name": "Bakery"},
    "shell.settings_fields_add": {"type": "choice"},
    "shell.settings_team_invite": {"address": "KEY@x.example"},
}
"""What is sent instead of the table's example, so that every text is kept and shown. KEY is new."""


@frozen
class TextField:
    """A field that people type a text into: one of at most `longest` characters."""

    name: str
    longest: int
    plain: bool

    def bundles(self, strings: Sequence[str], mark: str = "") -> list[str]:
        """All the strings that fit, in as few texts as possible, no two of them alike."""
        texts: list[str] = []
        room = 0
        for string in strings:
            opening = f"{mark}{len(texts)}"
            if len(opening) + len(string) + 2 > self.longest:
                continue
            if len(string) + 1 > room:
                texts.append(opening)
                room = self.longest - len(opening) - 1
            texts[-1] += f"|{string}"
            room -= len(string) + 1
        return [f"{text}." for text in texts]


@define
class Sheet:
    """A form of the table, for a fresh object of the firm; `page` is what it was shown as last."""

    world: World
    endpoint: str
    url: str
    example: Mapping[str, Any]
    page: str = field(default="", repr=False)

    @classmethod
    def of(cls, world: World, endpoint: str, path: Mapping[str, str] | None = None) -> Sheet:
        """The form for the object in the path, or for a fresh one."""
        address = world.address(endpoint, path) if path else world.fresh(endpoint)
        example = world.data(endpoint)
        asked = "?q=to+be+linked" if endpoint == LINKING else ""
        sheet = cls(world, endpoint, address + asked, example)
        sheet.opened()
        return sheet

    @property
    def edits(self) -> bool:
        """Whether the form changes something that is there already."""
        return "version" in FILLED[self.endpoint]

    @property
    def fields(self) -> Sequence[TextField]:
        """Its text fields, as the page has them."""
        return [
            TextField(e.get("name"), self._longest(e), self._is_plain(e))
            for e in elements(self.page)
            if e.get("maxlength") and e.get("type") != "search"
        ]

    def _is_plain(self, e: Element) -> bool:
        """Whether every text is right in it; what the others ask for has a meaning."""
        kind, name = e.get("type") or e.tag, e.get("name")
        if not name or e.get("inputmode") or (self.endpoint, name) in WITH_MEANING:
            return False
        return kind in PLAIN or (kind == "tel" and not name.startswith("custom_"))

    def _longest(self, e: Element) -> int:
        of_lines = (self.endpoint, e.get("name")) in OF_LINES
        return LONGEST_LINE if of_lines else int(e.get("maxlength"))

    def opened(self) -> str:
        self.page = self.world.asker(self.endpoint).get(self.url).text
        return self.page

    def send(self, typed: Mapping[str, str]) -> TestResponse:
        """Fills in these fields, the others as they are or as the table says, and sends it."""
        key = self.world.key()
        if self.endpoint == LINKING:
            self.example = self.world.data(LINKING)
        example = {k: v for k, v in self.example.items() if k != "version"}
        more = {k: v.replace("KEY", key) for k, v in INSTEAD.get(self.endpoint, {}).items()}
        form = {**form_of(self.page), **example, **more, **typed, "_once": key}
        return self.world.asker(self.endpoint).post(self.url, data=form)


def sheets(world: World) -> Iterator[Sheet]:
    """Every form of the table that has a text field; those that edit come while lists are short."""
    with as_owner(world.deployment.store, world.deployment.catalog, world.here) as ctx:
        chosen = a_field(ctx, "account", "choice", "To choose from", choices=("Gold",))
    yield Sheet.of(world, "shell.settings_fields_edit", {"field": chosen.public_id})
    for endpoint in sorted(FILLED, key=lambda name: "version" not in FILLED[name]):
        sheet = Sheet.of(world, endpoint)
        if sheet.fields:
            yield sheet


@pytest.fixture
def roomy(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The world, with fields for texts, where as much may be added as there are texts."""
    for most in ("listing.saved.MOST", "account_roles.MOST_ROLES", "fields.defining.MOST_FIELDS"):
        monkeypatch.setattr(f"crm_core.{most}", 10_000)
    _add_fields(world, TEXTS)
    return world


def _add_fields(
    world: World, types: Iterable[FieldType], owners: Sequence[str] = ("account", "contact")
) -> None:
    """Fields of these types for accounts and for contacts."""
    with as_owner(world.deployment.store, world.deployment.catalog, world.here) as ctx:
        for type_ in types:
            for owner in owners:
                a_field(ctx, owner, type_, f"Some {type_}")


EACH = pytest.mark.parametrize(
    "chosen", ["one of each kind", pytest.param("all", marks=pytest.mark.deep)]
)
"""Of strings that are alike the first; `make deep` tries them all."""


@pytest.fixture
def strings(naughty: list[str], chosen: str) -> Sequence[str]:
    """The strings that are typed."""
    return naughty if chosen == "all" else _one_of_each_kind(naughty)


@EACH
@LONG_ON_POSTGRES
def test_what_can_be_stored_is_kept_and_shown_as_it_was_typed(
    roomy: World, strings: Sequence[str]
) -> None:
    storable = [text for text in strings if not _is_refused(text)]
    forms = fields = 0
    for mark, sheet in zip(ascii_lowercase, sheets(roomy), strict=False):
        bundles = {f.name: f.bundles(storable, mark) for f in sheet.fields if f.plain}
        _keeps_and_shows(sheet, mark, bundles)
        forms += bool(bundles)
        fields += len(bundles)
    print(f"{fields} fields of {forms} forms took {len(storable)} strings each")
    assert (forms, fields) >= (LEAST_FORMS, LEAST_FIELDS)


def _one_of_each_kind(texts: Sequence[str]) -> Sequence[str]:
    """Of those that differ in nothing but the number of a character the first."""
    kinds: dict[str, str] = {}
    for text in texts:
        kinds.setdefault(re.sub(r"\\x[0-9A-Fa-f]{2}", "", text), text)
    return list(kinds.values())


def _keeps_and_shows(sheet: Sheet, mark: str, bundles: Mapping[str, Sequence[str]]) -> None:
    """Sends each bundle; the form shows it again, where it edits, and so do the pages after it."""
    shown: dict[str, list[tuple[str, str]]] = {}
    for number in range(max(map(len, bundles.values()), default=0)):
        typed = {
            name: texts[number] if number < len(texts) else f"{mark}{number}"
            for name, texts in bundles.items()
        }
        answer = sheet.send(typed)
        assert answer.status_code == 303, (sheet.endpoint, typed, answer.text)
        if sheet.edits:
            shown.clear()  # what it said before is said no longer
            again = form_of(sheet.opened())
            assert set(again.values()).issuperset(typed.values()), (sheet.endpoint, typed)
            assert_harmless(sheet.page)
        shown.setdefault(_shown_at(sheet, answer.location), []).extend(typed.items())
    for location, texts in shown.items():
        _shows(sheet, location, texts)


UNSEEN = ("shell.info_invite", "shell.invite")
"""Forms whose texts go into a mail alone."""


def _shown_at(sheet: Sheet, location: str) -> str:
    """The page that shows all that was typed: where one is led, or the tab beside it."""
    return location + "/info" if sheet.endpoint == "shell.new_client" else location


def _shows(sheet: Sheet, location: str, texts: Sequence[tuple[str, str]]) -> None:
    page = sheet.world.asker(sheet.endpoint).get(location)
    assert page.status_code == 200, location
    assert_harmless(page.text)
    (body,) = elements(page.text, "body")
    read = {body.raw, *form_values(page.text)}
    for name, text in texts:
        if (sheet.endpoint, name) not in NOT_AS_TYPED and sheet.endpoint not in UNSEEN:
            assert any(text in part for part in read), (sheet.endpoint, name, text)


def form_values(html: str) -> Iterator[str]:
    """What stands in the inputs of the page."""
    return (e.get("value") for e in elements(html, "input"))


def test_what_cannot_be_stored_is_refused_at_its_field(roomy: World, naughty: list[str]) -> None:
    refused = [text for text in naughty if _is_refused(text)]
    assert refused
    for sheet in sheets(roomy):
        fields = [f for f in sheet.fields if f.plain]
        for text in refused if fields else ():
            typed = {f.name: f"x{text}x"[: f.longest] for f in fields}
            wrong = _is_refused_in_words(sheet, sheet.send(typed), typed)
            assert wrong == {name for name, text in typed.items() if _is_refused(text)}


def _is_refused(text: str) -> bool:
    """Whether it has a character that controls a machine, or half of one."""
    return any(category(character) in ("Cc", "Cs") for character in text)


@EACH
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_where_a_text_has_a_meaning_any_other_is_refused_at_its_field(
    roomy: World, strings: Sequence[str]
) -> None:
    _add_fields(roomy, [type_ for type_ in FieldType if type_ not in TEXTS], ("account",))
    kept = refused = 0
    for sheet in sheets(roomy):
        fields = [f for f in sheet.fields if not f.plain]
        singly = sheet.endpoint == SINGLY
        columns = [strings if singly else f.bundles(strings) for f in fields]
        for texts in zip_longest(*columns):
            row = zip((f.name for f in fields), texts, strict=True)
            typed = {name: text for name, text in row if text is not None}
            while typed and (answer := sheet.send(typed)).status_code != 303:
                wrong = _is_refused_in_words(sheet, answer, typed)
                refused += len(wrong)
                typed = {name: text for name, text in typed.items() if name not in wrong}
            if typed:
                kept += len(typed)
                assert_harmless(sheet.opened())
    print(f"{kept} kept, {refused} refused")
    assert kept
    assert refused


def _is_refused_in_words(sheet: Sheet, answer: TestResponse, typed: Mapping[str, str]) -> set[str]:
    """Each field that is refused says why and shows what was typed; answers their names."""
    assert answer.status_code == 422, (sheet.endpoint, typed, answer.text)
    assert_harmless(answer.text)
    wrong = {
        e.get("id").removesuffix("-error") for e in elements(answer.text, class_="error") if e.text
    }
    assert wrong, (sheet.endpoint, typed)
    assert wrong <= set(typed), (sheet.endpoint, wrong)
    again = form_of(answer.text)
    for name in wrong:
        assert again[name].split() == typed[name].split(), (sheet.endpoint, name, typed)
    return wrong
