"""Reading notes: the section on the Overview, and the tab with all of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

import time_machine

from crm_core.testing.builders import a_firm, an_account, as_owner
from plugins.notes.actions import write_note
from plugins.notes.forms import NewNote
from tests.plugins.notes.people import pages_of, texts_on
from tests.web.browsing import element, elements, send

if TYPE_CHECKING:
    from tests.plugins.notes.people import Practice

NOON = datetime(2030, 3, 4, 12, 0, tzinfo=UTC)


def items_on(html: str) -> list[str]:
    """What the section on the Overview lists."""
    return [e.text for e in elements(html, "span", class_="what")]


def test_o11_the_overview_shows_the_five_notes_last_saved_pinned_ones_first(
    practice: Practice,
) -> None:
    times = [(str(n), n in (2, 4), NOON - timedelta(hours=n)) for n in range(9)]
    practice.write_many(Random(1).sample(times, len(times)))
    html = practice.owner.get(practice.overview).text
    assert items_on(html) == ["2", "4", "0", "1", "3"]
    assert [e.text for e in elements(html, "span", class_="tag")] == ["Pinned", "Pinned"]


def test_o11_a_note_that_is_edited_is_the_last_saved(practice: Practice) -> None:
    with time_machine.travel(datetime.now(UTC) - timedelta(hours=1)):
        first, _second = practice.write("First"), practice.write("Second")
    send(practice.owner, f"{practice.notes}/{first.public_id}/edit", text="First again")
    assert items_on(practice.owner.get(practice.overview).text) == ["First again", "Second"]


def test_the_section_tells_who_and_when_in_plain_words(practice: Practice) -> None:
    practice.write("# Payroll\n\n- **two** bakers\n- [a link](https://x.example) & `code`\n\n<b>")
    html = practice.owner.get(practice.overview).text
    assert items_on(html) == ["Payroll two bakers a link & code <b>"]
    (small,) = [e for e in elements(html, "small") if e.text.startswith("Olga Owner, today ")]
    assert small is not None
    (link,) = [e for e in elements(html, "a") if e.text.startswith("Payroll")]
    assert link.get("href") == practice.notes


def test_a_long_note_is_cut_at_a_word(practice: Practice) -> None:
    practice.write("word " * 200)
    (text,) = items_on(practice.owner.get(practice.overview).text)
    assert len(text) <= 200
    assert text.endswith("word…")


def test_an_account_without_notes_says_what_to_do_next(practice: Practice) -> None:
    for path in (practice.overview, practice.notes):
        html = practice.owner.get(path).text
        assert "Nothing was noted about this client yet." in html
        (start,) = [e for e in elements(html, "a") if e.text == "Write the first note"]
        assert start.get("href") == f"{practice.notes}/new"


def test_the_tab_shows_every_note_with_author_and_exact_time(practice: Practice) -> None:
    with time_machine.travel(NOON, tick=False):
        practice.write("**Bold** words")
    html = practice.owner.get(practice.notes).text
    note = element(html, "article")
    assert "Olga Owner" in note.text
    assert element(html, "strong").text == "Bold"
    assert "edited" not in note.text
    time = element(html, "time")
    assert time.get("datetime") == "2030-03-04T12:00:00+00:00"
    assert time.get("title") == "Monday 4 March 2030 13:00 (Europe/Amsterdam)"


def test_an_edited_note_says_so_and_when_and_keeps_its_author(practice: Practice) -> None:
    emil = practice.employ("emil@firm.example")
    with time_machine.travel(datetime.now(UTC) - timedelta(hours=1)):
        note = practice.write("Before", by=emil)
    send(practice.owner, f"{practice.notes}/{note.public_id}/edit", text="After")
    article = element(practice.owner.get(practice.notes).text, "article")
    assert "Emil Employee" in article.text
    assert "edited today" in article.text


def test_every_note_is_on_one_page_pinned_ones_first_without_gaps_or_doubles(
    practice: Practice,
) -> None:
    # Many at the same moment: pages must break ties.
    notes = [(f"note {n}", n % 2 == 0, NOON - timedelta(minutes=n // 7)) for n in range(240)]
    practice.write_many(notes)
    pages = pages_of(practice.owner, practice.notes)
    assert [len(page) for page in pages] == [50, 50, 50, 50, 40]
    read = [text for page in pages for text in page]
    assert len(set(read)) == 240
    number = {text: place for place, (text, _, _) in enumerate(notes)}
    when = {text: (not pinned, -at.timestamp(), -number[text]) for text, pinned, at in notes}
    assert read == sorted(read, key=when.__getitem__)
    assert all(number[text] % 2 == 0 for text in read[:120])


def test_exactly_a_page_of_notes_has_no_next_one(practice: Practice) -> None:
    practice.write_many([(str(n), True, NOON + timedelta(hours=n)) for n in range(50)])
    assert [len(page) for page in pages_of(practice.owner, practice.notes)] == [50]
    practice.write("one more")
    assert [len(page) for page in pages_of(practice.owner, practice.notes)] == [50, 1]


def test_a_later_page_leads_back_to_the_newest(practice: Practice) -> None:
    practice.write_many([(str(n), False, NOON - timedelta(hours=n)) for n in range(60)])
    html = practice.owner.get(practice.notes).text
    later = practice.owner.get(element(html, "a", rel="next").get("href")).text
    (back,) = [e for e in elements(later, "a") if e.text == "Newest notes"]
    assert back.get("href") == practice.notes


def test_a_page_that_goes_on_from_nowhere_is_the_first(practice: Practice) -> None:
    practice.write("Here")
    with as_owner(practice.store, practice.catalog, a_firm(practice.store)) as ctx:
        foreign = write_note(ctx, an_account(ctx), NewNote(text="Foreign"))
    for after in ("gone", foreign, "0" * 500):
        html = practice.owner.get(practice.notes, query_string={"after": after}).text
        assert texts_on(html) == ["Here"]


def test_notes_of_another_account_or_firm_are_on_neither_page(practice: Practice) -> None:
    practice.write("Mine")
    other = practice.another_account()
    with as_owner(practice.store, practice.catalog, a_firm(practice.store)) as ctx:
        write_note(ctx, an_account(ctx, "Bakery"), NewNote(text="Foreign"))
    assert texts_on(practice.owner.get(practice.notes).text) == ["Mine"]
    assert texts_on(practice.owner.get(other).text) == []
