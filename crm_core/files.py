"""Files as they come in, are kept, and go out again: what they are is read from their bytes.

Nothing here asks for a right: whoever may see or change the thing that a file belongs to may see or
change the file. A file that came in and was not kept is swept a day later.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from peewee import fn

from crm_core import core_work
from crm_core.catalog import Contributed
from crm_core.file_values import Blob, SentFile, StoredFile
from crm_core.refusals import NotFound, Refused
from crm_core.store.blocks import Damaged, checked_pieces
from crm_core.store.file_rows import FileRow
from crm_core.store.upload_rows import UploadRow
from crm_core.words import _
from crm_core.work import Job

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from crm_core.context import Context
    from crm_core.store.database import Store

LONGEST_NAME = 150
"""Characters of a file's name."""

UNKNOWN = "application/octet-stream"
"""What a file is whose bytes say nothing."""

SHOWN_AT_ONCE = 32 * 2**20
"""Bytes up to which a file is read and checked whole before the first of them goes out."""

UNCLAIMED_FOR = timedelta(hours=24)
"""How long bytes lie that belong to nothing."""

HEAD = 8192
"""Bytes that say what a file is."""

_GIGABYTE = 10**9
_TEXT = frozenset(range(32, 256)) | {9, 10, 12, 13}
_RUNS_IN_A_BROWSER = re.compile(
    rb"<\s*(?:!doctype\s+html|html|head|body|script|svg|iframe|\?xml)", re.IGNORECASE
)


def store_sent(store: Store, firm_id: int, name: str, chunks: Iterable[bytes]) -> SentFile:
    """Stores what comes in, outside of any transaction, and looks at what it is."""
    head = bytearray()

    def passing() -> Iterator[bytes]:
        for chunk in chunks:
            if len(head) < HEAD:
                head.extend(chunk[: HEAD - len(head)])
            yield chunk

    blob = store.files.write(firm_id, passing())
    return SentFile(name=clean_name(name), kind=kind_of(bytes(head)), blob=blob)


def forget_sent(store: Store, sent: Iterable[SentFile]) -> None:
    """Removes what came in and was then refused."""
    for one in sent:
        store.files.remove(one.blob.key)


def keep_file(ctx: Context, sent: SentFile, account_id: int | None) -> int:
    """Keeps a file that came in, with the transaction; answers its key.

    It goes with its account: where that is deleted, so is the file. None is the firm's own.

    Refuses where the firm's files would have more bytes than its edition lets it keep.
    """
    demand_room(ctx, sent.size)
    stored = FileRow.adding(
        ctx,
        account_id=account_id,
        key=sent.blob.key,
        size=sent.blob.size,
        kind=sent.kind,
        created=ctx.now,
        sha256=sent.blob.sha256,
        blocks="\n".join(sent.blob.blocks),
    ).returning(FileRow.id)
    return int(next(iter(stored.tuples().execute()))[0])


def demand_room(ctx: Context, size: int) -> None:
    """Refuses so many bytes where the firm may not keep them as well."""
    allowed = quota(ctx)
    if allowed is not None and used(ctx) + size > allowed:
        raise Refused(
            _(
                "There is no room for this file: your firm may keep {gigabytes} GB of files.",
                gigabytes=allowed // _GIGABYTE,
            )
        )


def file_of(ctx: Context, file_id: int) -> StoredFile:
    """The file with this key, or `NotFound`."""
    found = files_of(ctx, [file_id]).get(file_id)
    if found is None:
        raise NotFound
    return found


def files_of(ctx: Context, file_ids: Collection[int]) -> Mapping[int, StoredFile]:
    """The files with these keys, by key. One query."""
    rows = FileRow.of(ctx).where(FileRow.id.in_(list(file_ids)))
    return {row.id: _stored(row) for row in rows}


def _stored(row: Any) -> StoredFile:
    blocks = tuple(row.blocks.split("\n")) if row.blocks else ()
    blob = Blob(key=row.key, size=row.size, sha256=row.sha256, blocks=blocks)
    return StoredFile(id=row.id, kind=row.kind, blob=blob)


def drop_files(ctx: Context, file_ids: Collection[int]) -> None:
    """Forgets these files, with the transaction; their bytes are swept later."""
    FileRow.remove(ctx).where(FileRow.id.in_(list(file_ids))).execute()


def bytes_of(store: Store, file: StoredFile) -> Iterator[bytes]:
    """The file's bytes, compared with their hashes: what differs is never handed on.

    `Damaged` at once for a file up to `SHOWN_AT_ONCE`; of a larger one what was sound before the
    damage has gone out, and the rest does not.
    """
    pieces = checked_pieces(store.files.read(file.blob.key), file.blob)
    if file.size <= SHOWN_AT_ONCE:
        return iter(list(pieces))
    first = next(pieces, None)
    if first is None:
        raise Damaged
    return _with_first(first, pieces)


def used(ctx: Context) -> int:
    """How many bytes the firm's files have."""
    return int(FileRow.of(ctx, fn.COALESCE(fn.SUM(FileRow.size), 0)).scalar())


def quota(ctx: Context) -> int | None:
    """How many bytes they may have, as the firm's edition says; None where it does not say."""
    gigabytes = ctx.setting("files", "gigabytes", None)
    return None if gigabytes is None else int(gigabytes) * _GIGABYTE


def file_work() -> Mapping[str, Contributed[Any]]:
    """The core's own job about files, by name, for a `Worker`."""
    job = Job(
        name=core_work.SWEEP_FILES.partition(".")[2],
        title=core_work.TITLES[core_work.SWEEP_FILES],
        every=timedelta(days=1),
        hour=4,
        act=sweep,
    )
    return {core_work.SWEEP_FILES: Contributed("core", job)}


def sweep(ctx: Context) -> None:
    """Removes what came in a day ago and belongs to nothing, and what broken writes left."""
    UploadRow.remove(ctx).where(UploadRow.created <= ctx.now - UNCLAIMED_FOR).execute()
    for some in _batches(ctx.store.files.keys(ctx.firm.id, ctx.now - UNCLAIMED_FOR)):
        rows = FileRow.of(ctx, FileRow.key).where(FileRow.key.in_(some)).tuples()
        for key in set(some) - {key for (key,) in rows}:
            ctx.store.files.remove(key)


def clean_name(name: str) -> str:
    """A file's name without folders, controls and marks that turn the writing around.

    One that is too long keeps its ending.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    shown = " ".join(shown.split()).strip(". ")
    if len(shown) > LONGEST_NAME:
        stem, dot, ending = shown.rpartition(".")
        ending = f"{dot}{ending}" if 0 < len(ending) <= 10 and stem else ""
        shown = shown[: LONGEST_NAME - len(ending)].rstrip() + ending
    return shown or "file"


def kind_of(head: bytes) -> str:
    """The type of a file by its first bytes; what a browser might run is unknown to us."""
    import puremagic

    if not head:
        return "text/plain"
    if _is_text(head):
        return UNKNOWN if _RUNS_IN_A_BROWSER.search(head) else "text/plain"
    try:
        found = str(puremagic.from_string(head, mime=True))
    except (puremagic.PureError, ValueError):
        return UNKNOWN
    sound = re.fullmatch(r"[a-z]+/[a-z0-9.+-]{1,80}", found)
    return found if sound and not found.startswith(("text/", "image/svg")) else UNKNOWN


def _is_text(head: bytes) -> bool:
    """Whether it reads as text: UTF-8, or letters of some older writing among plain ones."""
    if not _TEXT.issuperset(head) or head.startswith(b"%PDF-"):
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        plain = sum(byte < 128 for byte in head)
        return error.start >= len(head) - 4 or plain > len(head) * 0.8
    return True


def _with_first(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _batches(keys: Iterable[str]) -> Iterator[list[str]]:
    some: list[str] = []
    for key in keys:
        some.append(key)
        if len(some) == 500:
            yield some
            some = []
    if some:
        yield some
