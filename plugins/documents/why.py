"""Why there is nothing to look at of a file, as people read it."""

from enum import StrEnum

from crm_core import Words
from plugins.documents.words import _


class Why(StrEnum):
    """A reason, as it is kept; what it says can be put better later."""

    PROTECTED = "protected"
    DAMAGED = "damaged"
    TOO_LONG = "too long"
    TOO_MANY_PIXELS = "pixels"
    TOO_MUCH_MEMORY = "memory"
    TOO_LARGE = "too large"
    EMPTY = "empty"
    KIND = "kind"
    NO_ROOM = "no room"

    @property
    def words(self) -> Words:
        """What people read."""
        return _WORDS[self]


_WORDS = {
    Why.PROTECTED: _("This PDF is protected by a password."),
    Why.DAMAGED: _("This file is damaged."),
    Why.TOO_LONG: _("It takes too long to draw."),
    Why.TOO_MANY_PIXELS: _("This picture has more than 40 megapixels."),
    Why.TOO_MUCH_MEMORY: _("It takes too much memory to draw."),
    Why.TOO_LARGE: _("This file is too large to be shown here."),
    Why.EMPTY: _("This file is empty."),
    Why.KIND: _("Files of this kind cannot be shown here."),
    Why.NO_ROOM: _("There is no room for a preview among the files of your firm."),
}
