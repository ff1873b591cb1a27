"""Reading a form: what is cleaned, what is refused and where, and that nothing typed is lost."""

from __future__ import annotations

from enum import Enum, IntEnum, StrEnum
from io import BytesIO
from typing import Any

import pytest
from attrs import frozen
from werkzeug.datastructures import FileStorage, MultiDict

from crm_core.forms import Choice, File, Form, Input, ask, version_field
from crm_core.words import words_of
from web.forms import Filled, read_form

_ = words_of("tests")


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Size(Enum):
    SMALL = "s"


class Rank(IntEnum):
    FIRST = 1


COLOURS = tuple(Choice(value=colour.value, label=colour.name) for colour in Colour)


@frozen
class Everything:
    """One field of each kind."""

    name: str = ask(_("Name"), longest=10)
    nickname: str = ask(_("Nickname"), default="")
    story: str = ask(_("Story"), default="", input=Input.LONG_TEXT, longest=20)
    email: str = ask(_("E-mail"), default="", input=Input.EMAIL, longest=254)
    pinned: bool = ask(_("Pinned"), default=False, input=Input.YES_NO)
    colour: Colour = ask(_("Colour"), default=Colour.RED, input=Input.CHOICE, choices=COLOURS)
    size: Size = ask(_("Size"), default=Size.SMALL)
    rank: Rank = ask(_("Rank"), default=Rank.FIRST)
    several: tuple[str, ...] = ask(_("Several"), default=(), input=Input.SEVERAL)
    secret: str = ask(_("Secret"), default="", input=Input.PASSWORD)
    version: int = version_field(_("Version"))


def read(**typed: Any) -> Filled:
    sound = {"name": "Anna", "colour": "red", "size": "s", "rank": "1", "version": "1"}
    return read_form(Everything, MultiDict({**sound, **typed}))


def problem(name: str, text: str) -> str:
    filled = read(**{name: text})
    assert filled.value is None
    assert set(filled.form.problems) == {name}
    return str(filled.form.problems[name])


def test_a_sound_form_becomes_its_value() -> None:
    value = read(
        nickname="An",
        story="One\nTwo",
        email="Anna@Firm.Example",
        pinned="1",
        colour="blue",
        several=["a", "b"],
        version="17",
    ).value
    assert value == Everything(
        name="Anna",
        nickname="An",
        story="One\nTwo",
        email="Anna@firm.example",
        pinned=True,
        colour=Colour.BLUE,
        size=Size.SMALL,
        rank=Rank.FIRST,
        several=("a", "b"),
        version=17,
    )
    assert isinstance(value.colour, Colour)


@pytest.mark.parametrize("text", ["", "  ", "\t", "\r\n", "\u2003"])
def test_a_required_field_asks_for_its_content(text: str) -> None:
    assert problem("name", text) == "Please fill in: Name."


def test_a_field_that_is_not_in_the_form_counts_as_empty() -> None:
    filled = read_form(
        Everything, MultiDict({"colour": "red", "size": "s", "rank": "1", "version": "1"})
    )
    assert set(filled.form.problems) == {"name"}


def test_characters_are_counted_not_bytes() -> None:
    assert read(name="\N{GRINNING FACE}" * 10).value.name == "\N{GRINNING FACE}" * 10
    assert problem("name", "x" * 11) == "At most 10 characters; this has 11."


def test_a_line_break_counts_once_however_the_browser_sends_it() -> None:
    assert read(story="x" * 9 + "\r\n" + "y" * 10).value.story == "x" * 9 + "\n" + "y" * 10


def test_blanks_around_a_line_go_and_those_before_a_text_stay() -> None:
    value = read(name="  Anna ", story="  - one\n  - two \n\n").value
    assert (value.name, value.story) == ("Anna", "  - one\n  - two")


def test_a_password_is_taken_as_it_is() -> None:
    assert read(secret="  two blanks  ").value.secret == "  two blanks  "


@pytest.mark.parametrize("text", ["An\x00na", "An\x07na", "An\nna", "An\rna", "An\tna", "An\ud800"])
def test_a_line_holds_no_control_character(text: str) -> None:
    assert "cannot be stored" in problem("name", text)


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\x85b", "a\udfffb"])
def test_a_long_text_holds_line_ends_and_tabs_and_no_other_control_character(text: str) -> None:
    assert read(story="a\n\tb").value.story == "a\n\tb"
    assert "cannot be stored" in problem("story", text)


def test_marks_that_write_from_right_to_left_are_no_control_characters() -> None:
    assert read(name="\u202eAnna").value.name == "\u202eAnna"


@pytest.mark.parametrize("text", ["green", "RED", "red ;", "0"])
def test_a_choice_is_one_of_those_that_are_offered(text: str) -> None:
    assert problem("colour", text) == "This is not one of the possible answers."


@pytest.mark.parametrize("text", ["m", "SMALL", "", "S"])
def test_an_enum_takes_its_own_values_alone(text: str) -> None:
    assert problem("size", text) == "This is not one of the possible answers."


@pytest.mark.parametrize("text", ["2", "-1", "FIRST", ""])
def test_an_enum_of_numbers_takes_its_own_values_alone(text: str) -> None:
    assert problem("rank", text) == "This is not one of the possible answers."


@pytest.mark.parametrize("text", ["0", "true", "on", "yes", "11"])
def test_yes_is_1_and_nothing_else(text: str) -> None:
    assert read(pinned="").value.pinned is False
    assert problem("pinned", text) == "This is not one of the possible answers."


@pytest.mark.parametrize(
    "text", ["-1", "1.0", "1e3", "\u0661", "\u00b2", "1_000", "9" * 19, "x", ""]
)
def test_a_whole_number_is_digits_alone(text: str) -> None:
    assert read(version="007").value.version == 7
    assert problem("version", text) == "This is not one of the possible answers."


@pytest.mark.parametrize(
    "text", ["anna", "anna@", "@firm.example", "anna@firm", "a b@firm.example", "a@b@firm.example"]
)
def test_an_address_that_is_none_is_refused_with_what_was_typed(text: str) -> None:
    assert problem("email", text) == f"{text} is not an e-mail address."


def test_everything_typed_is_kept_right_or_wrong() -> None:
    filled = read(name="", nickname="An", email="anna@", several=["a", "b"])
    assert filled.form.answered
    assert filled.form.typed["nickname"] == "An"
    assert filled.form.typed["email"] == "anna@"
    assert filled.form.typed["several"] == "a\nb"


@frozen
class WithFiles:
    """A form with a file that has to be there, and one that may."""

    letter: File = ask(_("Letter"), input=Input.FILE, largest=2**20)
    photo: File | None = ask(_("Photo"), default=None, input=Input.FILE, largest=2**20)


def with_files(**sent: tuple[str, bytes]) -> Filled:
    files = {
        name: FileStorage(BytesIO(content), called) for name, (called, content) in sent.items()
    }
    return read_form(WithFiles, MultiDict(), MultiDict(files))


def test_a_file_becomes_a_value_and_one_that_may_be_missing_none() -> None:
    filled = with_files(letter=("../a\tletter.txt", b"Dear \xff"), photo=("", b""))
    assert filled.value == WithFiles(
        letter=File(name="../a\tletter.txt", content=b"Dear \xff"), photo=None
    )
    assert "Dear" not in repr(filled.value)


def test_a_file_that_is_missing_or_too_large_is_refused_with_the_reason() -> None:
    assert str(with_files().form.problems["letter"]) == "Please choose: Letter."
    text = {"letter": "not a file"}
    assert "letter" in read_form(WithFiles, MultiDict(text)).form.problems
    large = with_files(letter=("a", b"x" * (3 * 2**19)), photo=("b", b"x" * 2**20))
    assert large.value is None
    assert {name: str(problem) for name, problem in large.form.problems.items()} == {
        "letter": "At most 1 MB; this file has 1.5."
    }
    barely = with_files(letter=("a", b"x" * (2**20 + 1)))
    assert str(barely.form.problems["letter"]) == "At most 1 MB; this file has 1.1."


def test_a_form_says_whether_it_takes_files() -> None:
    assert Form(of=WithFiles).takes_files
    assert not Form(of=Everything).takes_files
