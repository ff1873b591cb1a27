"""The one place here that catches whatever a reader of PDFs raises for a broken or hostile file."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from plugins.signatures.sealing.values import Unfit

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def attempted(read: Callable[[], T]) -> T | None:
    """What it answers; None where it raised. What we ourselves refuse, and no memory, goes on."""
    try:
        return read()
    except (MemoryError, Unfit):
        raise
    except Exception:  # noqa: BLE001 - readers of PDFs raise anything for hostile ones
        return None
