"""The pages of documents: those of the team, and those of the portal, which show the same."""

from __future__ import annotations

from typing import Any

from crm_core import Menu, Route, Scope, Tab
from plugins.documents import (
    archives,
    folder_views,
    preview_views,
    request_views,
    rights,
    template_views,
    views,
)
from plugins.documents.forms import (
    ChosenTemplate,
    Confirm,
    EditedFolder,
    EditedTemplate,
    EditedTopFolder,
    Move,
    NewFolder,
    NewRequest,
    NewTemplate,
    NewTopFolder,
    Rename,
    Upload,
)
from plugins.documents.words import _


def _of_both(name: str, path: str, change: bool, **more: Any) -> tuple[Route, Route]:
    """A page of the team, and the same in the portal. One that changes something needs a right."""
    of_team = rights.CHANGE if change else rights.READ
    return (
        Route(name=name, path=path, scope=Scope.ACCOUNT, needs=of_team, **more),
        Route(
            name=f"portal_{name}",
            path=path,
            scope=Scope.PORTAL,
            needs=rights.IN_PORTAL,
            **more,
        ),
    )


_BOTH = (
    _of_both("folder", "folders/<folder>", False, view=folder_views.folder, query=("after",)),
    _of_both(
        "archive",
        "folders/<folder>/archive",
        False,
        view=archives.folder_archive,
        opened=archives.note_archive,
    ),
    _of_both(
        "upload",
        "folders/<folder>/upload",
        True,
        view=folder_views.ask_for_files,
        form=Upload,
        submit=folder_views.put_files,
    ),
    _of_both(
        "new_folder",
        "folders/<folder>/new",
        True,
        view=folder_views.ask_for_folder,
        form=NewFolder,
        submit=folder_views.add_folder,
    ),
    _of_both(
        "edit_folder",
        "folders/<folder>/edit",
        True,
        view=folder_views.ask_for_folder_name,
        form=EditedFolder,
        submit=folder_views.save_folder,
    ),
    _of_both(
        "move_folder",
        "folders/<folder>/move",
        True,
        view=folder_views.ask_for_folder_place,
        form=Move,
        submit=folder_views.move_folder,
    ),
    _of_both(
        "chosen",
        "folders/<folder>/chosen",
        False,
        view=archives.chosen_archive,
        opened=archives.note_chosen,
        query=("document",),
    ),
    _of_both("document", "<document>", False, view=views.document, opened=views.note_viewed),
    _of_both(
        "download",
        "<document>/download",
        False,
        view=views.download,
        opened=views.note_downloaded,
        query=("number",),
    ),
    _of_both("preview", "<document>/preview", False, view=preview_views.preview),
    _of_both("page", "<document>/pages/<number>/<place>", False, view=preview_views.page),
    _of_both(
        "rename",
        "<document>/rename",
        True,
        view=views.ask_for_name,
        form=Rename,
        submit=views.rename,
    ),
    _of_both(
        "move", "<document>/move", True, view=views.ask_for_place, form=Move, submit=views.move
    ),
    _of_both(
        "delete",
        "<document>/delete",
        True,
        view=views.confirm_deletion,
        form=Confirm,
        submit=views.delete,
    ),
)

_TEAM_ALONE = (
    Route(
        name="all",
        scope=Scope.ACCOUNT,
        needs=rights.READ,
        view=folder_views.all_folders,
        query=("find",),
        tab=Tab(title=_("Documents"), order=10),
    ),
    Route(
        name="new_top",
        path="new",
        scope=Scope.ACCOUNT,
        needs=rights.MANAGE,
        view=folder_views.ask_for_top_folder,
        form=NewTopFolder,
        submit=folder_views.add_top_folder,
    ),
    Route(
        name="edit_top",
        path="folders/<folder>/access",
        scope=Scope.ACCOUNT,
        needs=rights.MANAGE,
        view=folder_views.ask_for_top_folder_change,
        form=EditedTopFolder,
        submit=folder_views.save_top_folder,
    ),
    Route(
        name="delete_folder",
        path="folders/<folder>/delete",
        scope=Scope.ACCOUNT,
        needs=rights.CHANGE,
        view=folder_views.confirm_folder_deletion,
        form=Confirm,
        submit=folder_views.delete_folder,
    ),
    Route(
        name="trash",
        path="trash",
        scope=Scope.ACCOUNT,
        needs=rights.READ,
        view=views.trash,
        query=("after",),
    ),
    Route(
        name="seal",
        path="<document>/seal",
        scope=Scope.ACCOUNT,
        needs=rights.CHANGE,
        submit=views.seal,
    ),
    Route(
        name="unseal",
        path="<document>/unseal",
        scope=Scope.ACCOUNT,
        needs=rights.CHANGE,
        submit=views.unseal,
    ),
    Route(
        name="restore",
        path="<document>/restore",
        scope=Scope.ACCOUNT,
        needs=rights.CHANGE,
        submit=views.restore,
    ),
    Route(
        name="purge",
        path="<document>/purge",
        scope=Scope.ACCOUNT,
        needs=rights.MANAGE,
        view=views.confirm_purge,
        form=Confirm,
        submit=views.purge,
    ),
)

_REQUESTS = (
    Route(
        name="requests",
        path="requests",
        scope=Scope.ACCOUNT,
        needs=rights.READ,
        view=request_views.all_requests,
    ),
    Route(
        name="ask",
        path="requests/new",
        scope=Scope.ACCOUNT,
        needs=rights.CHANGE,
        view=request_views.ask_what,
        form=NewRequest,
        submit=request_views.send_request,
    ),
    Route(
        name="close_request",
        path="requests/<request>/close",
        scope=Scope.ACCOUNT,
        needs=rights.CHANGE,
        submit=request_views.close,
    ),
)

_TEMPLATES = (
    Route(
        name="templates",
        path="templates",
        scope=Scope.FIRM,
        needs=rights.MANAGE,
        view=template_views.templates,
        menu=Menu(title=_("Folder templates"), in_settings=True),
    ),
    Route(
        name="templates_new",
        path="templates/new",
        scope=Scope.FIRM,
        needs=rights.MANAGE,
        view=template_views.ask_for_template,
        form=NewTemplate,
        submit=template_views.add_template,
    ),
    Route(
        name="templates_edit",
        path="templates/<template>",
        scope=Scope.FIRM,
        needs=rights.MANAGE,
        view=template_views.ask_for_changes,
        form=EditedTemplate,
        submit=template_views.save_template,
    ),
    Route(
        name="templates_delete",
        path="templates/<template>/delete",
        scope=Scope.FIRM,
        needs=rights.MANAGE,
        view=template_views.confirm_deletion,
        form=Confirm,
        submit=template_views.delete_template,
    ),
    Route(
        name="apply_template",
        path="template",
        scope=Scope.ACCOUNT,
        needs=rights.MANAGE,
        view=template_views.ask_which,
        form=ChosenTemplate,
        submit=template_views.apply_template,
    ),
)

OF_TEAM = (*_TEMPLATES, *_REQUESTS, *_TEAM_ALONE, *(team for team, _portal in _BOTH))
IN_PORTAL = (
    Route(
        name="portal",
        scope=Scope.PORTAL,
        needs=rights.IN_PORTAL,
        view=folder_views.all_folders,
        query=("find",),
        menu=Menu(title=_("Documents"), order=10),
    ),
    Route(
        name="portal_request",
        path="requests/<request>",
        scope=Scope.PORTAL,
        needs=rights.IN_PORTAL,
        view=request_views.what_is_asked,
        form=Upload,
        submit=request_views.take,
        by_link=True,
    ),
    *(portal for _team, portal in _BOTH),
)
