"""Why a document cannot be signed, in words (SIG-5)."""

from plugins.signatures.sealing.values import Why
from plugins.signatures.words import _

WHY = {
    Why.ENCRYPTED: _(
        "This PDF is encrypted, so nothing can be put on it. Save it without a password first."
    ),
    Why.BROKEN: _("This is no PDF that can be read."),
    Why.XFA: _(
        "This PDF is an XFA form, which only Adobe's programs show. Print it to a PDF first."
    ),
    Why.NO_PAGES: _("This PDF has no pages."),
    Why.SIGNED: _("This PDF is signed digitally already; anything put on it would break that."),
    Why.TOO_LARGE: _("This PDF is too large to be signed here."),
    Why.TOO_LONG: _("Reading this PDF takes too long."),
    Why.TOO_MUCH_MEMORY: _("Reading this PDF takes too much memory."),
}
