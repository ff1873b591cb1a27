"""Asking for approvals, and answering, for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.address_settings import addresses_of_account, save_settings
from plugins.approvals import actions, saving, store
from plugins.approvals.forms import NewAnswer, NewApproval, Remind, Said
from plugins.approvals.values import Who
from plugins.documents import api as documents
from tests.plugins.documents.making import a_document
from tests.plugins.documents.people import ANNA

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.context import Context
    from plugins.approvals.values import Approval
    from tests.plugins.documents.people import Practice

YES = NewAnswer(said=Said.YES)
NO = NewAnswer(said=Said.NO, reason="The total is wrong.")


def an_approval(
    ctx: Context,
    account: Account,
    document: str = "",
    who: Who = Who.ANY,
    remind: Remind = Remind.NEVER,
) -> str:
    """The public id of a question about a document of its own, or about this one."""
    document = document or a_document(ctx, account)
    wanted = NewApproval(document=document, who=who, note="See page 2.", remind=remind)
    return actions.ask_for_approval(ctx, account, wanted)


def a_question(ctx: Context, account: Account) -> str:
    """The same, where it does not matter whether anybody could answer."""
    document = documents.document_of(ctx, account, a_document(ctx, account))
    return saving.add_approval(
        ctx, account.id, document.id, document.number, who=Who.ANY, note="", asked_of={}
    )


def ask(practice: Practice, document: str, who: Who = Who.ANY) -> str:
    """Asks about this document as the owner; its public id."""
    with practice.as_owner() as ctx:
        return an_approval(ctx, practice.account, document, who)


def say(practice: Practice, approval: str, value: NewAnswer = YES, who: str = ANNA) -> Approval:
    """What comes of it where a client says this."""
    with practice.as_client(who) as ctx:
        return actions.give_answer(ctx, practice.account, approval, value)


def seen(practice: Practice, approval: str) -> Approval:
    """The question as it is now."""
    with practice.as_owner() as ctx:
        return store.approval_of(ctx, practice.account.id, approval)


def mail_everybody(practice: Practice) -> None:
    """Switches NOTIFY on for each address of the account."""
    with practice.as_owner() as ctx:
        emails = addresses_of_account(ctx, practice.account)
        save_settings(ctx, practice.account, {"core.notify": dict.fromkeys(emails, True)})


def login(practice: Practice, address: str, *, on: bool) -> None:
    """Switches LOGIN of an address on or off."""
    with practice.as_owner() as ctx:
        emails = addresses_of_account(ctx, practice.account)
        (key,) = (key for key, one in emails.items() if one.address == address)
        save_settings(ctx, practice.account, {"core.login": {key: on}})
