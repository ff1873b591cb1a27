"""Reading and writing the table of folder templates; rows stay here, values go out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from crm_core import NotFound
from crm_core.folding import folded
from crm_core.store import new_public_id
from plugins.documents.blueprint import FolderTemplate, Planned
from plugins.documents.rows import TemplateRow
from plugins.documents.values import Access

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core import Context


def templates_of(ctx: Context) -> Sequence[FolderTemplate]:
    """The firm's folder templates, by name."""
    query = TemplateRow.of(ctx).order_by(TemplateRow.name_key, TemplateRow.id)
    return [_template(row) for row in query]


def templates_for_new(ctx: Context) -> Sequence[FolderTemplate]:
    """Those that each new account gets by itself, by name."""
    query = TemplateRow.of(ctx).where(TemplateRow.for_new)
    return [_template(row) for row in query.order_by(TemplateRow.name_key, TemplateRow.id)]


def template_of(ctx: Context, public_id: str) -> FolderTemplate:
    """The template with this public id, or `NotFound`."""
    row = TemplateRow.of(ctx).where(TemplateRow.public_id == public_id).first()
    if row is None:
        raise NotFound
    return _template(row)


def is_taken(ctx: Context, name: str, but: FolderTemplate | None) -> bool:
    """Whether another template is called so."""
    query = TemplateRow.of(ctx).where(TemplateRow.name_key == folded(name))
    if but is not None:
        query = query.where(TemplateRow.id != but.id)
    return bool(query.exists())


def add_template(ctx: Context, name: str, folders: Sequence[Planned], *, for_new: bool) -> str:
    """Stores a template and answers its public id."""
    public_id = new_public_id()
    values = _values(name, folders, for_new=for_new)
    TemplateRow.insert_into(ctx, public_id=public_id, **values)
    return public_id


def change_template(
    ctx: Context,
    template: FolderTemplate,
    version: int,
    name: str,
    folders: Sequence[Planned],
    *,
    for_new: bool,
) -> bool:
    """Changes a template if it still has this version; answers whether it did."""
    values = _values(name, folders, for_new=for_new)
    change = TemplateRow.change(ctx, version=TemplateRow.version + 1, **values)
    mine = (TemplateRow.id == template.id) & (TemplateRow.version == version)
    return bool(change.where(mine).execute())


def remove_template(ctx: Context, template: FolderTemplate, version: int) -> bool:
    """Removes a template if it still has this version; answers whether it did."""
    mine = (TemplateRow.id == template.id) & (TemplateRow.version == version)
    return bool(TemplateRow.remove(ctx).where(mine).execute())


def _values(name: str, folders: Sequence[Planned], *, for_new: bool) -> dict[str, Any]:
    written = [[one.access.value, *one.path] for one in folders]
    return {
        "name": name,
        "name_key": folded(name),
        "for_new": for_new,
        "folders": json.dumps(written, ensure_ascii=False),
    }


def _template(row: Any) -> FolderTemplate:
    written = json.loads(row.folders)
    folders = [Planned(access=Access(access), path=tuple(path)) for access, *path in written]
    return FolderTemplate(
        id=row.id,
        public_id=row.public_id,
        name=row.name,
        for_new=row.for_new,
        folders=folders,
        version=row.version,
    )
