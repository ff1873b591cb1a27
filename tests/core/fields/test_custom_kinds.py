"""What each type of field takes, refuses and shows, as English and Dutch people write it (1.4)."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.fields.kinds import KINDS
from crm_core.fields.notation import Notation
from crm_core.fields.numbers import DIGITS_AFTER, DIGITS_BEFORE
from crm_core.fields.values import FieldType
from crm_core.locales import country_of_zone, locale_of
from crm_core.refusals import Refused

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

ENGLISH = Notation(locale=locale_of("en"), currency="EUR", country="NL")
DUTCH = Notation(locale=locale_of("nl"), currency="EUR", country="NL")
LANGUAGES = {"en": ENGLISH, "nl": DUTCH}

GOOD = [
    ("text", "en", " Größe 1 ", "Größe 1", "Größe 1", "grosse 1", None),
    ("long_text", "en", "  one\r\ntwo \n", "  one\ntwo", "  one\ntwo", "one two", None),
    ("number", "en", "1,234.5", "1234.5", "1,234.5", "1234.5", 1_234_500_000),
    ("number", "en", "1234.50", "1234.5", "1,234.5", "1234.5", 1_234_500_000),
    ("number", "nl", "1.234,5", "1234.5", "1.234,5", "1234.5", 1_234_500_000),
    ("number", "nl", "1.500", "1500", "1.500", "1500", 1_500_000_000),
    ("number", "en", "-0.25", "-0.25", "-0.25", "-0.25", -250_000),
    ("number", "en", "−7", "-7", "-7", "-7", -7_000_000),
    ("number", "en", "+007", "7", "7", "7", 7_000_000),
    ("number", "en", "-0", "0", "0", "0", 0),
    ("date", "en", "2026-02-28", "2026-02-28", "28 Feb 2026", "2026-02-28", 739_675),
    ("date", "nl", "2026-02-28", "2026-02-28", "28 feb 2026", "2026-02-28", 739_675),
    ("money", "en", "1,234.5", "1234.50 EUR", "€1,234.50", "1234.50 eur", 123_450),
    ("money", "nl", "€ 1.234,50", "1234.50 EUR", "€\xa01.234,50", "1234.50 eur", 123_450),
    ("money", "nl", "-12", "-12.00 EUR", "€\xa0-12,00", "-12.00 eur", -1_200),
    ("money", "en", "12.34 usd", "12.34 USD", "US$12.34", "12.34 usd", 1_234),
    ("money", "en", "JPY 500", "500 JPY", "JP¥500", "500 jpy", 500),
    ("yes_no", "en", "yes", "yes", "Yes", "yes", 1),
    ("yes_no", "nl", "Nee", "no", "No", "no", 0),
    ("choice", "en", "Gold", "Gold", "Gold", "gold", None),
    ("several", "en", "Gold", "Gold", "Gold", "gold", None),
    ("email", "en", " Anna@X.Example ", "Anna@x.example", "Anna@x.example", "anna@x.example", None),
    ("phone", "nl", "020 123 45 67", "+31201234567", "+31 20 123 4567", "+31201234567", None),
    ("phone", "en", "+44 (0)20 7946 0958", "+442079460958", "+44 20 7946 0958", None, None),
    ("phone", "nl", "06-12345678 toestel 12", None, "+31 6 12345678 ext. 12", None, None),
    ("web", "en", "example.com/a?b=c", "https://example.com/a?b=c", None, None, None),
    ("web", "en", "HTTP://Example.com:8080", "http://Example.com:8080", None, None, None),
    ("web", "en", "example.com:8080", "https://example.com:8080", None, None, None),
    ("web", "nl", "https://münchen.example", "https://münchen.example", None, None, None),
    ("web", "nl", "http://192.168.1.1/x", "http://192.168.1.1/x", None, None, None),
]

BAD = [
    ("text", "en", "a" * 201, "At most 200 characters; this has 201."),
    ("text", "en", "a\nb", "cannot be stored"),
    ("text", "en", "a\0b", "cannot be stored"),
    ("long_text", "en", "a\0b", "cannot be stored"),
    ("number", "en", "abc", "abc is not a number. Write it like this: 1,234.5."),
    ("number", "nl", "1.5", "1.5 is not a number. Write it like this: 1.234,5."),
    ("number", "en", "1,5", "not a number"),
    ("number", "en", "1 2", "not a number"),
    ("number", "en", "1e5", "not a number"),
    ("number", "en", "NaN", "not a number"),
    ("number", "en", "Infinity", "not a number"),
    ("number", "en", "١٢", "not a number"),
    ("number", "en", "--1", "not a number"),
    ("number", "en", "1234567890123", "at most 12 digits before"),
    ("number", "en", "0.1234567", "6 after"),
    ("date", "en", "28-02-2026", "28-02-2026 is not a date"),
    ("date", "en", "2026-02-30", "not a date"),
    ("date", "en", "20260228", "not a date"),
    ("date", "en", "2026-W09-6", "not a date"),
    ("money", "en", "12.345", "12.345 has too many decimals: EUR has 2."),
    ("money", "en", "JPY 1.5", "JPY has 0"),
    ("money", "en", "twelve", "twelve is not a number"),
    ("money", "en", "€", "not a number"),
    ("money", "en", "", "not a number"),
    ("yes_no", "en", "perhaps", "perhaps is neither yes nor no."),
    ("choice", "en", "a\nb", "cannot be stored"),
    ("email", "en", "anna@", "anna@ is not an e-mail address."),
    ("phone", "en", "call Jan 06-12345678", "not a phone number"),
    ("phone", "en", "12", "not a phone number"),
    ("phone", "en", "+999 123", "not a phone number"),
    ("phone", "en", "020 1234567 / 020 7654321", "not a phone number"),
    ("web", "en", "javascript:alert(1)", "not a web address"),
    ("web", "en", "ftp://example.com", "not a web address"),
    ("web", "en", "https://user:secret@example.com", "not a web address"),
    ("web", "en", "https://exa mple.com", "not a web address"),
    ("web", "en", "https://example", "not a web address"),
    ("web", "en", "https://[::1", "not a web address"),
    ("web", "en", "https://example.com:port", "not a web address"),
    ("web", "en", "1.5", "not a web address"),
    ("web", "en", "https:example.com", "not a web address"),
]


@pytest.mark.parametrize(("type_", "language", "typed", "text", "shown", "sort", "number"), GOOD)
def test_what_fits_is_kept_exact_and_shown_in_the_viewers_language(
    type_: str,
    language: str,
    typed: str,
    text: str | None,
    shown: str | None,
    sort: str | None,
    number: int | None,
) -> None:
    kind, notation = KINDS[FieldType(type_)], LANGUAGES[language]
    stored = kind.read(typed, notation)
    if text is not None:
        assert stored.text == text
    if sort is not None:
        assert stored.sort_text == sort
    assert stored.sort_number == number
    assert str(kind.show(stored.text, notation)) == (shown or text)
    # What is kept, typed again, is the same.
    for written_in in LANGUAGES.values():
        again = kind.read(kind.write(stored.text, written_in), written_in)
        assert again == stored


@pytest.mark.parametrize(("type_", "language", "typed", "sentence"), BAD)
def test_what_does_not_fit_is_refused_with_a_sentence(
    type_: str, language: str, typed: str, sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        KINDS[FieldType(type_)].read(typed, LANGUAGES[language])
    assert sentence in str(refused.value)


def test_every_type_has_good_and_bad_examples() -> None:
    assert {type_ for type_, *_ in GOOD} == {*FieldType} == set(KINDS)
    # Any line of text can be a choice; whether it is offered the form knows.
    assert {type_ for type_, *_ in BAD} == {*FieldType} - {FieldType.SEVERAL}


NUMBERS = st.decimals(
    min_value=-(10**DIGITS_BEFORE) + 1, max_value=10**DIGITS_BEFORE - 1, places=DIGITS_AFTER
)


@given(NUMBERS, st.sampled_from(sorted(LANGUAGES)))
def test_every_number_is_the_same_after_showing_and_typing_it(
    number: Decimal, language: str
) -> None:
    kind, notation = KINDS[FieldType.NUMBER], LANGUAGES[language]
    stored = kind.read(format(number, "f"), ENGLISH)
    assert Decimal(stored.text) == number
    assert stored.sort_number == int(number * 10**DIGITS_AFTER)
    assert kind.read(kind.write(stored.text, notation), notation) == stored
    assert kind.read(str(kind.show(stored.text, notation)), notation) == stored


@given(
    st.integers(min_value=-(10**13), max_value=10**13),
    st.sampled_from(["EUR", "USD", "JPY", "BHD", "SEK"]),
    st.sampled_from(sorted(LANGUAGES)),
)
def test_every_amount_is_the_same_after_typing_it_again(
    minor: int, currency: str, language: str
) -> None:
    from babel.numbers import get_currency_precision

    kind, notation = KINDS[FieldType.MONEY], LANGUAGES[language]
    amount = Decimal(minor).scaleb(-get_currency_precision(currency))
    if abs(amount) >= 10**DIGITS_BEFORE:
        return
    stored = kind.read(f"{amount:f} {currency}", ENGLISH)
    assert stored.sort_number == minor
    assert kind.read(kind.write(stored.text, notation), notation) == stored


@given(st.dates())
def test_every_day_is_kept(day: date) -> None:
    stored = KINDS[FieldType.DATE].read(day.isoformat(), DUTCH)
    assert (stored.text, stored.sort_number) == (day.isoformat(), day.toordinal())
    assert str(KINDS[FieldType.DATE].show(stored.text, DUTCH))


@given(st.sampled_from([*FieldType]), st.text(), st.sampled_from(sorted(LANGUAGES)))
def test_any_text_is_taken_or_refused_and_never_a_fault(
    type_: FieldType, typed: str, language: str
) -> None:
    kind, notation = KINDS[type_], LANGUAGES[language]
    try:
        stored = kind.read(typed, notation)
    except Refused:
        return
    assert isinstance(str(kind.show(stored.text, notation)), str)
    assert kind.read(kind.write(stored.text, notation), notation) == stored


def test_every_naughty_string_is_taken_or_refused_by_every_type(corpora: Path) -> None:
    path = corpora / "text" / "big-list-of-naughty-strings" / "blns.json"
    strings: list[str] = json.loads(path.read_text("utf-8"))
    taken = 0
    for type_, kind in KINDS.items():
        for text in strings:
            try:
                stored = kind.read(text, DUTCH)
            except Refused as refused:
                assert len(str(refused)) < 300, (type_, text)  # noqa: PT017 - both ways are right
                continue
            taken += 1
            assert kind.read(kind.write(stored.text, DUTCH), DUTCH) == stored, (type_, text)
            assert re.match(r"(|https?://.*|mailto:.*|tel:\+.*)\Z", kind.link(stored.text)), text
    print(f"{len(strings)} strings, {len(KINDS)} types, {taken} taken")
    assert len(strings) >= 500


@pytest.mark.parametrize(
    ("zone", "country"),
    [("Europe/Amsterdam", "NL"), ("America/New_York", "US"), ("UTC", ""), ("Etc/UTC", "")],
)
def test_the_country_of_a_zone(zone: str, country: str) -> None:
    assert country_of_zone(zone) == country


def test_a_firm_in_no_country_needs_the_country_of_a_phone_number() -> None:
    nowhere = Notation(locale=locale_of("en"), currency="EUR", country="")
    read = KINDS[FieldType.PHONE].read
    assert read("+31 20 123 4567", nowhere).text == "+31201234567"
    with pytest.raises(Refused, match="Write it with its country"):
        read("020 123 4567", nowhere)


@pytest.mark.parametrize(
    ("type_", "text", "link"),
    [
        (FieldType.EMAIL, "a+b@x.example", "mailto:a%2Bb@x.example"),
        (FieldType.PHONE, "+31201234567", "tel:+31201234567"),
        (FieldType.WEB, "https://example.com", "https://example.com"),
        (FieldType.TEXT, "https://example.com", ""),
    ],
)
def test_what_reaches_somebody_leads_there(type_: FieldType, text: str, link: str) -> None:
    assert KINDS[type_].link(text) == link
