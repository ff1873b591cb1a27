"""What people do with folder templates, and what one does to an account (DOC-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import Refused, Stale, audit
from plugins.documents import events, template_store, tree
from plugins.documents.blueprint import STANDARD_TOP, planned
from plugins.documents.folders import folders_to_change
from plugins.documents.rules import demand_management
from plugins.documents.words import _

if TYPE_CHECKING:
    from crm_core import Context, Happened
    from crm_core.accounts import Account
    from plugins.documents.blueprint import FolderTemplate, Planned
    from plugins.documents.forms import EditedTemplate, NewTemplate
    from plugins.documents.values import Access, Folder, Tree


def add_template(ctx: Context, wanted: NewTemplate) -> str:
    """Keeps a folder template and answers its public id."""
    demand_management(ctx)
    name = _name(ctx, wanted, None)
    folders = planned(wanted.written)
    public_id = template_store.add_template(ctx, name, folders, for_new=wanted.for_new)
    audit.record(ctx, events.TEMPLATE_SAVED, after={"name": name, "folders": len(folders)})
    return public_id


def change_template(ctx: Context, template: FolderTemplate, wanted: EditedTemplate) -> None:
    """Changes a folder template; accounts keep the folders that they have of it."""
    demand_management(ctx)
    name = _name(ctx, wanted, template)
    folders = planned(wanted.written)
    if not template_store.change_template(
        ctx, template, wanted.version, name, folders, for_new=wanted.for_new
    ):
        raise Stale({"name": template.name}, template.version)
    before = {"name": template.name, "folders": len(template.folders)}
    after = {"name": name, "folders": len(folders)}
    audit.record(ctx, events.TEMPLATE_SAVED, before=before, after=after)


def delete_template(ctx: Context, template: FolderTemplate, version: int) -> None:
    """Deletes a folder template; accounts keep the folders that they have of it."""
    demand_management(ctx)
    if not template_store.remove_template(ctx, template, version):
        raise Stale({}, template.version)
    audit.record(ctx, events.TEMPLATE_DELETED, after={"name": template.name})


def apply_template(ctx: Context, account: Account, template: FolderTemplate) -> int:
    """Makes those of the template's folders that the account lacks; answers how many.

    A top folder that is called so already stays what it is, whoever sees it.
    """
    demand_management(ctx)
    return _make(ctx, account.id, template)


def begin_account(ctx: Context, happened: Happened) -> None:
    """Gives a new account the folders of the templates that say so."""
    assert happened.account_id is not None
    for template in template_store.templates_for_new(ctx):
        _make(ctx, happened.account_id, template)


def _make(ctx: Context, account_id: int, template: FolderTemplate) -> int:
    known = folders_to_change(ctx, account_id)
    before = len(known.folders)
    for one in template.folders:
        known = _with_folder(ctx, account_id, known, one)
    made = len(known.folders) - before
    told = {"name": template.name, "folders": made}
    audit.record(ctx, events.TEMPLATE_APPLIED, account_id=account_id, after=told)
    return made


def _with_folder(ctx: Context, account_id: int, known: Tree, wanted: Planned) -> Tree:
    """The account's folders with this one and those that lead to it."""
    place: Folder | None = None
    for name in wanted.path:
        found = _found(known, place, name, wanted.access)
        if found is None:
            access = place.access if place else wanted.access
            found = tree.add_folder(ctx, account_id, place.id if place else None, name, access)
            known = known.with_added(found)
        place = found
    return known


def _found(known: Tree, place: Folder | None, name: str, access: Access) -> Folder | None:
    if name != STANDARD_TOP:
        return tree.named_folder(known, place, name)
    return next((one for one in known.within(None) if one.access is access), None)


def _name(ctx: Context, wanted: NewTemplate, own: FolderTemplate | None) -> str:
    name = wanted.name.strip()
    if not name:
        raise Refused(_("A template needs a name."), at="name")
    if template_store.is_taken(ctx, name, own):
        raise Refused(_("There is a template with this name already."), at="name")
    return name
