"""What people do with approvals. Each asks for the right itself, whoever calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import NotAllowed, NotFound, Refused, demand, reminders
from crm_core.address_settings import contacts_with_login
from crm_core.clients import contact_keys_of_client
from crm_core.links import linked_contacts
from plugins.approvals import events, saving, store, telling
from plugins.approvals.forms import Said
from plugins.approvals.rights import ANSWER, ASK
from plugins.approvals.values import Approval, Outcome, Who, Why
from plugins.approvals.words import _
from plugins.documents import api as documents

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm_core import Context
    from crm_core.accounts import Account
    from plugins.approvals.forms import NewAnswer, NewApproval
    from plugins.documents.api import Document


def ask_for_approval(ctx: Context, account: Account, wanted: NewApproval) -> str:
    """Asks the account's clients whether a document is right; answers the question's public id.

    Refuses a document that they cannot see or open, and one that is being asked about.
    """
    demand(ctx, ASK)
    document = _document_to_ask_about(ctx, account, wanted.document)
    before = store.current_of(ctx, document.id)
    if before is not None and before.pending:
        raise Refused(_("Clients are being asked about this document already."), at="document")
    able = {one.id: one.name for one in linked_contacts(ctx, account)}
    able = {key: able[key] for key in contacts_with_login(ctx, account) if key in able}
    if not able:
        raise Refused(
            _("No address of this client has LOGIN, so nobody could answer. Switch it on first.")
        )
    public_id = saving.add_approval(
        ctx,
        account.id,
        document.id,
        document.number,
        who=wanted.who,
        note=wanted.note.strip(),
        asked_of=able if wanted.who is Who.ALL else {},
    )
    documents.record(ctx, events.ASKED, document, version=document.number, who=wanted.who)
    telling.ask_clients(ctx, account, public_id, document, wanted.remind.days)
    return public_id


def give_answer(ctx: Context, account: Account, public_id: str, value: NewAnswer) -> Approval:
    """Says for the client whether the document is right; answers how far it is by then.

    One who disapproves decides; to approve it takes one, or all who were asked.
    """
    demand(ctx, ANSWER)
    approval = store.locked(ctx, store.approval_of(ctx, account.id, public_id))
    document = documents.document_of_key(ctx, account, approval.document_id)
    demand_open(approval)
    if document.shut:
        raise NotAllowed(_("This document cannot be opened yet."))
    reason = value.reason.strip()
    if value.said is Said.NO and not reason:
        raise Refused(_("Say what is wrong with it, so that it can be put right."), at="reason")
    for contact_id, name in _answering(ctx, account, approval).items():
        approved = value.said is Said.YES
        saving.put_answer(ctx, approval, contact_id, name, approved=approved, reason=reason)
    _settle(ctx, account, store.locked(ctx, approval), document)
    return store.locked(ctx, approval)


def withdraw(ctx: Context, account: Account, public_id: str) -> None:
    """Takes a question back: nobody can answer it any more."""
    demand(ctx, ASK)
    approval = store.locked(ctx, store.approval_of(ctx, account.id, public_id))
    demand_open(approval)
    take_back(ctx, account, approval, Why.BY_HAND)


def take_back(ctx: Context, account: Account, approval: Approval, why: Why) -> None:
    """Ends a question that nobody decided; those who follow it are told where nobody meant to."""
    if not saving.decide(ctx, approval, Outcome.WITHDRAWN, why):
        return
    telling.ask_no_more(ctx, account, approval)
    try:
        document = documents.document_of_key(ctx, account, approval.document_id)
    except NotFound:  # a client deleted it, or may see it no more
        return
    documents.record(ctx, events.WITHDRAWN, document, version=approval.number)
    if why in (Why.NOBODY_LEFT, Why.NEW_VERSION):
        what = _("The approval of {name} is no longer asked.", name=document.name)
        telling.tell_team(ctx, account, approval, what)


def remind(ctx: Context, account: Account, public_id: str) -> None:
    """Mails the question again, at once."""
    demand(ctx, ASK)
    approval = store.approval_of(ctx, account.id, public_id)
    demand_open(approval)
    document = documents.document_of_key(ctx, account, approval.document_id)
    key = telling.reminder_of(public_id)
    if reminders.reminders_of(ctx, [key]):
        reminders.remind_now(ctx, key)
    else:
        telling.remind_once(ctx, account, public_id, document)
    documents.record(ctx, events.REMINDED, document, version=approval.number)


def ask_fewer(ctx: Context, account: Account, approval: Approval) -> None:
    """Asks those no more who can no longer sign in: what the others said may decide then."""
    able = contacts_with_login(ctx, account)
    if approval.who is Who.ANY:
        if not able:
            take_back(ctx, account, approval, Why.NOBODY_LEFT)
        return
    gone = {one.contact_id for one in approval.answers if one.approved is None} - set(able)
    if not gone:
        return
    saving.drop_unanswered(ctx, approval, gone)
    document = documents.document_of_key(ctx, account, approval.document_id)
    _settle(ctx, account, store.locked(ctx, approval), document)


def demand_open(approval: Approval) -> None:
    """Refuses what needs an answer that is still missing."""
    if approval.outcome is Outcome.WITHDRAWN:
        raise Refused(_("This is no longer asked."))
    if not approval.pending:
        raise Refused(_("This was answered already."))


def _document_to_ask_about(ctx: Context, account: Account, public_id: str) -> Document:
    try:
        document = documents.document_of(ctx, account, public_id)
    except NotFound:
        raise Refused(_("Choose one of these documents."), at="document") from None
    if document.trashed is not None:
        raise Refused(_("This document is in the trash. Bring it back first."), at="document")
    if document.access is documents.Access.PRIVATE:
        raise Refused(
            _("Clients do not see this document. Move it to a folder that they see."),
            at="document",
        )
    if document.shut:
        raise Refused(
            _("Clients cannot open this document yet, so they cannot approve it."), at="document"
        )
    return document


def _answering(ctx: Context, account: Account, approval: Approval) -> Mapping[int, str]:
    """As which contacts the client answers now, by key, with their names."""
    mine = set(contact_keys_of_client(ctx, account))
    if approval.who is Who.ALL:
        missing = {one.contact_id: one.name for one in approval.answers if one.approved is None}
        found = {key: missing[key] for key in missing if key in mine}
        if not found:
            raise Refused(_("Your answer is not needed any more."))
        return found
    names = {one.id: one.name for one in linked_contacts(ctx, account)}
    found = {key: names[key] for key in sorted(mine) if key in names}
    if not found:
        raise NotFound
    return dict(list(found.items())[:1])


def _settle(ctx: Context, account: Account, approval: Approval, document: Document) -> None:
    """Decides, where what was said is enough."""
    if not approval.answers:
        take_back(ctx, account, approval, Why.NOBODY_LEFT)
        return
    against = next((one for one in approval.given if not one.approved), None)
    if against is None and len(approval.given) < len(approval.answers):
        return
    last = against or max(approval.given, key=lambda one: one.at or approval.asked)
    outcome = Outcome.DISAPPROVED if against else Outcome.APPROVED
    if not saving.decide(ctx, approval, outcome):
        return
    telling.ask_no_more(ctx, account, approval)
    event = events.DISAPPROVED if against else events.APPROVED
    more = {"reason": last.reason} if last.reason else {}
    documents.record(ctx, event, document, version=approval.number, answered_by=last.name, **more)
    who = {"who": last.name, "name": document.name}
    what = (
        _("{who} did not approve {name}: {reason}", **who, reason=last.reason)
        if against
        else _("{who} approved {name}.", **who)
    )
    telling.tell_team(ctx, account, approval, what)
