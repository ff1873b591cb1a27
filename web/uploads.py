"""Files that a form sends: looked at, and stored, before the transaction that keeps them.

They come with the form, or ahead of it in parts (`web/parts.py`): then the form names them.
"""

from __future__ import annotations

from contextlib import contextmanager
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any

import attrs
from attrs import field, frozen
from flask import request

from crm_core.file_values import ArrivingFile
from crm_core.files import HEAD, clean_name, forget_sent, kind_of, store_sent
from crm_core.forms import File
from crm_core.refusals import Refused, Unavailable
from crm_core.scanning import demand_harmless
from crm_core.store.blocks import BLOCK
from crm_core.uploads import Upload

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask import Flask
    from werkzeug.datastructures import FileStorage, MultiDict

    from crm_core.accounts import Account
    from crm_core.context import Context
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
    return any(_fields_with_files(value)) or any(_fields_with_a_file(value))


def demand_harmless_files(ctx: Context, account: Account | None, value: Any) -> None:
    """Refuses a form, at its field, with a file in which the firm's scanners find something.

    They look before anything is stored, outside of any transaction. What came ahead of the form
    was looked at then.
    """
    for at, file in _sent_with_the_form(value):
        head = next(file.chunks(), b"")[:HEAD]
        arriving = ArrivingFile(name=clean_name(file.name), size=file.size, kind=kind_of(head))
        demand_harmless(ctx, arriving, file.chunks, account, at)


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


def _sent_with_the_form(value: Any) -> Iterator[tuple[str, Incoming]]:
    """The files that the request itself holds, each with its field."""
    for name, files in _fields_with_files(value):
        yield from ((name, one) for one in files if isinstance(one, Incoming))
    for name, file in _fields_with_a_file(value):
        yield name, Incoming(name=file.name, size=len(file.content), stream=BytesIO(file.content))


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
    return [
        (name, files)
        for name, files in _fields_of(value)
        if isinstance(files, tuple) and files and isinstance(files[0], Incoming | Upload)
    ]


def _fields_with_a_file(value: Any) -> list[tuple[str, File]]:
    return [(name, file) for name, file in _fields_of(value) if isinstance(file, File)]


def _fields_of(value: Any) -> list[tuple[str, Any]]:
    if not attrs.has(type(value)):
        return []
    return [(one.name, getattr(value, one.name)) for one in attrs.fields(type(value))]
