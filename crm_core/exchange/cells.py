"""The text of one cell, made fit to keep."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from crm_core.addresses import clean_address
from crm_core.refusals import Refused

SEPARATOR: Final = " ::: "
"""What Google writes between the values of one cell."""

_DROPPED = frozenset({"Cc", "Cf", "Cs"})
# Joiners do not print, but Persian names and families of emoji are spelled with them.
_JOINERS = frozenset("\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}")
_HOST = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ORDINARY = re.compile(
    rf"([A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*)@((?:{_HOST}\.)+({_HOST}))", re.ASCII
)
_LONGEST_ORDINARY = 64


def one_line(cell: str) -> str:
    """The text on one line, with single spaces, without characters that do not print."""
    if cell.isprintable():
        return cell.strip() if "  " not in cell else " ".join(cell.split())
    return " ".join("".join(_shown(c) for c in cell if c.isspace() or not _hidden(c)).split())


def long_text(cell: str) -> str:
    """The text with its lines and tabs, without other characters that do not print."""
    if cell.isprintable():
        return cell.strip()
    lines = cell.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or not _hidden(c)).strip()


def _shown(character: str) -> str:
    return " " if character.isspace() else character


def _hidden(character: str) -> bool:
    return character not in _JOINERS and unicodedata.category(character) in _DROPPED


def split_values(cell: str) -> list[str]:
    """The values of a cell that may hold several; each is stripped, none is empty."""
    return [value.strip() for value in cell.split(SEPARATOR.strip()) if value.strip()]


def split_addresses(cell: str) -> list[str]:
    """The e-mail addresses of a cell, unchecked: commas, semicolons and lines separate them."""
    values = re.split(r"[,;\n\r]|" + SEPARATOR.strip(), cell)
    return [value.strip() for value in values if value.strip()]


def checked_address(text: str) -> str:
    """What `clean_address` makes of the text, sooner where its spelling is an ordinary one."""
    if len(text) <= _LONGEST_ORDINARY and (ordinary := _ORDINARY.fullmatch(text)):
        local, domain, top = ordinary.groups()
        # Some mailboxes ("Info", "Postmaster") are the same in capitals; clean_address knows them.
        # Two hyphens in a domain announce a name that is spelled otherwise.
        if (local.islower() or not local.isalpha()) and "--" not in domain and _takes_mail(top):
            return f"{local}@{domain.lower()}"
    return clean_address(text)


@lru_cache(maxsize=4096)
def _takes_mail(top_level: str) -> bool:
    """Whether addresses may end so; some endings ("local", "test") are set apart."""
    try:
        return bool(clean_address(f"a@a.{top_level}"))
    except Refused:
        return False
