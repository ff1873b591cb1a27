"""Files that a form sends: stored as they come, before the transaction that keeps them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

import attrs
from attrs import field, frozen

from crm_core.files import forget_sent, store_sent
from crm_core.store.blobs import BLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from werkzeug.datastructures import FileStorage

    from crm_core.file_values import SentFile
    from crm_core.store.database import Store


@frozen(kw_only=True)
class Incoming:
    """A file of the request, which lies in no place of ours yet."""

    name: str
    size: int
    stream: IO[bytes] = field(repr=False)

    def chunks(self) -> Iterator[bytes]:
        """Its bytes, from the first."""
        self.stream.seek(0)
        while chunk := self.stream.read(BLOCK):
            yield chunk


def incoming(sent: Sequence[FileStorage]) -> tuple[Incoming, ...]:
    """The files that were chosen; a field in which none was sends one without a name."""
    return tuple(
        Incoming(name=one.filename, size=one.stream.seek(0, 2), stream=one.stream)
        for one in sent
        if one.filename
    )


def has_incoming(value: Any) -> bool:
    """Whether a form's value holds files that are to be stored."""
    return any(_fields_with_files(value))


@contextmanager
def storing(store: Store, firm_id: int, value: Any) -> Iterator[Any]:
    """The value with its files stored; where what follows is refused, they are removed again."""
    stored: list[SentFile] = []
    try:
        for name, files in _fields_with_files(value):
            for one in files:
                stored.append(store_sent(store, firm_id, one.name, one.chunks()))
            value = attrs.evolve(value, **{name: tuple(stored[-len(files) :])})
        yield value
    except BaseException:
        forget_sent(store, stored)
        raise


def _fields_with_files(value: Any) -> list[tuple[str, tuple[Incoming, ...]]]:
    if not attrs.has(type(value)):
        return []
    found = ((one.name, getattr(value, one.name)) for one in attrs.fields(type(value)))
    return [
        (name, files)
        for name, files in found
        if isinstance(files, tuple) and files and isinstance(files[0], Incoming)
    ]
