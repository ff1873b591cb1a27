"""Whether a file that anybody has is a document that was sealed here, to the byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import Verified
from plugins.signatures.certificate import trusted
from plugins.signatures.sealing.verifying import Outcome, verified
from plugins.signatures.words import _

if TYPE_CHECKING:
    from pathlib import Path

    from crm_core.store.database import Store

SENTENCES = {
    Outcome.INTACT: _("This document was sealed here, and not one byte of it has changed since."),
    Outcome.CHANGED: _("This document bears a seal, and was changed after it was sealed."),
    Outcome.NOT_OURS: _("This document bears a seal that is whole, but it is not one of ours."),
    Outcome.BROKEN: _("This document cannot be read: if it was sealed, it has changed since."),
}


def of_seal(store: Store, path: Path) -> Verified | None:
    """What its seal says; None where there is none. Takes up to ten seconds."""
    found = verified(path, trusted(store))
    sentence = SENTENCES.get(found.outcome)
    if sentence is None:
        return None
    return Verified(good=found.outcome is Outcome.INTACT, sentence=sentence, at=found.sealed_at)
