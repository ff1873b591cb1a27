"""Text as it is compared and sorted: accents and capitals do not count."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """The text without marks and capitals: "Émile Öz" and "emile oz" give the same."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(plain.casefold().split())
