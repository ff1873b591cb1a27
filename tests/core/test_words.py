"""Texts as values: what is said, with which arguments, from whose catalogue."""

from __future__ import annotations

import pytest
from attrs.exceptions import FrozenInstanceError

from crm_core.refusals import NotAllowed, NotFound, Refused, Stale, StorageFull, Unavailable
from crm_core.words import Words, counted_words_of, words_of

_ = words_of("notes")


def test_a_text_is_its_message_with_its_arguments() -> None:
    assert str(_("Linked to {count} accounts of {name}", count=3, name="Anna")) == (
        "Linked to 3 accounts of Anna"
    )


def test_a_text_can_stand_in_another() -> None:
    assert str(_("This needs the right: {right}.", right=_("Read notes"))) == (
        "This needs the right: Read notes."
    )


def test_braces_of_a_text_without_arguments_and_of_arguments_stay() -> None:
    assert str(_("100 % {sure}")) == "100 % {sure}"
    assert str(_("{name} is added", name="{0} {name.__class__}")) == (
        "{0} {name.__class__} is added"
    )


def test_a_text_knows_its_catalogue_and_its_message_for_translation() -> None:
    said = _("{count} notes", count=2)
    assert (said.message, said.arguments, said.domain) == ("{count} notes", {"count": 2}, "notes")
    assert Words("Hello").domain == "crm_core"


def test_a_count_chooses_its_wording() -> None:
    counted = counted_words_of("notes")
    for count, said in ((0, "0 notes by Anna"), (1, "1 note by Anna"), (2, "2 notes by Anna")):
        notes = counted("{count} note by {who}", "{count} notes by {who}", count=count, who="Anna")
        assert str(notes) == said
        assert (notes.domain, notes.arguments["count"]) == ("notes", count)
    assert str(counted("Here alone", "In {count} browsers", count=1)) == "Here alone"


def test_texts_are_values() -> None:
    assert _("Hello") == _("Hello")
    assert _("Hello {n}", n=1) != _("Hello {n}", n=2)
    assert len({_("Hello {n}", n=1), _("Hello {n}", n=1)}) == 1
    with pytest.raises(FrozenInstanceError):
        _("Hello").message = "Bye"  # type: ignore[misc]


def test_every_refusal_says_a_sentence_and_is_one_of_ours() -> None:
    refusals = (NotFound(), NotAllowed(), Stale({"name": "Anna"}, 2), Unavailable(), StorageFull())
    for refusal in refusals:
        assert isinstance(refusal, Refused)
        assert str(refusal) == str(refusal.sentence)
        assert str(refusal).endswith(".")
    assert (refusals[2].now, refusals[2].version) == ({"name": "Anna"}, 2)
    assert isinstance(StorageFull(), Unavailable)
    assert Refused(_("No."), at="name").at == "name"
