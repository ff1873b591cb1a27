"""What people do with notes. Each asks for the right itself, whoever calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import MANAGE_ACCOUNTS, NotAllowed, Refused, Stale, audit, demand, may
from plugins.notes import store
from plugins.notes.events import NOTE_DELETED, NOTE_EDITED, NOTE_WRITTEN
from plugins.notes.rights import WRITE
from plugins.notes.words import _

if TYPE_CHECKING:
    from crm_core import Context
    from crm_core.accounts import Account
    from plugins.notes.forms import EditedNote, NewNote
    from plugins.notes.values import Note


def write_note(ctx: Context, account: Account, new: NewNote) -> str:
    """Stores a note of the viewer's on the account and answers its public id."""
    demand(ctx, WRITE)
    _refuse_emptiness(new.text)
    public_id = store.add_note(ctx, account.id, new.text, pinned=new.pinned, at=ctx.now)
    audit.record(ctx, NOTE_WRITTEN, account_id=account.id)
    return public_id


def edit_note(ctx: Context, note: Note, edited: EditedNote) -> None:
    """Saves another text; `Stale` where somebody saved the note since it was opened."""
    demand_edit(ctx, note)
    _refuse_emptiness(edited.text)
    values = {"text": edited.text, "pinned": edited.pinned, "saved": ctx.now}
    if not store.change_note(ctx, note, edited.version, **values):
        raise Stale({"text": note.text, "pinned": note.pinned}, note.version)
    audit.record(ctx, NOTE_EDITED, account_id=note.account_id, after={"author": note.author})


def pin_note(ctx: Context, note: Note, *, pinned: bool) -> None:
    """Puts a note above the others, or back among them. It does not count as editing."""
    demand_edit(ctx, note)
    if not store.change_note(ctx, note, note.version, pinned=pinned):
        raise Stale({"pinned": note.pinned}, note.version)


def delete_note(ctx: Context, note: Note, version: int) -> None:
    """Deletes a note for good; `Stale` where somebody saved it since it was shown."""
    demand_edit(ctx, note)
    if not store.remove_note(ctx, note, version):
        raise Stale({}, note.version)
    audit.record(ctx, NOTE_DELETED, account_id=note.account_id, after={"author": note.author})


def may_edit(ctx: Context, note: Note) -> bool:
    """Whether the viewer may change this note: one's own, or with *manage accounts* any."""
    own = note.author_id == ctx.viewer.member_id and may(ctx, WRITE)
    return own or may(ctx, MANAGE_ACCOUNTS)


def demand_edit(ctx: Context, note: Note) -> None:
    """Refuses with `NotAllowed` where the viewer may not change this note."""
    if not may_edit(ctx, note):
        raise NotAllowed(_("Editing another's note needs the right to manage accounts."))


def _refuse_emptiness(text: str) -> None:
    if not text.strip():
        raise Refused(_("A note needs a text."), at="text")
