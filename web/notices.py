"""The sentence that a page says on arrival: "The note is saved."."""

from __future__ import annotations

from flask import flash, get_flashed_messages


def leave_notice(sentence: str, tone: str = "good") -> None:
    """Leaves a sentence for the next page; one that nobody came to read makes way for it.

    Notices travel in the session's cookie, which has little room.
    """
    get_flashed_messages()
    flash(sentence, tone)
