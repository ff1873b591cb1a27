"""The pages of notes and their section on the Overview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import Fragment, Item, Page, Redirect, State, To, item_list, may, plain_text
from plugins.notes import actions, store
from plugins.notes.rights import WRITE
from plugins.notes.words import _

if TYPE_CHECKING:
    from crm_core import Context, Form, Words
    from crm_core.accounts import Account
    from plugins.notes.forms import DeleteNote, EditedNote, NewNote

ON_OVERVIEW = 5
PAGE = 50


def latest(ctx: Context, account: Account) -> Fragment:
    """The five notes last saved, pinned ones first (O11)."""
    here = {"account": account.public_id}
    items = [
        Item(
            what=plain_text(note.text),
            to=To("notes.all", here),
            who=note.author,
            when=note.saved,
            state=State(word=_("Pinned")) if note.pinned else None,
        )
        for note in store.latest_notes(ctx, account.id, ON_OVERVIEW)
    ]
    start = (To("notes.write", here), _("Write the first note")) if may(ctx, WRITE) else None
    return item_list(items, empty=_("Nothing was noted about this client yet."), start=start)


def latest_of_clients(ctx: Context) -> Fragment:
    """The notes last saved on the clients that the viewer sees."""
    items = [
        Item(
            what=plain_text(note.text),
            to=To("notes.all", {"account": client.public_id}),
            who=f"{client.name} · {note.author}",
            when=note.saved,
        )
        for note, client in store.latest_of_clients(ctx, ON_OVERVIEW)
    ]
    start = (To("shell.clients"), _("Choose a client"))
    return item_list(items, empty=_("Nothing was noted about your clients yet."), start=start)


def all_notes(ctx: Context, account: Account, after: str) -> Page:
    """The *View all* tab: every note, pinned first, then the one last saved."""
    page = store.notes_page(ctx, account.id, after, PAGE)
    values = {
        "notes": [(note, actions.may_edit(ctx, note)) for note in page.notes],
        "after": page.after,
        "started": bool(after),
        "may_write": may(ctx, WRITE),
    }
    return Page("notes/all.html", _("Notes"), values)


def new_note(ctx: Context, account: Account, form: Form[NewNote]) -> Page:
    """The page with the form for a new note."""
    return Page("notes/form.html", _("New note"), {"form": form})


def write(ctx: Context, account: Account, value: NewNote) -> Redirect:
    """Stores the new note and shows it among the others."""
    actions.write_note(ctx, account, value)
    return _back(account, _("The note is saved."))


def edit_note(ctx: Context, account: Account, note: str, form: Form[EditedNote]) -> Page:
    """The page with the form that edits a note."""
    found = store.note_of(ctx, account.id, note)
    actions.demand_edit(ctx, found)
    filled = form.starting_from(text=found.text, pinned=found.pinned, version=found.version)
    return Page("notes/form.html", _("Edit note"), {"form": filled})


def save(ctx: Context, account: Account, note: str, value: EditedNote) -> Redirect:
    """Saves the edited note."""
    actions.edit_note(ctx, store.note_of(ctx, account.id, note), value)
    return _back(account, _("The note is saved."))


def pin(ctx: Context, account: Account, note: str) -> Redirect:
    """Puts the note above the others."""
    actions.pin_note(ctx, store.note_of(ctx, account.id, note), pinned=True)
    return _back(account, _("The note is pinned."))


def unpin(ctx: Context, account: Account, note: str) -> Redirect:
    """Puts the note back among the others."""
    actions.pin_note(ctx, store.note_of(ctx, account.id, note), pinned=False)
    return _back(account, _("The note is no longer pinned."))


def confirm_deletion(ctx: Context, account: Account, note: str, form: Form[DeleteNote]) -> Page:
    """The page that asks before a note is deleted."""
    found = store.note_of(ctx, account.id, note)
    actions.demand_edit(ctx, found)
    filled = form.starting_from(version=found.version)
    return Page("notes/delete.html", _("Delete note"), {"form": filled, "note": found})


def delete(ctx: Context, account: Account, note: str, value: DeleteNote) -> Redirect:
    """Deletes the note."""
    actions.delete_note(ctx, store.note_of(ctx, account.id, note), value.version)
    return _back(account, _("The note is deleted."))


def _back(account: Account, notice: Words) -> Redirect:
    return Redirect(To("notes.all", {"account": account.public_id}), notice)
