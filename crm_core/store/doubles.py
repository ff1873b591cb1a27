"""What the database allows once, as a sentence where somebody wants it twice."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from peewee import IntegrityError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crm_core.refusals import Refused
    from crm_core.store.database import Scoped


@contextmanager
def refusing_doubles(scope: Scoped, refusal: Callable[[], Refused]) -> Iterator[None]:
    """A part of the transaction that stores what there may be once; the second gets this refusal.

    Only the statement that stores it stands inside: whatever constraint fails is taken for it.
    """
    try:
        with scope.store.savepoint():
            yield
    except IntegrityError as error:
        raise refusal() from error
