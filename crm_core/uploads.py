"""Files that come in in parts, ahead of the form that they are for; each can be resumed.

An upload belongs to one person, in one firm, for one form, and is nobody else's. Its bytes are in
the storage before anybody hears how many there are. It is claimed when its form is sent, with the
transaction of what the form does; where nobody claims it, it is gone after a day.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import attrs
from attrs import frozen
from peewee import fn

from crm_core.file_values import ArrivingFile, Blob, SentFile
from crm_core.files import HEAD, UNCLAIMED_FOR, clean_name, demand_room, kind_of
from crm_core.refusals import NotFound, Refused
from crm_core.scanning import Harmful, demand_harmless, scanners_of
from crm_core.store import new_public_id
from crm_core.store.upload_rows import UploadRow
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from crm_core.accounts import Account
    from crm_core.context import Context
    from crm_core.store import Scoped

MOST_WAITING = 1000
MOST_BYTES_WAITING = 4 * 2**30
"""Uploads, and bytes of them, that wait for one person's forms in a firm."""


class WrongOffset(Refused):
    """The next part does not begin where the last one ended."""

    def __init__(self) -> None:
        super().__init__(_("This part of the file does not follow the one before it."))


class TooLong(Refused):
    """More came than was said, or is allowed."""


@frozen(kw_only=True)
class Announced:
    """A file that is to come: for which field of the form at which path, its name and its bytes.

    `folders` are those in which it lies at its sender's, the outermost first.
    """

    form: str
    field: str
    name: str
    size: int
    folders: tuple[str, ...] = ()


@frozen(kw_only=True)
class Upload:
    """A file that comes in: how many of its bytes are here, and the file once all of them are.

    `scanned` names the scanners that have looked at it then.
    """

    public_id: str
    form: str
    field: str
    name: str
    size: int
    received: int
    key: str = attrs.field(repr=False)
    sent: SentFile | None = None
    scanned: frozenset[str] = frozenset()


def begin_upload(ctx: Context, announced: Announced, account: Account | None = None) -> Upload:
    """Makes a place for the file, outside of any transaction; `account` is the client's.

    Refuses what the firm, or the person, has no room for.
    """
    files, public_id = ctx.store.files, new_public_id()
    key = files.begin(ctx.firm.id)
    try:
        with ctx.store.firm_transaction(ctx.firm.id, write=True):
            _demand_room(ctx, announced.size)
            _add(ctx, announced, public_id, key)
            upload = upload_of(ctx, public_id)
    except Refused:
        files.remove(key)
        raise
    if not upload.size:
        _note(ctx, upload, 0, account)
    return upload


def upload_of(ctx: Context, public_id: str) -> Upload:
    """The viewer's upload with this public id, or `NotFound`."""
    return _as_scanned(ctx, _found(_own(ctx).where(UploadRow.public_id == public_id)))


def upload_of_person(scope: Scoped, person_id: int, public_id: str) -> Upload:
    """The upload of this person with this public id, or `NotFound`."""
    row = _of_person(scope, person_id, datetime.now(UTC))
    return _found(row.where(UploadRow.public_id == public_id))


def uploads_of(ctx: Context, form: str, public_ids: Collection[str]) -> Sequence[Upload]:
    """Those of these that are the viewer's, for the form at this path."""
    rows = _own(ctx).where(UploadRow.form == form, UploadRow.public_id.in_(list(public_ids)))
    return [_as_scanned(ctx, _upload(row)) for row in rows]


def take_part(
    ctx: Context,
    upload: Upload,
    start: int,
    chunks: Iterable[bytes],
    account: Account | None = None,
) -> Upload:
    """Stores the next bytes of the file, outside of any transaction; answers how far it is then.

    With the last of them the file is hashed, and the firm's scanners look at it: one that is
    harmful is gone, and one that cannot be looked at waits for its last part to come again.
    """
    with ctx.store.files.part(upload.key) as part:
        with ctx.store.firm_transaction(ctx.firm.id, write=False):
            upload = upload_of(ctx, upload.public_id)
        if upload.received != start:
            raise WrongOffset
        if start < upload.size:
            end = part.write_at(start, _no_more_than(upload.size - start, chunks))
            _note(ctx, upload, end, account)
            return attrs.evolve(upload, received=end)
    return upload


def drop_upload(ctx: Context, public_id: str) -> str:
    """Forgets an upload with the transaction; answers the key of the bytes to be removed after."""
    upload = upload_of(ctx, public_id)
    claim_uploads(ctx, [public_id])
    return upload.key


def claim_uploads(ctx: Context, public_ids: Collection[str]) -> None:
    """Takes these uploads for what is done with the transaction: each can be taken once."""
    if not public_ids:
        return
    own = UploadRow.person_id == ctx.viewer.person_id
    gone = UploadRow.remove(ctx).where(own, UploadRow.public_id.in_(list(public_ids))).execute()
    if gone != len(public_ids):
        raise Refused(_("These files were taken already, or are no longer here."))


def _own(ctx: Context, *columns: Any) -> Any:
    return _of_person(ctx, ctx.viewer.person_id, ctx.now, *columns)


def _of_person(scope: Scoped, person_id: int | None, now: datetime, *columns: Any) -> Any:
    own = (UploadRow.person_id == person_id) & (UploadRow.created > now - UNCLAIMED_FOR)
    return UploadRow.of(scope, *columns).where(own)


def _found(query: Any) -> Upload:
    row = query.first()
    if row is None:
        raise NotFound
    return _upload(row)


def _demand_room(ctx: Context, size: int) -> None:
    demand_room(ctx, size)
    of_all = (fn.COUNT(UploadRow.id), fn.COALESCE(fn.SUM(UploadRow.size), 0))
    count, waiting = _own(ctx, *of_all).tuples().get()
    if count >= MOST_WAITING or waiting + size > MOST_BYTES_WAITING:
        raise Refused(_("Too many of your files wait already. Send or cancel some of them first."))


def _add(ctx: Context, announced: Announced, public_id: str, key: str) -> None:
    UploadRow.insert_into(
        ctx,
        public_id=public_id,
        person_id=ctx.viewer.person_id,
        form=announced.form,
        field=announced.field,
        name=clean_name(announced.name),
        folders="/".join(clean_name(one) for one in announced.folders),
        key=key,
        size=announced.size,
        created=ctx.now,
    )


def _note(ctx: Context, upload: Upload, received: int, account: Account | None) -> None:
    """Notes how many bytes are in the storage; of all of them, what they are."""
    known = dict.fromkeys(("kind", "sha256", "blocks", "scanned"), "")
    if received == upload.size:
        blob = ctx.store.files.measured(upload.key)
        kind = kind_of(next(ctx.store.files.read(upload.key), b"")[:HEAD])
        _demand_harmless(ctx, upload, kind, account)
        known = {
            "kind": kind,
            "sha256": blob.sha256,
            "blocks": "\n".join(blob.blocks),
            "scanned": "\n".join(sorted(scanners_of(ctx))),
        }
    with ctx.store.firm_transaction(ctx.firm.id, write=True):
        change = UploadRow.change(ctx, received=received, **known)
        if not change.where(UploadRow.public_id == upload.public_id).execute():
            raise NotFound


def _demand_harmless(ctx: Context, upload: Upload, kind: str, account: Account | None) -> None:
    """Has the scanners look at it; a harmful one is forgotten, with its bytes."""
    arriving = ArrivingFile(name=upload.name, size=upload.size, kind=kind)
    try:
        demand_harmless(ctx, arriving, partial(ctx.store.files.read, upload.key), account)
    except Harmful:
        with ctx.store.firm_transaction(ctx.firm.id, write=True):
            drop_upload(ctx, upload.public_id)
        ctx.store.files.remove(upload.key)
        raise


def _as_scanned(ctx: Context, upload: Upload) -> Upload:
    """The upload; one that came before a scanner was switched on has to come again."""
    if upload.sent is None or upload.scanned >= scanners_of(ctx):
        return upload
    return attrs.evolve(upload, received=0, sent=None)


def _no_more_than(most: int, chunks: Iterable[bytes]) -> Iterable[bytes]:
    for chunk in chunks:
        most -= len(chunk)
        if most < 0:
            raise TooLong(_("More came than this file has. Choose it again."))
        yield chunk


def _upload(row: Any) -> Upload:
    sent = None
    if row.sha256:
        blocks = tuple(row.blocks.split("\n")) if row.blocks else ()
        blob = Blob(key=row.key, size=row.size, sha256=row.sha256, blocks=blocks)
        folders = tuple(row.folders.split("/")) if row.folders else ()
        sent = SentFile(name=row.name, kind=row.kind, blob=blob, folders=folders)
    return Upload(
        public_id=row.public_id,
        form=row.form,
        field=row.field,
        name=row.name,
        size=row.size,
        received=row.received,
        key=row.key,
        sent=sent,
        scanned=frozenset(row.scanned.split()),
    )
