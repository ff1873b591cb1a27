"""Who may do what, written by hand: the routes do not get to say it themselves.

For each route of a firm: the right that it needs ("everyone" is each member of the firm), and the
object in its path. For what belongs to no firm: whether one has to be signed in, and to have
proved a short while ago who one is.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from attrs import frozen

from tests.pictures import encoded, quarters

if TYPE_CHECKING:
    from collections.abc import Mapping


@frozen
class Rule:
    """What a route needs. `right` is a name, "everyone", "admins" or "owner".

    With `step_up` it wants a recent proof of who one is, too.
    """

    right: str
    object: str = ""
    step_up: bool = False


KEPT = ("saved", "saved_contacts", "entry")
"""What belongs to one member alone."""

EVERYONE = "everyone"
ADMINS = "admins"
OWNER = "owner"

FIRM_ROUTES = {
    "shell.home": Rule(EVERYONE),
    "shell.inbox": Rule(EVERYONE),
    "shell.inbox_preferences": Rule(EVERYONE),
    "shell.inbox_read_all": Rule(EVERYONE),
    "shell.inbox_open": Rule(EVERYONE, "entry"),
    "shell.inbox_read": Rule(EVERYONE, "entry"),
    "shell.inbox_unread": Rule(EVERYONE, "entry"),
    "shell.arrange": Rule(EVERYONE, "page"),
    "shell.arrange_card": Rule(EVERYONE, "card"),
    "shell.arrange_follow": Rule(EVERYONE, "page"),
    "shell.arrange_for_all": Rule("firm.manage", "page"),
    "shell.clients": Rule(EVERYONE),
    "shell.search": Rule(EVERYONE),
    "shell.new_client": Rule("accounts.manage"),
    "shell.clients_keep": Rule(EVERYONE),
    "shell.clients_kept_remove": Rule(EVERYONE, "saved"),
    "shell.request_access": Rule(EVERYONE),
    "shell.overview": Rule(EVERYONE, "account"),
    "shell.info": Rule(EVERYONE, "account"),
    "shell.info_team": Rule("team.assign", "account"),
    "shell.photo": Rule(EVERYONE, "account"),
    "shell.info_photo": Rule("accounts.manage", "account"),
    "shell.info_photo_remove": Rule("accounts.manage", "account"),
    "shell.info_history": Rule("accounts.manage", "account"),
    "shell.info_take": Rule("accounts.manage", "account", step_up=True),
    "shell.info_taken": Rule("accounts.manage", "account", step_up=True),
    "shell.info_edit": Rule("accounts.manage", "account"),
    "shell.info_archive": Rule("accounts.manage", "account"),
    "shell.info_bring_back": Rule("accounts.manage", "account"),
    "shell.info_delete": Rule("accounts.manage", "archived"),
    "shell.info_contact_new": Rule("accounts.manage", "account"),
    "shell.info_contact_link": Rule("accounts.manage", "account"),
    "shell.info_contact": Rule("accounts.manage", "linked"),
    "shell.info_description": Rule("accounts.manage", "linked"),
    "shell.info_unlink": Rule("accounts.manage", "linked"),
    "shell.info_switch": Rule("accounts.manage", "address"),
    "shell.info_invite": Rule("accounts.manage", "invited"),
    "shell.info_withdraw": Rule("accounts.manage", "invited"),
    "shell.info_look": Rule(EVERYONE, "invited"),
    "shell.invite": Rule("accounts.manage"),
    "shell.info_notifications": Rule("accounts.manage", "address"),
    "shell.settings_team": Rule(ADMINS),
    "shell.settings_team_invite": Rule(ADMINS, step_up=True),
    "shell.settings_team_withdraw": Rule(ADMINS, "invitation"),
    "shell.settings_team_colleague": Rule(ADMINS, "member", step_up=True),
    "shell.settings_team_deactivate": Rule(ADMINS, "member"),
    "shell.settings_team_reactivate": Rule(ADMINS, "member", step_up=True),
    "shell.settings_team_hand_over": Rule(OWNER, "member", step_up=True),
    "shell.settings_requests": Rule("team.assign"),
    "shell.settings_requests_grant": Rule("team.assign", "request"),
    "shell.settings_requests_refuse": Rule("team.assign", "request"),
    "shell.settings_tags": Rule("tags.manage"),
    "shell.settings_tags_new": Rule("tags.manage"),
    "shell.settings_tags_tag": Rule("tags.manage", "tag"),
    "shell.settings_tags_merge": Rule("tags.manage", "tag"),
    "shell.settings_tags_delete": Rule("tags.manage", "tag"),
    "shell.settings_fields": Rule("fields.manage"),
    "shell.settings_fields_add": Rule("fields.manage"),
    "shell.settings_fields_edit": Rule("fields.manage", "field"),
    "shell.settings_fields_type": Rule("fields.manage", "field"),
    "shell.settings_fields_up": Rule("fields.manage", "field"),
    "shell.settings_fields_down": Rule("fields.manage", "field"),
    "shell.settings_fields_archive": Rule("fields.manage", "field"),
    "shell.settings_fields_back": Rule("fields.manage", "field"),
    "shell.settings_modules": Rule(ADMINS),
    "shell.settings_modules_switch": Rule(ADMINS, "module"),
    "shell.settings_firm": Rule("firm.manage"),
    "shell.settings_firm_logo": Rule("firm.manage"),
    "shell.settings_firm_logo_remove": Rule("firm.manage"),
    "shell.logo": Rule(EVERYONE),
    "shell.settings_roles": Rule("firm.manage"),
    "shell.settings_roles_role": Rule("firm.manage", "role"),
    "shell.settings_roles_remove": Rule("firm.manage", "role"),
    "shell.settings_security": Rule("firm.manage", step_up=True),
    "shell.settings_history": Rule("history.read"),
    "shell.settings_mails": Rule("firm.manage"),
    "shell.settings_mails_mail": Rule("firm.manage", "mail"),
    "shell.settings_mails_html": Rule("firm.manage", "mail"),
    "shell.settings_mails_again": Rule("firm.manage", "mail"),
    "shell.settings_background": Rule("firm.manage"),
    "shell.settings_background_retry": Rule("firm.manage", "work"),
    "shell.settings_background_give_up": Rule("firm.manage", "work"),
    "shell.contacts": Rule(EVERYONE),
    "shell.contacts_keep": Rule(EVERYONE),
    "shell.contacts_kept_remove": Rule(EVERYONE, "saved_contacts"),
    "shell.contact": Rule(EVERYONE, "contact"),
    "shell.contact_edit": Rule("contacts.manage", "contact"),
    "shell.contact_history": Rule("contacts.manage", "contact"),
    "notes.all": Rule(EVERYONE, "account"),
    "notes.write": Rule(EVERYONE, "account"),
    "notes.edit": Rule("accounts.manage", "note"),
    "notes.pin": Rule("accounts.manage", "note"),
    "notes.unpin": Rule("accounts.manage", "note"),
    "notes.delete": Rule("accounts.manage", "note"),
    "documents.all": Rule(EVERYONE, "account"),
    "documents.trash": Rule(EVERYONE, "account"),
    "documents.requests": Rule(EVERYONE, "account"),
    "documents.ask": Rule(EVERYONE, "account"),
    "documents.close_request": Rule(EVERYONE, "asked"),
    "documents.new_top": Rule("documents.manage", "account"),
    "documents.edit_top": Rule("documents.manage", "top"),
    "documents.templates": Rule("documents.manage"),
    "documents.templates_new": Rule("documents.manage"),
    "documents.templates_edit": Rule("documents.manage", "template"),
    "documents.templates_delete": Rule("documents.manage", "template"),
    "documents.apply_template": Rule("documents.manage", "account"),
    "documents.move_folder": Rule(EVERYONE, "folder"),
    "documents.chosen": Rule(EVERYONE, "folder"),
    "documents.delete_folder": Rule(EVERYONE, "folder"),
    "documents.folder": Rule(EVERYONE, "folder"),
    "documents.archive": Rule(EVERYONE, "folder"),
    "documents.upload": Rule(EVERYONE, "folder"),
    "documents.new_folder": Rule(EVERYONE, "folder"),
    "documents.edit_folder": Rule(EVERYONE, "folder"),
    "documents.document": Rule(EVERYONE, "document"),
    "documents.download": Rule(EVERYONE, "document"),
    "documents.page": Rule(EVERYONE, "drawn"),
    "documents.preview": Rule(EVERYONE, "document"),
    "documents.rename": Rule(EVERYONE, "document"),
    "documents.move": Rule(EVERYONE, "document"),
    "documents.seal": Rule(EVERYONE, "document"),
    "documents.unseal": Rule(EVERYONE, "document"),
    "documents.delete": Rule(EVERYONE, "document"),
    "documents.restore": Rule(EVERYONE, "trashed"),
    "documents.purge": Rule("documents.manage", "trashed"),
    "approvals.all": Rule(EVERYONE, "account"),
    "approvals.ask": Rule(EVERYONE, "account"),
    "approvals.approval": Rule(EVERYONE, "approval"),
    "approvals.remind": Rule(EVERYONE, "approval"),
    "approvals.withdraw": Rule(EVERYONE, "approval"),
    "login_activity.all": Rule(EVERYONE, "account"),
    "login_activity.team": Rule(ADMINS),
    "tasks.all": Rule(EVERYONE, "account"),
    "tasks.board": Rule(EVERYONE, "account"),
    "tasks.several": Rule(EVERYONE, "account"),
    "tasks.several_of_mine": Rule(EVERYONE),
    "tasks.new": Rule(EVERYONE, "account"),
    "tasks.mine": Rule(EVERYONE),
    "tasks.firm_board": Rule(EVERYONE),
    "tasks.new_own": Rule(EVERYONE),
    "tasks.task": Rule(EVERYONE, "task"),
    "tasks.edit": Rule("tasks.manage", "task"),
    "tasks.state": Rule("tasks.manage", "task"),
    "tasks.tick": Rule("tasks.manage", "step"),
    "tasks.delete": Rule("tasks.manage", "task"),
}
"""Note and task in the matrix are a colleague's: one's own may be edited by everyone."""

PORTAL_ROUTES = {
    "shell.portal": "account",
    "shell.portal_logo": "account",
    "shell.portal_details": "account",
    "shell.portal_details_edit": "own contact",
    "shell.portal_mails": "account",
    "shell.portal_photo": "account",
    "shell.portal_photo_edit": "account",
    "shell.portal_photo_remove": "account",
    "documents.portal": "account",
    "documents.portal_request": "asked",
    "documents.portal_folder": "folder",
    "documents.portal_archive": "folder",
    "documents.portal_chosen": "folder",
    "documents.portal_move_folder": "folder",
    "documents.portal_upload": "folder",
    "documents.portal_new_folder": "folder",
    "documents.portal_edit_folder": "folder",
    "documents.portal_document": "document",
    "documents.portal_download": "document",
    "documents.portal_page": "drawn",
    "documents.portal_preview": "document",
    "documents.portal_rename": "document",
    "documents.portal_move": "document",
    "documents.portal_delete": "document",
    "approvals.portal": "account",
    "approvals.portal_answer": "approval",
}
"""For each route of the portal: what stands in its path. Clients of the account may open it."""

DOORS = {
    "start": "public",
    "firm_start": "public",
    "health": "public",
    "theme": "public",
    "portal.choose": "signed in",
    "portal.act": "public",
    "portal.welcome": "public",
    "joining.join": "public",
    "joining.accept": "public",
    "uploads.create": "signed in",
    "uploads.upload": "signed in",
    "unsubscribing.ask": "public",
    "unsubscribing.act": "public",
    "security.login": "public",
    "security.logout": "public",
    "signin.code": "public",
    "signin.forgotten": "public",
    "signin.reset": "public",
    "signin.address": "public",
    "signin.link_wanted": "public",
    "signin.link": "public",
    "signin.passkey": "public",
    "signin.passkey_options": "public",
    "signin.code_options": "public",
    "me.security": "signed in",
    "me.sessions": "signed in",
    "me.end_session": "signed in",
    "me.end_others": "signed in",
    "me.confirm": "signed in",
    "me.confirm_options": "signed in",
    "me.passkeys": "signed in",
    "me.add_passkey": "stepped up",
    "me.add_passkey_options": "stepped up",
    "me.remove_passkey": "stepped up",
    "me.language": "signed in",
    "me.password": "signed in",
    "me.address": "stepped up",
    "me.second_factor": "stepped up",
    "me.recovery_codes": "stepped up",
    "me.switch_off": "stepped up",
}

IN_A_WEEK = f"{datetime.now(UTC).date() + timedelta(days=7)}"

FILLED = {
    "shell.new_client": {"type": "individual", "first_name": "Nina", "last_name": "New"},
    "shell.inbox_preferences": {
        "mail_documents_sent": "daily",
        "mail_approvals_answered": "daily",
        "mail_tasks_assigned": "never",
        "mail_tasks_due_soon": "at once",
        "mail_core_contact_changed_by_client": "daily",
        "mail_core_harmful_file": "at once",
    },
    "shell.info_notifications": {"seen": ""},
    "shell.info_team": {"version": "1"},
    "shell.info_photo": {"file": "photo.png", "crop": "0,0,20", "version": "1"},
    "shell.settings_fields_add": {"owner": "contact", "type": "date", "label": "Date of birth"},
    "shell.settings_fields_edit": {"label": "Renamed", "version": "1"},
    "shell.settings_fields_type": {"to": "long_text", "sure": "1", "version": "1"},
    "shell.settings_team_invite": {
        "name": "Iris",
        "address": "iris@x.example",
        "role": "employee",
    },
    "shell.settings_team_colleague": {
        "name": "Renamed",
        "role": "employee",
        "rights": ["accounts.manage"],
        "version": "1",
    },
    "shell.settings_team_deactivate": {"sure": "1"},
    "shell.settings_team_hand_over": {"sure": "1"},
    "shell.settings_modules_switch": {"sure": "1"},
    "shell.settings_background_give_up": {"sure": "1"},
    "shell.settings_firm": {
        "name": "Here & Co",
        "zone": "Europe/Amsterdam",
        "currency": "EUR",
        "language": "en",
        "version": "1",
    },
    "shell.settings_firm_logo": {"file": "photo.png", "version": "1"},
    "shell.settings_security": {},
    "shell.info_invite": {"message": "Welcome."},
    "shell.invite": {"message": "Welcome."},
    "shell.portal_details_edit": {"first_name": "Renamed", "version": "1"},
    "shell.portal_mails": {"seen": ""},
    "shell.portal_photo_edit": {"file": "photo.png", "crop": "0,0,20", "version": "1"},
    "shell.settings_roles": {"name": "Reviewer"},
    "shell.settings_roles_role": {"name": "Preparer", "version": "1"},
    "shell.settings_roles_remove": {"sure": "1"},
    "shell.clients_keep": {"name": "VAT"},
    "shell.contacts_keep": {"name": "Without e-mail"},
    "shell.settings_tags_new": {"name": "VAT", "colour": "blue"},
    "shell.settings_tags_tag": {"name": "Payroll", "colour": "green", "version": "1"},
    "shell.settings_tags_merge": {"sure": "1"},
    "shell.settings_tags_delete": {"sure": "1"},
    "shell.contact_edit": {"first_name": "Renamed", "version": "1"},
    "shell.info_edit": {"type": "individual", "name": "Renamed", "version": "1"},
    "shell.info_archive": {"sure": "1"},
    "shell.info_delete": {"name": "Deleted"},
    "shell.info_contact_new": {"first_name": "Nina", "emails": "nina@x.example"},
    "shell.info_contact_link": {},
    "shell.info_contact": {"first_name": "Renamed", "version": "1"},
    "shell.info_description": {"description": "Director", "version": "1"},
    "shell.info_unlink": {"sure": "1"},
    "notes.write": {"text": "Something new"},
    "notes.edit": {"text": "Something else", "version": "1"},
    "notes.delete": {"version": "1"},
    "documents.ask": {
        "what": "Bank statements",
        "until": f"{datetime.now(UTC).date() + timedelta(days=7)}",
    },
    "documents.portal_request": {"files": "photo.png", "same_name": "version"},
    "documents.new_top": {"name": "Payroll", "access": "private"},
    "documents.edit_top": {"name": "Renamed", "access": "private", "version": "1"},
    "documents.templates_new": {"name": "Taxes", "edits": "Taxes/2026"},
    "documents.templates_edit": {"name": "Renamed", "edits": "Taxes/2026", "version": "1"},
    "documents.templates_delete": {"version": "1"},
    "documents.apply_template": {},
    "documents.delete_folder": {"version": "1"},
    "documents.purge": {"version": "2"},
    **{
        f"documents.{side}{name}": filled
        for side in ("", "portal_")
        for name, filled in {
            "upload": {"files": "photo.png", "same_name": "version"},
            "new_folder": {"name": "2026"},
            "edit_folder": {"name": "Renamed", "version": "1"},
            "rename": {"name": "Renamed.pdf", "version": "1"},
            "move": {"folder": "another", "version": "1"},
            "move_folder": {"folder": "another", "version": "1"},
            "delete": {"version": "1"},
        }.items()
    },
    "approvals.ask": {"who": "all", "remind": "7"},
    "approvals.portal_answer": {"said": "yes"},
    "tasks.new": {"name": "Call", "state": "planned", "priority": "normal"},
    "tasks.new_own": {"name": "Call", "state": "planned", "priority": "normal"},
    "tasks.edit": {"name": "Renamed", "state": "planned", "priority": "high", "version": "1"},
    "tasks.several": {"state": "waiting"},
    "tasks.several_of_mine": {"state": "waiting"},
    "tasks.delete": {"version": "1"},
}
"""For each route with a form: what a person would send. Routes without a form send nothing.

A field for a file names one of the `FILES`.
"""

FILES = {"photo.png": encoded(quarters(40, 40))}


def with_files(texts: Mapping[str, Any]) -> dict[str, Any]:
    """What a person would send, with the files themselves where their names stand."""
    return {
        name: (BytesIO(FILES[text]), text) if isinstance(text, str) and text in FILES else text
        for name, text in texts.items()
    }
