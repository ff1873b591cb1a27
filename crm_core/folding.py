"""Text as it is compared and sorted: accents and capitals do not count."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """The text without marks and capitals: "Émile Öz" and "emile oz" give the same."""
    if text.isascii():
        return " ".join(text.lower().split())
    # Marks go last: in small letters some of them are letters (the Greek iota below a vowel).
    small = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(c for c in unicodedata.normalize("NFKD", small) if not unicodedata.combining(c))
    return " ".join(plain.casefold().split())
