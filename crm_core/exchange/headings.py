"""What each column of a table means, told by its heading."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from crm_core.exchange.vocabulary import (
    COMPANY_ONLY,
    NOUNS,
    PHONES,
    QUALIFIERS,
    WHOLE,
    Meaning,
    fold,
)
from crm_core.refusals import Refused
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_NAMES_SOMEBODY = frozenset(
    {Meaning.FIRST_NAME, Meaning.LAST_NAME, Meaning.FULL_NAME, Meaning.COMPANY, Meaning.EMAIL}
)
_PERSONS = frozenset({Meaning.FIRST_NAME, Meaning.LAST_NAME, Meaning.COMPANY, Meaning.EMAIL})
_NUMBERED = re.compile(r"(?P<noun>.+?) (?P<number>\d+) - (?P<part>.+)")
_LABELS = frozenset({"type", "label", "service"})


@frozen(kw_only=True)
class Column:
    """A column of the table.

    `label` is what a person reads beside a value that has no field of its own. Columns of one
    `group` belong together: the parts of one address, or a value and the column with its label.
    """

    index: int
    heading: str
    meaning: Meaning
    label: str = ""
    group: str = ""


@frozen(kw_only=True)
class Recognised:
    """The program that wrote the table ("Google", "Outlook", "Thunderbird" or "plain"), and its
    columns in the order of the file.
    """

    source: str
    columns: tuple[Column, ...]


def recognise(headings: Sequence[str]) -> Recognised:
    """What the columns mean; refuses a table none of whose columns can name anybody."""
    columns = [_column(index, heading) for index, heading in enumerate(headings)]
    folded = [fold(heading) for heading in headings]
    columns = [_in_company(column, folded, columns) for column in columns]
    if not any(column.meaning in _NAMES_SOMEBODY for column in columns):
        raise Refused(
            _(
                "No column of this file is called Name, Company or E-mail. The first line must "
                "hold the headings."
            )
        )
    return Recognised(source=_source(set(folded), headings), columns=tuple(columns))


def _column(index: int, heading: str) -> Column:
    meaning, label, group = _numbered(heading) or _meaning(heading)
    return Column(
        index=index,
        heading=heading,
        meaning=meaning,
        label=label or _readable(heading) or f"Column {index + 1}",
        group=group,
    )


def _numbered(heading: str) -> tuple[Meaning, str, str] | None:
    """What a heading of Google's means: "Address 2 - Postal Code"."""
    match = _NUMBERED.fullmatch(heading.strip())
    if not match or fold(heading) in WHOLE:
        return None
    noun, part = match["noun"].strip(), fold(match["part"])
    kind, group = fold(noun), f"{fold(noun)}{match['number']}"
    if kind == "address":
        return _part_of_address(match["part"].strip(), group)
    if kind == "organization":
        return Meaning.DETAIL, "", ""
    if part in _LABELS:
        return Meaning.LABEL, "", group
    if part != "value":
        return Meaning.DETAIL, "", ""
    meaning = Meaning.PHONE if kind == "phone" else NOUNS.get(kind, Meaning.DETAIL)
    return meaning, noun[:1].upper() + noun[1:], group


def _part_of_address(part: str, group: str) -> tuple[Meaning, str, str]:
    if fold(part) in _LABELS:
        return Meaning.LABEL, "", group
    meaning = NOUNS.get(fold(part), Meaning.DETAIL)
    return meaning, part if meaning is Meaning.DETAIL else "Address", group


def _meaning(heading: str) -> tuple[Meaning, str, str]:
    folded = fold(heading)
    # HubSpot's tables begin every column of a contact so.
    folded = folded.removeprefix("property") or folded
    if folded in WHOLE:
        return WHOLE[folded], "", ""
    return _plain(folded) or _outlook_mail(folded) or (Meaning.DETAIL, "", "")


def _outlook_mail(folded: str) -> tuple[Meaning, str, str] | None:
    match = re.fullmatch(r"email(\d*)(address|type)", folded)
    if not match:
        return None
    meaning = Meaning.EMAIL if match[2] == "address" else Meaning.LABEL
    return meaning, f"E-mail {match[1]}".strip(), f"email{match[1]}"


def _plain(folded: str) -> tuple[Meaning, str, str] | None:
    """A noun, perhaps with a qualifier before or after it, perhaps numbered: "Home Phone 2"."""
    for text, number in _with_and_without_number(folded):
        for qualifier, noun in _splits(text):
            if noun in PHONES:
                label = " ".join(filter(None, (qualifier, PHONES[noun], number)))
                return Meaning.PHONE, label.capitalize(), ""
            if noun not in NOUNS:
                continue
            if NOUNS[noun] is Meaning.EMAIL:
                label = " ".join(filter(None, (qualifier, "e-mail", number)))
                return Meaning.EMAIL, label.capitalize(), f"email{number}"
            label = f"{qualifier} address".strip().capitalize()
            return NOUNS[noun], label, f"{label}{number}"
    return None


def _with_and_without_number(folded: str) -> list[tuple[str, str]]:
    bare = folded.rstrip("0123456789")
    return [(folded, ""), (bare, folded[len(bare) :])] if bare != folded else [(folded, "")]


def _splits(text: str) -> list[tuple[str, str]]:
    """The ways to read the text as the label's qualifier and a noun."""
    splits = [("", text), ("", text.removeprefix("address"))]
    for written, word in QUALIFIERS.items():
        if text.startswith(written):
            splits.append((word, text[len(written) :]))
            splits.append((word, text[len(written) :].removeprefix("address")))
        if text.endswith(written):
            splits.append((word, text[: -len(written)]))
    return splits


def _readable(heading: str) -> str:
    """The heading as a person would write it: `property_jobtitle` becomes "Jobtitle"."""
    text = heading.strip().strip("\"'`")
    if " " not in text:
        text = " ".join(text.replace("_", " ").split())
        if text.isupper() and len(text) > len("VAT"):
            text = text.lower()
    text = re.sub(r"^property ", "", text, flags=re.IGNORECASE)
    return text[:1].upper() + text[1:]


def _in_company(column: Column, folded: Collection[str], columns: Sequence[Column]) -> Column:
    """The column, where its heading means something else because of the headings beside it."""
    name = fold(column.heading).removeprefix("property")
    meanings = {other.meaning for other in columns}
    if column.meaning is Meaning.STREET and _has_street_beside(column, columns):
        return evolve(column, meaning=Meaning.WHOLE_ADDRESS)
    if name == "title":
        # Outlook writes Title for Dr. and Job Title for the job; others write Title for the job.
        titled = Meaning.JOB_TITLE in meanings or "suffix" in folded
        return evolve(column, meaning=Meaning.DETAIL if titled else Meaning.JOB_TITLE)
    if name == "birthday" and Meaning.BIRTH_YEAR in meanings:
        return evolve(column, meaning=Meaning.BIRTH_DAY)
    return _name_in_company(column, folded, meanings) if name in {"name", "naam"} else column


def _name_in_company(
    column: Column, folded: Collection[str], meanings: Collection[Meaning]
) -> Column:
    if Meaning.LAST_NAME not in meanings and {"vorname", "voornaam"} & set(folded):
        return evolve(column, meaning=Meaning.LAST_NAME)
    described = {other.removeprefix("property") for other in folded}
    if COMPANY_ONLY & described and _PERSONS.isdisjoint(meanings):
        return evolve(column, meaning=Meaning.COMPANY)
    return column


def _has_street_beside(column: Column, columns: Sequence[Column]) -> bool:
    """Whether the column is an address written out: its street has a column of its own."""
    streets = ("street", "straat", "straatnaam", "strasse")
    return not fold(column.heading).endswith(streets) and any(
        other.meaning is Meaning.STREET
        and other.group == column.group
        and fold(other.heading).endswith(streets)
        for other in columns
    )


def _source(folded: Collection[str], headings: Sequence[str]) -> str:
    numbered = any(_NUMBERED.fullmatch(heading.strip()) for heading in headings)
    if numbered or {"organizationname", "labels"} <= set(folded):
        return "Google"
    if {"primaryemail", "secondaryemail"} <= set(folded):
        return "Thunderbird"
    if {"email2address", "businessstreet", "businessphone"} & set(folded):
        return "Outlook"
    return "plain"
