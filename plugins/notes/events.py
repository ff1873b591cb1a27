"""What the history tells of notes. Texts of notes are never in it."""

from crm_core import Event
from plugins.notes.words import _

NOTE_WRITTEN = Event(name="notes.note_written", title=_("Note written"))
NOTE_EDITED = Event(name="notes.note_edited", title=_("Note edited"), parts={"author": _("author")})
NOTE_DELETED = Event(
    name="notes.note_deleted", title=_("Note deleted"), parts={"author": _("author")}
)
NOTE_EVENTS = (NOTE_WRITTEN, NOTE_EDITED, NOTE_DELETED)
