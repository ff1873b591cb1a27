"""The folders of an account as choices of a form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import Choice
from plugins.documents.values import ACCESS_TITLES
from plugins.documents.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core import Words
    from plugins.documents.values import Folder, Tree


def folder_choices(
    known: Tree, folders: Sequence[Folder], *, with_access: bool
) -> Sequence[Choice]:
    """These folders as they lie in one another; with `access` each says who sees it."""
    return [
        Choice(value=one.public_id, label=_label(known, one, with_access=with_access))
        for one in _in_order(known, None)
        if one in folders
    ]


def _in_order(known: Tree, parent: Folder | None) -> list[Folder]:
    found: list[Folder] = []
    for one in known.within(parent):
        found += [one, *(_in_order(known, one) if one.id else ())]
    return found


def _label(known: Tree, folder: Folder, *, with_access: bool) -> Words | str:
    label: Words | str = ""
    for one in known.path(folder):
        label = _("{folder} / {inside}", folder=label, inside=one.name) if label else one.name
    if with_access:
        return _("{folder} ({access})", folder=label, access=ACCESS_TITLES[folder.access])
    return label
