"""Who may do what with folders and documents: the team by its rights, clients by the top folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import NotAllowed, Refused, Role, demand, may
from plugins.documents.rights import CHANGE, IN_PORTAL, MANAGE
from plugins.documents.values import Access
from plugins.documents.words import _

if TYPE_CHECKING:
    from crm_core import Context
    from plugins.documents.values import Document, Folder


def is_client(ctx: Context) -> bool:
    """Whether the viewer is a client, in the portal."""
    return ctx.viewer.role is Role.CLIENT


def may_add(ctx: Context, folder: Folder) -> bool:
    """Whether the viewer may put something into this folder."""
    if is_client(ctx):
        return may(ctx, IN_PORTAL) and folder.access is Access.EDITS
    return may(ctx, CHANGE)


def may_open(ctx: Context, document: Document) -> bool:
    """Whether the viewer may see what is in this document, and not only its name."""
    return not (is_client(ctx) and document.shut)


def demand_to_open(ctx: Context, document: Document) -> None:
    """Refuses whoever may not see what is in this document."""
    if not may_open(ctx, document):
        raise NotAllowed(_("This document cannot be opened yet."))


def may_change(ctx: Context, document: Document) -> bool:
    """Whether the viewer may rename, move and delete this document (DOC-1, DOC-5)."""
    if document.trashed is not None:
        return False
    if is_client(ctx):
        kept = document.sealed is not None or document.shut
        return may(ctx, IN_PORTAL) and document.access is Access.EDITS and not kept
    return may(ctx, CHANGE)


def demand_to_add(ctx: Context, folder: Folder) -> None:
    """Refuses whoever may not put something into this folder."""
    if is_client(ctx):
        if not may_add(ctx, folder):
            raise NotAllowed(_("Your accountant keeps this folder; you can only read in it."))
        return
    demand(ctx, CHANGE)


def demand_to_change(ctx: Context, document: Document) -> None:
    """Refuses whoever may not change this document."""
    if not is_client(ctx):
        demand(ctx, CHANGE)
    if document.trashed is not None:
        raise Refused(_("This document is in the trash. Bring it back first."))
    if is_client(ctx) and document.sealed is not None:
        raise NotAllowed(_("This document is sealed: it can no longer be changed or deleted."))
    demand_to_open(ctx, document)
    if is_client(ctx) and not may_change(ctx, document):
        raise NotAllowed(_("Your accountant keeps this folder; you can only read in it."))


def demand_sure(before: Access, after: Access, *, sure: bool) -> None:
    """Refuses a change of who sees something, until it is said to be meant (DOC-2)."""
    if before is after or sure:
        return
    opens = _("Clients will then see it.")
    closes = _("Clients will then no longer see it.")
    edits = _("Clients will then be able to change and delete it.")
    reads = _("Clients will then only be able to read it.")
    if before is Access.PRIVATE:
        what = opens
    elif after is Access.PRIVATE:
        what = closes
    else:
        what = edits if after is Access.EDITS else reads
    raise Refused(what, at="sure")


def demand_management(ctx: Context) -> None:
    """Refuses whoever may not decide which folders clients see, or delete for good."""
    demand(ctx, MANAGE)
