"""Files that a form sends: stored before the transaction that keeps them.

They come with the form, or ahead of it in parts (`web/parts.py`): then the form names them.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

import attrs
from attrs import field, frozen
from flask import request

from crm_core.files import forget_sent, store_sent
from crm_core.refusals import Refused, Unavailable
from crm_core.store.blocks import BLOCK
from crm_core.uploads import Upload

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask import Flask
    from werkzeug.datastructures import FileStorage, MultiDict

    from crm_core.file_values import SentFile
    from crm_core.store.database import Store

AHEAD = ".upload"
"""What follows a field's name in the name of the hidden fields with the ids of its uploads."""

LARGEST_PART = 16 * 2**20
"""Bytes of a file that may come in one part."""

PARTS = "uploads.upload"
"""The endpoint at which they come in."""

_MOST_IDS = 1000


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


def allow_files(app: Flask) -> None:
    """Lets a request be larger by the files that its route's form asks for, or by a part of one.

    To be called before anything that reads the request, such as the check against forgery.
    """

    def allow() -> None:
        view = app.view_functions.get(request.endpoint or "")
        more = LARGEST_PART if request.endpoint == PARTS else getattr(view, "largest_files", 0)
        if callable(more):
            more = more(**(request.view_args or {}))
        if more:
            request.max_content_length = app.config["MAX_CONTENT_LENGTH"] + more

    app.before_request(allow)


def incoming(sent: Sequence[FileStorage]) -> tuple[Incoming, ...]:
    """The files that were chosen; a field in which none was sent sends one without a name."""
    return tuple(
        Incoming(name=one.filename, size=one.stream.seek(0, 2), stream=one.stream)
        for one in sent
        if one.filename
    )


def ids_ahead(posted: MultiDict[str, str], name: str = "") -> Sequence[str]:
    """The ids of the uploads that a form names, in one of its fields or in all of them."""
    wanted = [f"{name}{AHEAD}"] if name else [one for one in posted if one.endswith(AHEAD)]
    return list(dict.fromkeys(i for one in wanted for i in posted.getlist(one)))[:_MOST_IDS]


def has_files(value: Any) -> bool:
    """Whether a form's value holds files."""
    return any(_fields_with_files(value))


@contextmanager
def storing(store: Store, firm_id: int, value: Any) -> Iterator[Any]:
    """The value with its files stored; where what follows is refused, they are removed again.

    Those that came ahead stay where they are, for the next try. Where nobody can tell whether they
    were kept, since the database went away or something broke, they stay too: what belongs to
    nothing is swept.
    """
    stored: list[SentFile] = []
    try:
        value = _with_files_stored(store, firm_id, value, stored)
    except Refused:
        forget_sent(store, stored)
        raise
    try:
        yield value
    except Unavailable:
        raise
    except Refused:
        forget_sent(store, stored)
        raise


def _with_files_stored(store: Store, firm_id: int, value: Any, stored: list[SentFile]) -> Any:
    """The value with `SentFile`s; those that are stored now are added to `stored`, one by one."""
    for name, files in _fields_with_files(value):
        sent = []
        for one in files:
            if isinstance(one, Upload):
                sent.append(_arrived(store, one))
                continue
            stored.append(store_sent(store, firm_id, one.name, one.chunks()))
            sent.append(stored[-1])
        value = attrs.evolve(value, **{name: tuple(sent)})
    return value


def _arrived(store: Store, upload: Upload) -> SentFile:
    """The file itself; whoever sweeps takes it for a new one, until its form has kept it."""
    assert upload.sent is not None
    store.files.touch(upload.key)
    return upload.sent


def _fields_with_files(value: Any) -> list[tuple[str, tuple[Incoming | Upload, ...]]]:
    if not attrs.has(type(value)):
        return []
    found = ((one.name, getattr(value, one.name)) for one in attrs.fields(type(value)))
    return [
        (name, files)
        for name, files in found
        if isinstance(files, tuple) and files and isinstance(files[0], Incoming | Upload)
    ]
