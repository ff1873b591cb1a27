"""Reading and writing the table of notes; rows stay here, values go out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peewee import fn

from crm_core import VIEW_ALL_ACCOUNTS, Keys, NotFound, may
from crm_core.accounts import visible_accounts
from crm_core.store import AccountRow, MemberRow, compiled, new_public_id
from plugins.notes.rows import NoteRow
from plugins.notes.values import Note, NotedClient, NotesPage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from crm_core import Context
    from crm_core.store import Scoped

NEWEST = (NoteRow.pinned.desc(), NoteRow.saved.desc(), NoteRow.id.desc())


def latest_notes(ctx: Context, account_id: int, count: int) -> Sequence[Note]:
    """The account's notes last saved, pinned ones first. One query."""
    return [_note(row) for row in _latest(ctx, account_id, count)]


@compiled
def _latest(asked: Scoped, account_id: Any, count: Any) -> Any:
    mine = _with_author(asked).where(NoteRow.account_id == account_id)
    return mine.order_by(*NEWEST).limit(count)


def latest_of_clients(ctx: Context, count: int) -> Sequence[tuple[Note, NotedClient]]:
    """The notes last saved on clients that the viewer sees, with the client. One query.

    For whoever sees all clients it reads as many notes as it shows, and no more.
    """
    columns = (AccountRow.name.alias("client"), AccountRow.public_id.alias("client_public_id"))
    last = (NoteRow.saved.desc(), NoteRow.id.desc())
    newest = NoteRow.of(ctx, NoteRow.id).order_by(*last).limit(count)
    if not may(ctx, VIEW_ALL_ACCOUNTS):
        newest = newest.where(NoteRow.account_id.in_(visible_accounts(ctx, AccountRow.id)))
    rows = (
        _with_author(ctx, *columns)
        .join_from(
            NoteRow,
            AccountRow,
            on=(AccountRow.firm_id == NoteRow.firm_id) & (AccountRow.id == NoteRow.account_id),
        )
        .where(NoteRow.id.in_(newest))
        .order_by(*last)
    )
    return [
        (_note(row), NotedClient(name=row.client, public_id=row.client_public_id))
        for row in rows.objects()
    ]


def notes_page(ctx: Context, account_id: int, after: str, size: int) -> NotesPage:
    """One page of the account's notes, going on after the note with the public id `after`."""
    query = _with_author(ctx).where(NoteRow.account_id == account_id).order_by(*NEWEST)
    last = _row(ctx, account_id, after) if after else None
    if last is not None:
        query = query.where(_below(last))
    rows = list(query.limit(size + 1))
    notes = [_note(row) for row in rows[:size]]
    return NotesPage(notes=notes, after=notes[-1].public_id if len(rows) > size else "")


def last_saved(ctx: Context, account_ids: Sequence[int]) -> Mapping[int, datetime]:
    """When the last note on each of these accounts was saved. One query."""
    last = fn.MAX(NoteRow.saved).converter(NoteRow.saved.python_value).alias("last")
    rows = NoteRow.of(ctx, NoteRow.account_id, last).where(NoteRow.account_id.in_(account_ids))
    return {row.account_id: row.last for row in rows.group_by(NoteRow.account_id)}


def noted_since(ctx: Context, at: datetime, *, others: bool) -> Keys:
    """The accounts with a note that was saved since then; or with `others` those without one."""
    noted = NoteRow.of(ctx, NoteRow.account_id).where(NoteRow.saved >= at)
    return Keys(query=noted, others=others)


def note_of(ctx: Context, account_id: int, public_id: str) -> Note:
    """The note with this public id on this account, or `NotFound`."""
    row = _row(ctx, account_id, public_id)
    if row is None:
        raise NotFound
    return _note(row)


def add_note(ctx: Context, account_id: int, text: str, *, pinned: bool, at: datetime) -> str:
    """Stores a note of the viewer's and answers its public id."""
    public_id = new_public_id()
    NoteRow.insert_into(
        ctx,
        public_id=public_id,
        account_id=account_id,
        author_id=ctx.viewer.member_id,
        text=text,
        pinned=pinned,
        created=at,
        saved=at,
    )
    return public_id


def add_notes(ctx: Context, notes: Iterable[tuple[int, int, str, bool, datetime]]) -> None:
    """Stores many notes at once: account, author, text, pinned, when."""
    fields = (
        NoteRow.public_id,
        NoteRow.account_id,
        NoteRow.author_id,
        NoteRow.text,
        NoteRow.pinned,
        NoteRow.created,
        NoteRow.saved,
    )
    NoteRow.insert_all(
        ctx,
        fields,
        (
            (new_public_id(), account_id, author, text, pinned, at, at)
            for account_id, author, text, pinned, at in notes
        ),
    )


def change_note(ctx: Context, note: Note, version: int, **values: Any) -> bool:
    """Changes a note if it still has this version; answers whether it did."""
    changed = (
        NoteRow.change(ctx, version=NoteRow.version + 1, **values)
        .where((NoteRow.id == note.id) & (NoteRow.version == version))
        .execute()
    )
    return bool(changed)


def remove_note(ctx: Context, note: Note, version: int) -> bool:
    """Removes a note if it still has this version; answers whether it did."""
    removed = NoteRow.remove(ctx).where((NoteRow.id == note.id) & (NoteRow.version == version))
    return bool(removed.execute())


def _with_author(asked: Scoped, *more: Any) -> Any:
    return (
        NoteRow.of(asked, NoteRow, MemberRow.name.alias("author"), *more)
        .join(
            MemberRow,
            on=(MemberRow.firm_id == NoteRow.firm_id) & (MemberRow.id == NoteRow.author_id),
        )
        .objects()
    )


def _row(ctx: Context, account_id: int, public_id: str) -> Any:
    mine = (NoteRow.account_id == account_id) & (NoteRow.public_id == public_id)
    return _with_author(ctx).where(mine).first()


def _below(last: Any) -> Any:
    earlier = (NoteRow.saved < last.saved) | (
        (NoteRow.saved == last.saved) & (NoteRow.id < last.id)
    )
    same = (NoteRow.pinned == last.pinned) & earlier
    return same | ~NoteRow.pinned if last.pinned else same


def _note(row: Any) -> Note:
    return Note(
        id=row.id,
        public_id=row.public_id,
        account_id=row.account_id,
        text=row.text,
        pinned=row.pinned,
        author_id=row.author_id,
        author=row.author,
        created=row.created,
        saved=row.saved,
        version=row.version,
    )
