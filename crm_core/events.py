"""Facts that the history of a firm tells: each has a name in the past tense and a title."""

from __future__ import annotations

from attrs import frozen

from crm_core.words import Words, _


@frozen(kw_only=True)
class Event:
    """A kind of fact. `name` is `plugin.something_happened`; `title` is what the history says."""

    name: str
    title: Words


ACCOUNT_CREATED = Event(name="accounts.account_created", title=_("Client added"))
ACCOUNT_CHANGED = Event(name="accounts.account_changed", title=_("Account details changed"))
ACCOUNT_ARCHIVED = Event(name="accounts.account_archived", title=_("Client archived"))
ACCOUNT_BROUGHT_BACK = Event(name="accounts.account_brought_back", title=_("Client brought back"))
ACCOUNT_DELETED = Event(name="accounts.account_deleted", title=_("Client deleted"))
TAGS_CHANGED = Event(name="accounts.tags_changed", title=_("Tags of a client changed"))
PHOTO_CHANGED = Event(name="accounts.photo_changed", title=_("Photo changed"))
PHOTO_REMOVED = Event(name="accounts.photo_removed", title=_("Photo removed"))
CONTACT_LINKED = Event(name="accounts.contact_linked", title=_("Contact linked"))
CONTACT_UNLINKED = Event(name="accounts.contact_unlinked", title=_("Contact unlinked"))
LINK_DESCRIBED = Event(name="accounts.link_described", title=_("Description of a contact changed"))
ADDRESS_SETTINGS_CHANGED = Event(
    name="accounts.address_settings_changed", title=_("Settings of e-mail addresses changed")
)
CONTACT_CREATED = Event(name="contacts.contact_created", title=_("Contact added"))
CONTACT_CHANGED = Event(name="contacts.contact_changed", title=_("Contact changed"))
CONTACTS_IMPORTED = Event(name="contacts.contacts_imported", title=_("Contacts imported"))
TAG_CREATED = Event(name="tags.tag_created", title=_("Tag made"))
TAG_CHANGED = Event(name="tags.tag_changed", title=_("Tag changed"))
TAGS_MERGED = Event(name="tags.tags_merged", title=_("Tags merged"))
TAG_DELETED = Event(name="tags.tag_deleted", title=_("Tag deleted"))
MEMBER_INVITED = Event(name="team.member_invited", title=_("Colleague invited"))
INVITATION_WITHDRAWN = Event(name="team.invitation_withdrawn", title=_("Invitation withdrawn"))
MEMBER_JOINED = Event(name="team.member_joined", title=_("Colleague joined"))
MEMBER_CHANGED = Event(name="team.member_changed", title=_("Colleague's details changed"))
MEMBER_DEACTIVATED = Event(name="team.member_deactivated", title=_("Colleague deactivated"))
MEMBER_REACTIVATED = Event(name="team.member_reactivated", title=_("Colleague reactivated"))
ROLE_CHANGED = Event(name="team.role_changed", title=_("Role changed"))
OWNERSHIP_HANDED_OVER = Event(name="team.ownership_handed_over", title=_("Ownership handed over"))
RIGHTS_CHANGED = Event(name="team.rights_changed", title=_("Rights changed"))
ACCESS_CHANGED = Event(name="team.access_changed", title=_("Access to a client changed"))
ACCESS_REQUESTED = Event(name="team.access_requested", title=_("Access requested"))
ACCESS_GRANTED = Event(name="team.access_granted", title=_("Requested access granted"))
ACCESS_REFUSED = Event(name="team.access_refused", title=_("Requested access refused"))
FIRM_CHANGED = Event(name="firm.firm_changed", title=_("Firm settings changed"))
MODULES_CHANGED = Event(name="firm.modules_changed", title=_("Modules changed"))
EDITION_CHANGED = Event(name="firm.edition_changed", title=_("Edition changed"))

CORE_EVENTS = tuple(value for value in dict(vars()).values() if isinstance(value, Event))
