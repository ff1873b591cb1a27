"""Numbers and money: read as the language writes them, kept exact, shown as it writes them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from crm_core.fields.texts import short, stored
from crm_core.refusals import Refused
from crm_core.words import Words, _, as_typed

if TYPE_CHECKING:
    from crm_core.fields.notation import Notation
    from crm_core.fields.values import Stored

DIGITS_BEFORE, DIGITS_AFTER = 12, 6
"""What a number may have before and after its decimal sign."""

_DIGITS = re.compile(r"[+\-−]?[0-9][0-9.,'’\s]*", re.ASCII)
_SPACES = dict.fromkeys(map(ord, "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"), " ")
_CODE = re.compile(r"[A-Za-z]{3}")


def read_number(text: str, notation: Notation) -> Stored:
    """A number, written as the language does: 1,234.5 in English and 1.234,5 in Dutch."""
    number = _number_in(text, notation)
    return stored(format(number, "f"), int(number.scaleb(DIGITS_AFTER)))


def write_number(text: str, notation: Notation) -> str:
    """A number as it is typed: with the language's decimal sign, without groups."""
    return _written(Decimal(text), notation, grouped=False)


def show_number(text: str, notation: Notation) -> Words:
    """A number as it is read: in groups of thousands."""
    return as_typed(_written(Decimal(text), notation, grouped=True))


def read_money(text: str, notation: Notation) -> Stored:
    """An amount: in the firm's currency, unless another is named by its three letters."""
    from babel.numbers import get_currency_precision

    amount, currency = _amount_and_currency(text.translate(_SPACES).strip(), notation)
    number = _number_in(amount, notation, shown=text)
    places = get_currency_precision(currency)
    minor = number.scaleb(places)
    if minor != minor.to_integral_value():
        raise Refused(
            _(
                "{text} has too many decimals: {currency} has {places}.",
                text=short(text),
                currency=currency,
                places=places,
            )
        )
    return stored(f"{number:.{places}f} {currency}", int(minor))


def write_money(text: str, notation: Notation) -> str:
    """An amount as it is typed; its currency stands behind it where it is not the firm's."""
    amount, currency = text.split(" ")
    written = _written(Decimal(amount), notation, grouped=False)
    return written if currency == notation.currency else f"{written} {currency}"


def show_money(text: str, notation: Notation) -> Words:
    """An amount as it is read, with its currency's sign."""
    from babel.numbers import format_currency

    amount, currency = text.split(" ")
    return as_typed(format_currency(Decimal(amount), currency, locale=notation.locale))


def with_currency(text: str, notation: Notation) -> str:
    """An amount as it is typed, its currency always behind it."""
    amount, currency = text.split(" ")
    return f"{_written(Decimal(amount), notation, grouped=False)} {currency}"


def _number_in(text: str, notation: Notation, shown: str = "") -> Decimal:
    from babel.numbers import NumberFormatError, parse_decimal

    plain = text.translate(_SPACES).strip()
    if not _DIGITS.fullmatch(plain) or len(plain) > 60:
        raise Refused(_not_a_number(shown or text, notation))
    sign, digits = ("-", plain[1:]) if plain[0] in "-−" else ("", plain.removeprefix("+"))
    try:
        number = Decimal(sign + str(parse_decimal(digits, notation.locale, strict=True)))
    except NumberFormatError as error:
        raise Refused(_not_a_number(shown or text, notation)) from error
    whole, _point, after = format(number, "f").lstrip("-").partition(".")
    after = after.rstrip("0")
    if len(whole.lstrip("0")) > DIGITS_BEFORE or len(after) > DIGITS_AFTER:
        raise Refused(
            _(
                "A number has at most {before} digits before the decimal sign and {after} "
                "after it.",
                before=DIGITS_BEFORE,
                after=DIGITS_AFTER,
            )
        )
    exact = Decimal(f"{sign}{whole.lstrip('0') or '0'}.{after}" if after else f"{sign}{whole}")
    return exact if exact else Decimal(0)


def _amount_and_currency(text: str, notation: Notation) -> tuple[str, str]:
    from babel.numbers import get_currency_symbol, list_currencies

    symbol = get_currency_symbol(notation.currency, locale=notation.locale)
    for edge in (symbol, notation.currency):
        if text.startswith(edge):
            return text.removeprefix(edge), notation.currency
        if text.endswith(edge):
            return text.removesuffix(edge), notation.currency
    for code, rest in ((text[:3], text[3:]), (text[-3:], text[:-3])):
        if _CODE.fullmatch(code) and code.upper() in list_currencies():
            return rest, code.upper()
    return text, notation.currency


def _written(number: Decimal, notation: Notation, *, grouped: bool) -> str:
    from babel.numbers import format_decimal

    return format_decimal(
        number, locale=notation.locale, decimal_quantization=False, group_separator=grouped
    )


def _not_a_number(text: str, notation: Notation) -> Words:
    return _(
        "{text} is not a number. Write it like this: {example}.",
        text=short(text),
        example=_written(Decimal("1234.5"), notation, grouped=True),
    )
