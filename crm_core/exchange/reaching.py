"""How a contact is reached: the addresses and numbers of one row."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from crm_core.addresses import address_key
from crm_core.exchange.cells import checked_address, split_addresses, split_values
from crm_core.exchange.rows import Unfit, lowered
from crm_core.exchange.vocabulary import Meaning
from crm_core.postal import PostalAddress
from crm_core.refusals import Refused

if TYPE_CHECKING:
    from crm_core.exchange.headings import Column
    from crm_core.exchange.rows import Row

_PARTS: Final = (
    Meaning.STREET,
    Meaning.HOUSE_NUMBER,
    Meaning.STREET_MORE,
    Meaning.POSTCODE,
    Meaning.CITY,
    Meaning.REGION,
    Meaning.COUNTRY,
    Meaning.WHOLE_ADDRESS,
)
_PREFERRED = (("mobile", "cell"), ("work",), ("home",), ("phone", "main", "primary"))
_NOT_TO_CALL = ("fax", "pager")


def take_emails(row: Row) -> tuple[str, ...]:
    """The cleaned e-mail addresses, each once, the primary one first."""
    found: dict[str, str] = {}
    primary = []
    for column, cell in row.all(Meaning.EMAIL):
        first = column.label.startswith("Primary") or row.label_of(column).startswith("*")
        for text in split_addresses(cell):
            try:
                address = checked_address(text)
            except Refused as refusal:
                raise Unfit(column.heading, refusal.sentence) from refusal
            key = address_key(address)
            if key in found:
                continue
            found[key] = address
            if first:
                primary.append(key)
            if label := row.own_label_of(column):
                row.keep(column, label, address)
    return tuple(found[key] for key in dict.fromkeys([*primary, *found]))


def take_phone(row: Row) -> str:
    """The number to call: mobile before work, home and main. The others are kept as details."""
    numbers = [
        (column, _phone_label(row.label_of(column), column.label), number)
        for column, cell in row.all(Meaning.PHONE)
        for number in split_values(cell)
    ]
    callable_ones = [number for number in numbers if _rank(number[1]) >= 0]
    best = min(callable_ones, key=lambda number: _rank(number[1]), default=None)
    for number in numbers:
        column, label, text = number
        if number is not best or row.own_label_of(column):
            row.keep(column, label, text)
    return best[2] if best else ""


@lru_cache(maxsize=1024)
def _phone_label(label: str, column_label: str) -> str:
    label = label.lstrip("* ")
    if not label:
        return column_label
    said = any(word in label.casefold() for word in ("phone", *_NOT_TO_CALL))
    return label[:1].upper() + label[1:] if said else f"{label[:1].upper()}{label[1:]} phone"


@lru_cache(maxsize=1024)
def _rank(label: str) -> int:
    """The smaller, the sooner it is called; negative: not a number that somebody answers."""
    text = label.casefold()
    if any(word in text for word in _NOT_TO_CALL):
        return -1
    if any(word in text for word in _PREFERRED[0]):
        return 0
    ranks = (rank for rank, words in enumerate(_PREFERRED) if text.startswith(words))
    return next(ranks, len(_PREFERRED))


def take_address(row: Row) -> PostalAddress:
    """The first postal address of the row. The others are kept as details."""
    first: PostalAddress | None = None
    for parts in _groups(row).values():
        column = parts[0][0]
        label = row.label_of(column).lstrip("* ")
        label = f"{label} {lowered(column.label)}" if label else column.label
        for address in _addresses(parts):
            if first is None:
                first = address
            else:
                row.keep(column, label, ", ".join(address.lines()))
        _keep_whole(row, parts, label)
    return first or PostalAddress()


def _groups(row: Row) -> dict[str, list[tuple[Column, str]]]:
    cells = [cell for part in _PARTS for cell in row.cells.get(part, ())]
    cells.sort(key=lambda cell: cell[0].index)
    groups: dict[str, list[tuple[Column, str]]] = {}
    for cell in cells:
        groups.setdefault(cell[0].group, []).append(cell)
    return groups


def _addresses(parts: list[tuple[Column, str]]) -> list[PostalAddress]:
    """The address that the parts make; several, where their cells hold several values."""
    separate = [part for part in parts if part[0].meaning is not Meaning.WHOLE_ADDRESS]
    parts = separate or parts
    if not any(":::" in text for _column, text in parts):
        return [_address(parts)]
    split = [(column, [v.strip() for v in text.split(":::")]) for column, text in parts]
    several = [
        _address([(column, values[at]) for column, values in split if at < len(values)])
        for at in range(max(len(values) for _column, values in split))
    ]
    return [address for address in several if address.lines()]


def _address(parts: list[tuple[Column, str]]) -> PostalAddress:
    def joined(separator: str, *meanings: Meaning) -> str:
        texts = [text for column, text in parts if column.meaning in meanings and text]
        return separator.join(dict.fromkeys(texts))

    street = joined(", ", Meaning.STREET)
    number = joined(" ", Meaning.HOUSE_NUMBER)
    rest = joined(", ", Meaning.STREET_MORE, Meaning.WHOLE_ADDRESS)
    written = ", ".join(filter(None, (" ".join(filter(None, (street, number))), rest)))
    return PostalAddress(
        street=", ".join(filter(None, map(str.strip, written.splitlines()))),
        postcode=joined(", ", Meaning.POSTCODE),
        city=joined(", ", Meaning.CITY),
        region=joined(", ", Meaning.REGION),
        country=joined(", ", Meaning.COUNTRY),
    )


def _keep_whole(row: Row, parts: list[tuple[Column, str]], label: str) -> None:
    """Keeps an address that is written out, unless its parts say the same already."""
    whole = [part for part in parts if part[0].meaning is Meaning.WHOLE_ADDRESS]
    if not whole or len(whole) == len(parts):
        return
    known = row.words(but=Meaning.WHOLE_ADDRESS)
    known |= {word.strip(",") for word in known}
    for column, text in whole:
        if not {word.strip(",") for word in text.casefold().split()} - {":::", ""} <= known:
            row.keep(column, f"{label} as written", text)
