"""Facts that the history of a firm tells: each has a name in the past tense and a title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from crm_core.words import Words, _

if TYPE_CHECKING:
    from collections.abc import Mapping


@frozen(kw_only=True)
class Event:
    """A kind of fact. `name` is `plugin.something_happened`; `title` is what the history says.

    `parts` says in words what the parts of its before and after are: `{"author": _("author")}`,
    and `values` what the values of a part are called: `{"state": {"open": _("open")}}`.
    """

    name: str
    title: Words
    parts: Mapping[str, Words] = field(factory=dict, hash=False)
    values: Mapping[str, Mapping[str, Words]] = field(factory=dict, hash=False)


_ADDRESS = {"address": _("address")}
_MEMBER = {"member": _("colleague")}
_ROLE = {"role": _("role")}
_TAG = {"tag": _("tag"), "colour": _("colour"), "accounts": _("clients")}
_PHOTO = {"photo": _("photo")}
_LOGO = {"logo": _("logo")}
_FIELD = {
    "field": _("field"),
    "help": _("help"),
    "required": _("required"),
    "choices": _("choices"),
    "of": _("whose field"),
    "type": _("type"),
    "place": _("place"),
}
_POSTAL = {
    "street": _("street"),
    "postcode": _("postcode"),
    "city": _("city"),
    "region": _("region"),
    "country": _("country"),
}


ACCOUNT_CREATED = Event(
    name="accounts.account_created",
    title=_("Client added"),
    parts={"name": _("name"), "number": _("number")},
)
ACCOUNT_CHANGED = Event(
    name="accounts.account_changed",
    title=_("Account details changed"),
    parts=_POSTAL | {"type": _("type"), "name": _("name"), "company_name": _("company name")},
)
ACCOUNT_ARCHIVED = Event(name="accounts.account_archived", title=_("Client archived"))
ACCOUNT_BROUGHT_BACK = Event(name="accounts.account_brought_back", title=_("Client brought back"))
ACCOUNT_TAKEN = Event(
    name="accounts.account_taken",
    title=_("Everything of a client taken along"),
    parts={"rows": _("rows"), "files": _("files")},
)
ACCOUNT_DELETED = Event(
    name="accounts.account_deleted",
    title=_("Client deleted"),
    parts={"name": _("name"), "number": _("number")},
)
TAGS_CHANGED = Event(
    name="accounts.tags_changed", title=_("Tags of a client changed"), parts={"tags": _("tags")}
)
PHOTO_CHANGED = Event(name="accounts.photo_changed", title=_("Photo changed"), parts=_PHOTO)
PHOTO_REMOVED = Event(name="accounts.photo_removed", title=_("Photo removed"), parts=_PHOTO)
CONTACT_LINKED = Event(name="accounts.contact_linked", title=_("Contact linked"))
CONTACT_UNLINKED = Event(name="accounts.contact_unlinked", title=_("Contact unlinked"))
LINK_DESCRIBED = Event(
    name="accounts.link_described",
    title=_("Description of a contact changed"),
    parts={"description": _("description")},
)
ADDRESS_SETTINGS_CHANGED = Event(
    name="accounts.address_settings_changed",
    title=_("Settings of e-mail addresses changed"),
    parts={"on": _("on"), "off": _("off")},
)
CLIENT_INVITED = Event(
    name="portal.client_invited", title=_("Invited to the portal"), parts=_ADDRESS
)
CLIENT_INVITATION_WITHDRAWN = Event(
    name="portal.invitation_withdrawn",
    title=_("Invitation to the portal withdrawn"),
    parts=_ADDRESS,
)
CLIENT_JOINED = Event(
    name="portal.client_joined", title=_("Portal access activated"), parts=_ADDRESS
)
ACTION_LINK_USED = Event(
    name="portal.action_link_used",
    title=_("Link in a mail used"),
    parts=_ADDRESS | {"action": _("action")},
)
CLIENT_CAME_IN = Event(
    name="portal.client_came_in",
    title=_("Client signed in to the portal"),
    parts={"accounts": _("clients")},
)
MEMBER_CAME_IN = Event(name="team.member_came_in", title=_("Colleague signed in"))
PORTAL_SEEN_AS_CLIENT = Event(
    name="portal.seen_as_client",
    title=_("Looked at the portal as a client"),
    parts=_ADDRESS,
)
CONTACT_CREATED = Event(
    name="contacts.contact_created", title=_("Contact added"), parts={"name": _("name")}
)
CONTACT_CHANGED = Event(
    name="contacts.contact_changed",
    title=_("Contact changed"),
    parts=_POSTAL
    | {
        "first_name": _("first name"),
        "middle_name": _("middle name"),
        "last_name": _("last name"),
        "company": _("company"),
        "phone": _("phone"),
        "emails": _("e-mail addresses"),
    },
)
CONTACTS_IMPORTED = Event(
    name="contacts.contacts_imported",
    title=_("Contacts imported"),
    parts={
        "file": _("file"),
        "contacts": _("contacts"),
        "known": _("known already"),
        "accounts": _("clients"),
        "links": _("links"),
    },
)
FIELD_ADDED = Event(name="fields.field_added", title=_("Custom field added"), parts=_FIELD)
FIELD_CHANGED = Event(name="fields.field_changed", title=_("Custom field changed"), parts=_FIELD)
FIELD_MOVED = Event(name="fields.field_moved", title=_("Custom field moved"), parts=_FIELD)
FIELD_ARCHIVED = Event(name="fields.field_archived", title=_("Custom field archived"), parts=_FIELD)
FIELD_BROUGHT_BACK = Event(
    name="fields.field_brought_back", title=_("Custom field brought back"), parts=_FIELD
)
FIELD_RETYPED = Event(
    name="fields.field_retyped",
    title=_("Type of a custom field changed"),
    parts=_FIELD | {"converted": _("converted"), "kept": _("kept as they were")},
)
FIELDS_FILLED = Event(name="fields.fields_filled", title=_("Custom fields filled in"))
ACCOUNT_ROLE_ADDED = Event(
    name="accounts.account_role_added", title=_("Role on clients added"), parts=_ROLE
)
ACCOUNT_ROLE_CHANGED = Event(
    name="accounts.account_role_changed", title=_("Role on clients renamed"), parts=_ROLE
)
ACCOUNT_ROLE_REMOVED = Event(
    name="accounts.account_role_removed", title=_("Role on clients removed"), parts=_ROLE
)
ROLE_HOLDERS_CHANGED = Event(
    name="accounts.role_holders_changed",
    title=_("Roles on a client changed"),
    parts={"roles": _("roles")},
)
TAG_CREATED = Event(name="tags.tag_created", title=_("Tag made"), parts=_TAG)
TAG_CHANGED = Event(name="tags.tag_changed", title=_("Tag changed"), parts=_TAG)
TAGS_MERGED = Event(name="tags.tags_merged", title=_("Tags merged"), parts=_TAG)
TAG_DELETED = Event(name="tags.tag_deleted", title=_("Tag deleted"), parts=_TAG)
MEMBER_INVITED = Event(
    name="team.member_invited", title=_("Colleague invited"), parts=_ADDRESS | _ROLE
)
INVITATION_WITHDRAWN = Event(
    name="team.invitation_withdrawn", title=_("Invitation withdrawn"), parts=_ADDRESS
)
MEMBER_JOINED = Event(
    name="team.member_joined", title=_("Colleague joined"), parts=_MEMBER | _ADDRESS | _ROLE
)
MEMBER_CHANGED = Event(
    name="team.member_changed",
    title=_("Colleague's details changed"),
    parts=_MEMBER | {"name": _("name"), "joins_new_accounts": _("gets every new client")},
)
MEMBER_DEACTIVATED = Event(
    name="team.member_deactivated", title=_("Colleague deactivated"), parts=_MEMBER
)
MEMBER_REACTIVATED = Event(
    name="team.member_reactivated", title=_("Colleague reactivated"), parts=_MEMBER
)
ROLE_CHANGED = Event(name="team.role_changed", title=_("Role changed"), parts=_MEMBER | _ROLE)
OWNERSHIP_HANDED_OVER = Event(
    name="team.ownership_handed_over", title=_("Ownership handed over"), parts={"owner": _("owner")}
)
RIGHTS_CHANGED = Event(
    name="team.rights_changed", title=_("Rights changed"), parts=_MEMBER | {"rights": _("rights")}
)
ACCESS_CHANGED = Event(
    name="team.access_changed", title=_("Access to a client changed"), parts={"team": _("team")}
)
ACCESS_REQUESTED = Event(name="team.access_requested", title=_("Access requested"), parts=_MEMBER)
ACCESS_GRANTED = Event(
    name="team.access_granted", title=_("Requested access granted"), parts=_MEMBER
)
ACCESS_REFUSED = Event(
    name="team.access_refused", title=_("Requested access refused"), parts=_MEMBER
)
FIRM_CHANGED = Event(
    name="firm.firm_changed",
    title=_("Firm settings changed"),
    parts=_POSTAL
    | {
        "name": _("name"),
        "zone": _("time zone"),
        "currency": _("currency"),
        "language": _("language"),
        "accent": _("colour"),
        "reply_to": _("answers to mails"),
        "demands_second_factor": _("second factor demanded"),
        "clients_need_second_factor": _("second factor demanded of clients"),
        "allows_action_links": _("links in mails act without signing in"),
    },
)
LOGO_CHANGED = Event(name="firm.logo_changed", title=_("Logo changed"), parts=_LOGO)
LOGO_REMOVED = Event(name="firm.logo_removed", title=_("Logo removed"), parts=_LOGO)
MODULES_CHANGED = Event(
    name="firm.modules_changed",
    title=_("Modules changed"),
    parts={"switched_off": _("switched off")},
)
EDITION_CHANGED = Event(
    name="firm.edition_changed", title=_("Edition changed"), parts={"edition": _("edition")}
)
WORK_RETRIED = Event(
    name="outbox.work_retried", title=_("Background work tried again"), parts={"work": _("work")}
)
WORK_GIVEN_UP = Event(
    name="outbox.work_given_up", title=_("Background work given up"), parts={"work": _("work")}
)

MAIL_SENT_AGAIN = Event(
    name="mail.sent_again",
    title=_("Mail sent again"),
    parts=_ADDRESS | {"mail": _("mail")},
)
NOTIFICATIONS_CHANGED = Event(
    name="accounts.notifications_changed",
    title=_("Notification preferences changed"),
    parts=_ADDRESS | {"on": _("on"), "off": _("off")},
)
CARDS_ARRANGED = Event(
    name="firm.cards_arranged",
    title=_("Cards arranged for everybody"),
    parts={"page": _("page"), "cards": _("cards"), "hidden": _("left out")},
)

FILE_REFUSED = Event(
    name="files.file_refused",
    title=_("File refused: something harmful was found"),
    parts={"file": _("file"), "found": _("found")},
)

CORE_EVENTS = tuple(value for value in dict(vars()).values() if isinstance(value, Event))
