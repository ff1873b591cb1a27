"""What the history tells of approvals, and the own history of each document (DOC-9)."""

from crm_core import Event
from plugins.approvals.values import WHO
from plugins.approvals.words import _

_PARTS = {
    "name": _("name"),
    "version": _("version"),
    "who": _("who has to answer"),
    "answered_by": _("answered by"),
    "reason": _("reason"),
}
_VALUES = {"who": {str(who): title for who, title in WHO.items()}}

ASKED = Event(name="approvals.asked", title=_("Approval asked for"), parts=_PARTS, values=_VALUES)
APPROVED = Event(name="approvals.approved", title=_("Document approved"), parts=_PARTS)
DISAPPROVED = Event(name="approvals.disapproved", title=_("Document disapproved"), parts=_PARTS)
WITHDRAWN = Event(name="approvals.withdrawn", title=_("Approval no longer asked"), parts=_PARTS)
REMINDED = Event(name="approvals.reminded", title=_("Reminded of an approval"), parts=_PARTS)

APPROVAL_EVENTS = (ASKED, APPROVED, DISAPPROVED, WITHDRAWN, REMINDED)
