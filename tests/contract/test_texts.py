"""Every text has its translation, and no text stands outside of the catalogues."""

from __future__ import annotations

import ast
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import jinja2
import pytest
from babel.messages.catalog import Catalog
from jinja2 import nodes

from crm_core.languages import ENGLISH, LANGUAGES
from web.extraction import (
    ROOT,
    catalogue_of,
    in_catalogue_form,
    own_packages,
    text_of,
    unfit,
    untranslated,
    up_to_date,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEAST_MESSAGES, LEAST_TEMPLATES = 450, 45

OTHERS = [language for language in LANGUAGES if language != ENGLISH]

SAME_IN_DUTCH = {"Code", "E-mail", "Filters", "In {count} browsers", "Info", "LOGIN", "Logo"} | {
    "Menu",
    "Modules",
    "NOTIFY",
    "Passkeys",
    "Postcode",
    "Team",
    "Type",
    "Zoom",
    "logo",
    "postcode",
    "team",
    "type",
    "{kept} {help}",
    "Document",
    "Browser",
    "Film",
    "{folder} / {inside}",
    "{folder} ({access})",
}
"""Messages that are said in the same words in Dutch."""

BARE = {
    "web/templates/pages/account_photo.html": {"bad quiet"},
    "web/templates/portal/details.html": {"bad quiet"},
    "web/templates/settings/firm_logo.html": {"bad quiet"},
    "web/templates/shell/forms.html": {"required"},
    "web/templates/signin/remove_passkey.html": {"bad"},
    "web/templates/signin/switch_off.html": {"bad"},
}
"""What a template says itself and nobody reads: an attribute, a class."""

AVOIDED = re.compile(
    r"\b(je|jij|jou|jouw|jullie|cliënt(en)?|(account|client|firm|contact)s?)\b", re.IGNORECASE
)
"""Words that our Dutch does without: docs/translating.md says which ones it has instead."""

VISIBLE = ("alt", "aria-description", "aria-label", "label", "placeholder", "title")
"""Attributes that people read, or hear."""

SHOWING = {"Choice", "Item", "Page", "Refused", "NotFound", "NotAllowed", "State", "Sheet"}
"""What shows its texts: a text that is written there is one of the catalogue."""


def packages() -> dict[str, Path]:
    return {path.name: path for path in own_packages()}


def templates() -> list[Path]:
    return [path for package in own_packages() for path in package.glob("templates/**/*.html")]


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", packages())
def test_every_message_has_a_translation_with_the_same_placeholders(
    name: str, language: str
) -> None:
    catalogue = up_to_date(packages()[name], language)
    waiting = [*untranslated(catalogue), *unfit(catalogue)]
    assert not waiting, (
        f"{name}: {len(waiting)} to translate. Run `make words`, then fill in:\n\n"
        + in_catalogue_form(waiting, language)
    )


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", packages())
def test_the_catalogue_holds_exactly_the_messages_that_there_are(name: str, language: str) -> None:
    saved = {message.id for message in catalogue_of(packages()[name], language)}
    assert saved == {message.id for message in up_to_date(packages()[name], language)}


def test_gathering_again_changes_nothing() -> None:
    package = packages()["notes"]
    once = text_of(up_to_date(package, "nl"))
    assert once == text_of(up_to_date(package, "nl"))
    assert not re.search(r"\d{4}-\d\d-\d\d|:\d+$", once, re.MULTILINE)


def test_few_messages_are_the_same_in_dutch() -> None:
    met = 0
    same = set()
    for package in own_packages():
        for message in catalogue_of(package, "nl"):
            met += bool(message.id)
            same |= set(_texts(message.id)) & set(_texts(message.string)) - {""}
    print(f"{met} messages in {len(own_packages())} packages")
    assert met >= LEAST_MESSAGES
    assert same == SAME_IN_DUTCH


def test_dutch_speaks_formally_and_in_our_terms() -> None:
    for package in own_packages():
        for message in catalogue_of(package, "nl"):
            for text in _texts(message.string) if message.id else ():
                terms = re.sub(r"\{\w+\}|--\w+", "", text)
                assert not AVOIDED.search(terms), text


@pytest.mark.parametrize(
    ("message", "said", "fits"),
    [
        ("{name} is saved.", "{name} is opgeslagen.", True),
        ("{name} is saved.", "{naam} is opgeslagen.", False),
        ("{name} is saved.", "Opgeslagen.", False),
        (("{count} note", "{count} notes"), ("{count} notitie", "{count} notities"), True),
        (("{count} note", "{count} notes"), ("één notitie", "{count} notities"), True),
        (("{count} note", "{count} notes"), ("{count} notitie", "notities"), False),
        (("{count} note", "{count} notes"), ("{count} {n}", "{count} notities"), False),
    ],
)
def test_a_translation_with_other_placeholders_is_found(
    message: str | tuple[str, str], said: str | tuple[str, str], fits: bool
) -> None:
    catalogue = Catalog(locale="nl")
    catalogue.add(message, said)
    assert not untranslated(catalogue)
    assert bool(unfit(catalogue)) is not fits


def test_a_translation_that_is_missing_or_doubtful_is_found_and_printed() -> None:
    catalogue = Catalog(locale="nl")
    catalogue.add("Hello", "")
    catalogue.add("Goodbye", "Dag", flags=["fuzzy"])
    catalogue.add(("One", "Many"), ("Een", ""))
    catalogue.add("Thanks", "Bedankt")
    waiting = untranslated(catalogue)
    assert [message.id for message in waiting] == ["Hello", "Goodbye", ("One", "Many")]
    printed = in_catalogue_form(waiting, "nl")
    assert 'msgid "Hello"\nmsgstr ""\n' in printed
    assert 'msgid "One"\nmsgid_plural "Many"\nmsgstr[0] "Een"\nmsgstr[1] ""\n' in printed
    assert "Thanks" not in printed


def test_what_the_code_says_is_what_was_gathered() -> None:
    """The extractor reads tokens; a look at the syntax tree finds each call that it might miss."""
    met = 0
    for package in own_packages():
        known = {text for m in up_to_date(package, "nl") if m.id for text in _texts(m.id)}
        for path in package.rglob("*.py"):
            for text in _said_in(path):
                assert text in known, f"{path}: {text}"
                met += 1
    print(f"{met} texts in the code")
    assert met > 300


def test_no_template_says_what_is_in_no_catalogue() -> None:
    found = {}
    for path in templates():
        name = str(path.relative_to(ROOT))
        bare = _bare_in(path.read_text("utf-8")) - BARE.get(name, set())
        if bare:
            found[name] = bare
    print(f"{len(templates())} templates")
    assert not found
    assert len(templates()) >= LEAST_TEMPLATES


@pytest.mark.parametrize(
    ("template", "bare"),
    [
        ("<p>Hello {{ name }}</p>", {"Hello"}),
        ('<p>{{ _("Hello") }}, {{ name }} · 12</p>', set()),
        ('<a title="Go there" href="/x">{{ _("Go") }}</a>', {"Go there"}),
        ('{% if x %}<b aria-label="{{ _("Go") }}">{% endif %}', set()),
        ("{{ 'Hello' if x else name }}", {"Hello"}),
        ('{{ form_card(form, "Save", _("Go")) }}', {"Save"}),
        ('{{ _("On") if on else _n("One", "Many", count=2) }}', set()),
        ('{{ link("shell.info", account=x) }}{% if kind == "YES_NO" %}{% endif %}', set()),
        ('{{ {"a": "Save it"}[x] }}', {"Save it"}),
    ],
)
def test_a_bare_text_is_found(template: str, bare: set[str]) -> None:
    assert _bare_in(template) == bare


def test_no_module_shows_what_is_in_no_catalogue() -> None:
    found = []
    for package in own_packages():
        for path in package.rglob("*.py"):
            for call in _calls(path):
                shown = [*call.args, *(k.value for k in call.keywords)]
                if _name(call.func) in SHOWING:
                    found += [
                        f"{path}:{call.lineno} {value.value}"
                        for value in shown
                        if isinstance(value, ast.Constant) and _reads_as_text(value.value)
                    ]
    assert found == []


class _Words(HTMLParser):
    """The words of a page: its text and the attributes that people read."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {value for name, value in attrs if name in VISIBLE and value}

    def handle_data(self, data: str) -> None:
        self.found.add(data)


def _bare_in(source: str) -> set[str]:
    """The words that a template says itself, in its HTML or in its expressions."""
    tree = jinja2.Environment().parse(source)
    reader = _Words()
    reader.feed("".join(node.data for node in tree.find_all(nodes.TemplateData)))
    reader.close()
    texts = {re.sub(r'[\w-]+="[^"]*"', "", text).strip() for text in reader.found}
    words = {text for text in texts if re.search(r"[^\W\d_]{2}", text)}
    return words | {text for text in _constants(tree) if _reads_as_text(text)}


def _constants(node: nodes.Node) -> Iterator[str]:
    """The texts in expressions that go somewhere, but for those in `_()` and in comparisons."""
    if isinstance(node, nodes.Compare | nodes.Getattr):
        return
    if (
        isinstance(node, nodes.Call)
        and isinstance(node.node, nodes.Name)
        and node.node.name in ("_", "_n")
    ):
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    for child in node.iter_child_nodes():
        yield from _constants(child)


def _reads_as_text(value: object) -> bool:
    """Whether this is what people read: a capital and small letters, or words."""
    return isinstance(value, str) and bool(
        re.match(r"[A-Z][a-z]", value) or re.search(r"[A-Za-z]{2} [A-Za-z]{2}", value)
    )


def _said_in(path: Path) -> Iterator[str]:
    for call in _calls(path):
        if _name(call.func) in ("_", "_n"):
            for argument in call.args:
                assert isinstance(argument, ast.Constant), f"{path}:{call.lineno}"
                yield argument.value


def _calls(path: Path) -> Iterator[ast.Call]:
    tree = ast.parse(path.read_text("utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _texts(said: str | tuple[str, ...]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)
