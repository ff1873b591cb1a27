"""Folder templates as values: folders as people write them, one a line, and as they are planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from crm_core import Refused
from crm_core.folding import folded
from plugins.documents.values import DEEPEST, LONGEST_FOLDER_NAME, Access
from plugins.documents.words import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOST_FOLDERS = 200
"""Folders that a template may have."""

STANDARD_TOP = ""
"""Stands in a path for the folder of that access that every account begins with."""

_FIELDS = {Access.EDITS: "edits", Access.SEES: "sees", Access.PRIVATE: "private"}


@frozen(kw_only=True)
class Planned:
    """A folder of a template: what clients may do there, and the names that lead to it.

    The first name is that of a top folder, or `STANDARD_TOP`.
    """

    access: Access
    path: tuple[str, ...]


@frozen(kw_only=True)
class FolderTemplate:
    """Folders that are made on an account together; `for_new` on each new one by itself."""

    id: int
    public_id: str
    name: str
    for_new: bool
    folders: Sequence[Planned]
    version: int

    def written(self, access: Access) -> str:
        """Its folders with this access, one a line, as people write them."""
        return "\n".join("/".join(one.path) for one in self.folders if one.access is access)


def planned(written: Mapping[Access, str]) -> Sequence[Planned]:
    """The folders that these lines plan, each once; refuses what can be no folder, at its field."""
    found: dict[tuple[str, ...], Planned] = {}
    tops: dict[str, Access] = {}
    for access, text in written.items():
        for path in _paths(text, _FIELDS[access]):
            top = folded(path[0])
            if top and tops.setdefault(top, access) is not access:
                sentence = _("{name} cannot be a folder of two kinds.", name=path[0])
                raise Refused(sentence, at=_FIELDS[access])
            found.setdefault((access, *map(folded, path)), Planned(access=access, path=path))
    if not found:
        raise Refused(_("A template needs a folder."), at=_FIELDS[Access.EDITS])
    if len(found) > MOST_FOLDERS:
        raise Refused(_("A template can have {most} folders.", most=MOST_FOLDERS))
    return tuple(found.values())


def _paths(text: str, field: str) -> Iterable[tuple[str, ...]]:
    for line in filter(None, map(str.strip, text.splitlines())):
        names = tuple(name.strip() for name in line.split("/"))
        if len(names) > DEEPEST:
            raise Refused(_("Folders can be {most} deep.", most=DEEPEST), at=field)
        if not all(names[1:]) or not any(names):
            raise Refused(_("In “{line}” a folder has no name.", line=line), at=field)
        if any(len(name) > LONGEST_FOLDER_NAME for name in names):
            most = LONGEST_FOLDER_NAME
            sentence = _("In “{line}” a name is longer than {most} letters.", line=line, most=most)
            raise Refused(sentence, at=field)
        yield names
