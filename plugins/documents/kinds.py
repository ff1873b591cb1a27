"""What people call the types of files."""

from crm_core import Words
from plugins.documents.words import _

_WHOLE = {
    "application/pdf": _("PDF"),
    "text/plain": _("Text"),
    "application/zip": _("Archive"),
    "application/msword": _("Text document"),
    "application/vnd.ms-excel": _("Spreadsheet"),
}
_BEGINNINGS = {
    "image/": _("Picture"),
    "audio/": _("Sound"),
    "video/": _("Film"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml": _("Text document"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml": _("Spreadsheet"),
    "application/vnd.openxmlformats-officedocument.presentationml": _("Presentation"),
    "application/vnd.oasis.opendocument.text": _("Text document"),
    "application/vnd.oasis.opendocument.spreadsheet": _("Spreadsheet"),
}


def kind_words(kind: str) -> Words:
    """What a type is called; of one that nobody knows, that it is a file."""
    if kind in _WHOLE:
        return _WHOLE[kind]
    for beginning, words in _BEGINNINGS.items():
        if kind.startswith(beginning):
            return words
    return _("File")
