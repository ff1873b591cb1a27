"""What the history tells of documents, and the own history of each (DOC-9)."""

from crm_core import Event
from plugins.documents.values import ACCESS_TITLES, STANDARD
from plugins.documents.words import _

_DOCUMENT = {"name": _("name")}
_FOLDER = {"folder": _("folder"), "access": _("who sees it")}
_VALUES = {
    "access": {str(access): title for access, title in ACCESS_TITLES.items()},
    "folder": {str(name): name for name in STANDARD.values()},
}
_PLACE = _DOCUMENT | _FOLDER | {"version": _("version")}

UPLOADED = Event(
    name="documents.uploaded", title=_("Document uploaded"), parts=_PLACE, values=_VALUES
)
VIEWED = Event(name="documents.viewed", title=_("Document viewed"), parts=_PLACE, values=_VALUES)
DOWNLOADED = Event(
    name="documents.downloaded", title=_("Document downloaded"), parts=_PLACE, values=_VALUES
)
RENAMED = Event(name="documents.renamed", title=_("Document renamed"), parts=_DOCUMENT)
MOVED = Event(name="documents.moved", title=_("Document moved"), parts=_PLACE, values=_VALUES)
SEALED = Event(name="documents.sealed", title=_("Document sealed"), parts=_DOCUMENT)
UNSEALED = Event(name="documents.unsealed", title=_("Seal of a document removed"), parts=_DOCUMENT)
TRASHED = Event(name="documents.trashed", title=_("Document deleted"), parts=_DOCUMENT)
RESTORED = Event(
    name="documents.restored", title=_("Document brought back"), parts=_PLACE, values=_VALUES
)
PURGED = Event(name="documents.purged", title=_("Document deleted for good"), parts=_DOCUMENT)
FOLDER_MADE = Event(
    name="documents.folder_made", title=_("Folder made"), parts=_FOLDER, values=_VALUES
)
FOLDER_CHANGED = Event(
    name="documents.folder_changed", title=_("Folder changed"), parts=_FOLDER, values=_VALUES
)
FOLDER_MOVED = Event(
    name="documents.folder_moved", title=_("Folder moved"), parts=_FOLDER, values=_VALUES
)
FOLDER_DELETED = Event(
    name="documents.folder_deleted", title=_("Folder deleted"), parts=_FOLDER, values=_VALUES
)
REQUESTED = Event(
    name="documents.requested",
    title=_("Documents asked for"),
    parts=_FOLDER | {"what": _("what"), "until": _("until")},
)
REQUEST_CLOSED = Event(
    name="documents.request_closed",
    title=_("Request for documents closed"),
    parts={"what": _("what")},
)

_TEMPLATE = {"name": _("name"), "folders": _("folders")}
TEMPLATE_SAVED = Event(
    name="documents.template_saved", title=_("Folder template saved"), parts=_TEMPLATE
)
TEMPLATE_DELETED = Event(
    name="documents.template_deleted", title=_("Folder template deleted"), parts=_TEMPLATE
)
TEMPLATE_APPLIED = Event(
    name="documents.template_applied", title=_("Folder template applied"), parts=_TEMPLATE
)

DOCUMENT_EVENTS = tuple(value for value in dict(vars()).values() if isinstance(value, Event))
