"""Gathers every text of the code and the templates into the catalogues: `make words`.

`python -m web.extraction [FOLDER ...]` does it for the packages in these folders, else for our own.
A message that is new comes without a translation, one that is gone goes; translations stay. What
is still to be translated is printed as it stands in the catalogue.
"""

from __future__ import annotations

import string
import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from crm_core.languages import ENGLISH, LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).parents[1]
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "_n": (1, 2)}
OPTIONS = {"**/templates/**.html": {"trimmed": "true", "silent": "false"}}

_EMPTY_HEADERS = tuple(
    f'"{header}:'
    for header in (
        "Generated-By",
        "Language-Team",
        "Last-Translator",
        "PO-Revision-Date",
        "POT-Creation-Date",
        "Project-Id-Version",
        "Report-Msgid-Bugs-To",
    )
)
"""How the lines of a catalogue's head begin that would differ each time, or say nothing."""


def own_packages() -> list[Path]:
    """The folders of the core, the shell and our own plugins."""
    plugins = sorted(path.parent for path in ROOT.glob("plugins/*/plugin.py"))
    return [ROOT / "crm_core", ROOT / "web", *plugins]


def path_of(package: Path, language: str) -> Path:
    """The catalogue of a package in a language."""
    return package / "locale" / language / "LC_MESSAGES" / f"{package.name}.po"


def messages_in(package: Path) -> Catalog:
    """Every message of a package's modules and templates, with the files in which it stands."""
    found = Catalog(domain=package.name, charset="utf-8")
    for file, _line, message, comments, context in extract_from_dir(
        package, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=("Translators:",)
    ):
        found.add(message, None, [(file, 0)], auto_comments=comments, context=context)
    return found


def catalogue_of(package: Path, language: str) -> Catalog:
    """A package's catalogue as it is saved, or an empty one."""
    path = path_of(package, language)
    if not path.is_file():
        return Catalog(locale=language, domain=package.name, charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=package.name)


def up_to_date(package: Path, language: str) -> Catalog:
    """A package's catalogue with exactly the messages that the package has now."""
    catalogue = catalogue_of(package, language)
    catalogue.update(messages_in(package), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.header_comment = f"# {package.name}, {language}. Brought up to date by: make words"
    return catalogue


def text_of(catalogue: Catalog) -> str:
    """A catalogue as its file: sorted, without line numbers and dates."""
    written = BytesIO()
    write_po(written, catalogue, width=100, sort_output=True, include_lineno=False)
    lines = written.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(_EMPTY_HEADERS))


def untranslated(catalogue: Catalog) -> list[Message]:
    """The messages without a translation, or with one that somebody has yet to look at."""
    return [message for message in _messages(catalogue) if message.fuzzy or not _all_said(message)]


def unfit(catalogue: Catalog) -> list[Message]:
    """The messages whose translation lacks a placeholder or has one too many."""
    return [
        message for message in _messages(catalogue) if _all_said(message) and not _fits(message)
    ]


def in_catalogue_form(messages: Iterable[Message], language: str) -> str:
    """These messages as they stand in a catalogue, ready to be filled in."""
    some = Catalog(locale=language, charset="utf-8")
    for message in messages:
        some[message.id] = message
    written = BytesIO()
    write_po(written, some, width=100, sort_output=True, include_lineno=False, omit_header=True)
    return written.getvalue().decode()


def main(folders: list[str]) -> None:
    """Brings the catalogues of these packages up to date and prints what is to be translated."""
    for package in [Path(folder).resolve() for folder in folders] or own_packages():
        for language in LANGUAGES:
            if language != ENGLISH:
                _write(package, language)


def _write(package: Path, language: str) -> None:
    catalogue, path = up_to_date(package, language), path_of(package, language)
    text = text_of(catalogue)
    if not path.is_file() or path.read_text("utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    waiting = [*untranslated(catalogue), *unfit(catalogue)]
    sys.stdout.write(f"{path}: {len(catalogue)} messages, {len(waiting)} to translate\n")
    if waiting:
        sys.stdout.write(f"\n{in_catalogue_form(waiting, language)}\n")


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _texts(said: str | Iterable[str] | None) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said or ())


def _all_said(message: Message) -> bool:
    texts = _texts(message.string)
    return bool(texts) and all(texts)


def _fits(message: Message) -> bool:
    """Whether each form of the translation has the placeholders of the message that it stands for.

    The form for one thing may leave the count out.
    """
    wanted = [_placeholders(text) for text in _texts(message.id)]
    said = [_placeholders(text) for text in _texts(message.string)]
    pairs = zip(said, [wanted[0], *[wanted[-1]] * (len(said) - 1)], strict=True)
    return all(
        have == want or (message.pluralizable and have ^ want == {"count"} and index == 0)
        for index, (have, want) in enumerate(pairs)
    )


def _placeholders(text: str) -> set[str]:
    return {name for _text, name, _spec, _how in string.Formatter().parse(text) if name is not None}


if __name__ == "__main__":
    main(sys.argv[1:])
