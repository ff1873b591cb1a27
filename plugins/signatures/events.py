"""What the history tells of signatures, and the own history of each document (DOC-9)."""

from crm_core import Event
from plugins.signatures.words import _

_PARTS = {
    "name": _("name"),
    "version": _("version"),
    "signer": _("signer"),
    "signers": _("signers"),
    "reason": _("reason"),
    "hash": _("hash of the file"),
}

SENT = Event(name="signatures.sent", title=_("Sent to be signed"), parts=_PARTS)
SIGNED = Event(name="signatures.signed", title=_("Document signed"), parts=_PARTS)
ALL_SIGNED = Event(name="signatures.all_signed", title=_("Signed by all"), parts=_PARTS)
SEALED = Event(name="signatures.sealed", title=_("Signed document sealed"), parts=_PARTS)
DECLINED = Event(name="signatures.declined", title=_("Signature declined"), parts=_PARTS)
VOIDED = Event(name="signatures.voided", title=_("Request to sign voided"), parts=_PARTS)
EXPIRED = Event(name="signatures.expired", title=_("Request to sign expired"), parts=_PARTS)
REMINDED = Event(name="signatures.reminded", title=_("Reminded of a signature"), parts=_PARTS)

SIGNATURE_EVENTS = (SENT, SIGNED, ALL_SIGNED, SEALED, DECLINED, VOIDED, EXPIRED, REMINDED)
