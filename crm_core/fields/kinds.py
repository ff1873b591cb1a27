"""What each type of field is: its title, how it is asked, read, typed again and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from crm_core.fields import numbers, reaching, texts
from crm_core.fields.values import FieldType
from crm_core.forms import Input
from crm_core.words import Words, _

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_core.fields.notation import Notation
    from crm_core.fields.values import Stored

MOST_CHOICES = 100


@frozen(kw_only=True)
class Kind:
    """A type of field. `read` refuses what was typed with the sentence for its field.

    `write` gives what is kept as it is typed again, `show` as it is read; `link` is where it leads.
    """

    title: Words
    read: Callable[[str, Notation], Stored]
    input: Input = Input.TEXT
    longest: int = texts.LONGEST_LINE
    write: Callable[[str, Notation], str] = texts.write_as_it_is
    show: Callable[[str, Notation], Words] = texts.show_as_it_is
    link: Callable[[str], str] = lambda _text: ""


KINDS = {
    FieldType.TEXT: Kind(title=_("Text"), read=texts.read_line),
    FieldType.LONG_TEXT: Kind(
        title=_("Long text"),
        read=texts.read_text,
        input=Input.LONG_TEXT,
        longest=texts.LONGEST_TEXT,
    ),
    FieldType.NUMBER: Kind(
        title=_("Number"),
        read=numbers.read_number,
        input=Input.NUMBER,
        write=numbers.write_number,
        show=numbers.show_number,
    ),
    FieldType.DATE: Kind(
        title=_("Date"), read=texts.read_day, input=Input.DATE, show=texts.show_day
    ),
    FieldType.MONEY: Kind(
        title=_("Money"),
        read=numbers.read_money,
        input=Input.MONEY,
        write=numbers.write_money,
        show=numbers.show_money,
    ),
    FieldType.YES_NO: Kind(
        title=_("Yes or no"),
        read=texts.read_yes_or_no,
        input=Input.CHOICE,
        show=texts.show_yes_or_no,
    ),
    FieldType.CHOICE: Kind(title=_("Choice"), read=texts.read_line, input=Input.CHOICE),
    FieldType.SEVERAL: Kind(
        title=_("Several choices"),
        read=texts.read_line,
        input=Input.SEVERAL,
        longest=(texts.LONGEST_LINE + 1) * MOST_CHOICES * 2,
    ),
    FieldType.EMAIL: Kind(
        title=_("E-mail address"),
        read=reaching.read_email,
        input=Input.EMAIL,
        longest=254,
        link=reaching.email_link,
    ),
    FieldType.PHONE: Kind(
        title=_("Phone number"),
        read=reaching.read_phone,
        input=Input.PHONE,
        write=reaching.write_phone,
        show=reaching.show_phone,
        link=reaching.phone_link,
    ),
    FieldType.WEB: Kind(
        title=_("Web address"),
        read=reaching.read_web,
        input=Input.WEB,
        longest=reaching.LONGEST_URL,
        link=reaching.web_link,
    ),
}
