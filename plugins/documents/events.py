"""What the history tells of documents, and the own history of each (DOC-9)."""

from crm_core import Event
from plugins.documents.words import _

_DOCUMENT = {"document": _("document"), "name": _("name")}
_FOLDER = {"folder": _("folder"), "access": _("who sees it")}
_PLACE = _DOCUMENT | _FOLDER | {"version": _("version")}

UPLOADED = Event(name="documents.uploaded", title=_("Document uploaded"), parts=_PLACE)
VIEWED = Event(name="documents.viewed", title=_("Document viewed"), parts=_PLACE)
DOWNLOADED = Event(name="documents.downloaded", title=_("Document downloaded"), parts=_PLACE)
RENAMED = Event(name="documents.renamed", title=_("Document renamed"), parts=_DOCUMENT)
MOVED = Event(name="documents.moved", title=_("Document moved"), parts=_PLACE)
SEALED = Event(name="documents.sealed", title=_("Document sealed"), parts=_DOCUMENT)
UNSEALED = Event(name="documents.unsealed", title=_("Seal of a document removed"), parts=_DOCUMENT)
TRASHED = Event(name="documents.trashed", title=_("Document deleted"), parts=_DOCUMENT)
RESTORED = Event(name="documents.restored", title=_("Document brought back"), parts=_PLACE)
PURGED = Event(name="documents.purged", title=_("Document deleted for good"), parts=_DOCUMENT)
FOLDER_MADE = Event(name="documents.folder_made", title=_("Folder made"), parts=_FOLDER)
FOLDER_CHANGED = Event(name="documents.folder_changed", title=_("Folder changed"), parts=_FOLDER)
FOLDER_DELETED = Event(name="documents.folder_deleted", title=_("Folder deleted"), parts=_FOLDER)

DOCUMENT_EVENTS = tuple(value for value in dict(vars()).values() if isinstance(value, Event))
