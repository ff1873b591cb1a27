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
CONTACT_LINKED = Event(name="accounts.contact_linked", title=_("Contact linked"))
CONTACT_UNLINKED = Event(name="accounts.contact_unlinked", title=_("Contact unlinked"))
CONTACTS_IMPORTED = Event(name="contacts.contacts_imported", title=_("Contacts imported"))
FIELD_ADDED = Event(name="fields.field_added", title=_("Custom field added"))
FIELD_CHANGED = Event(name="fields.field_changed", title=_("Custom field changed"))
FIELD_MOVED = Event(name="fields.field_moved", title=_("Custom field moved"))
FIELD_ARCHIVED = Event(name="fields.field_archived", title=_("Custom field archived"))
FIELD_BROUGHT_BACK = Event(name="fields.field_brought_back", title=_("Custom field brought back"))
FIELD_RETYPED = Event(name="fields.field_retyped", title=_("Type of a custom field changed"))
FIELDS_FILLED = Event(name="fields.fields_filled", title=_("Custom fields filled in"))
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
