"""Words and places as JSON, for rows that keep what people are told until somebody reads it."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from crm_core.context import To
from crm_core.words import Words

if TYPE_CHECKING:
    from crm_core.words import Argument


def kept_words(words: Words) -> str:
    """The words as a text; `words_in` reads it."""
    return json.dumps(_kept(words), ensure_ascii=False)


def words_in(text: str) -> Words:
    """The words that were kept."""
    return _words(json.loads(text))


def kept_place(to: To | None) -> str:
    """The place as a text; `place_in` reads it."""
    return "" if to is None else json.dumps([to.route, dict(to.parameters)])


def place_in(text: str) -> To | None:
    """The place that was kept."""
    return To(*json.loads(text)) if text else None


def _kept(words: Words) -> dict[str, Any]:
    arguments = {name: _argument(value) for name, value in words.arguments.items()}
    return {
        "message": words.message,
        "plural": words.plural,
        "domain": words.domain,
        "arguments": arguments,
    }


def _argument(value: Argument) -> Any:
    if isinstance(value, Words):
        return _kept(value)
    if isinstance(value, Decimal | date):
        return [type(value).__name__, str(value)]
    return value


def _words(read: dict[str, Any]) -> Words:
    arguments = {name: _read(value) for name, value in read["arguments"].items()}
    return Words(read["message"], arguments, read["domain"], read["plural"])


def _read(value: Any) -> Argument:
    if isinstance(value, dict):
        return _words(value)
    if isinstance(value, list):
        kind, text = value
        return Decimal(text) if kind == "Decimal" else date.fromisoformat(text)
    argument: Argument = value
    return argument
