"""Writing the tables of approvals; reading them is the store's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.store import new_public_id
from plugins.approvals.rows import AnswerRow, ApprovalRow
from plugins.approvals.values import Outcome, Why

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from crm_core import Context
    from plugins.approvals.values import Approval, Who


def add_approval(
    ctx: Context,
    account_id: int,
    document_id: int,
    number: int,
    *,
    who: Who,
    note: str,
    asked_of: Mapping[int, str],
) -> str:
    """Stores a question of the viewer's, the last word on its document from now on.

    `asked_of` are the contacts who all have to answer, by key, with their names. Answers its
    public id.
    """
    outdate(ctx, document_id)
    public_id = new_public_id()
    row = ApprovalRow.adding(
        ctx,
        public_id=public_id,
        account_id=account_id,
        document_id=document_id,
        number=number,
        who=who,
        note=note,
        outcome=Outcome.PENDING,
        asked=ctx.now,
        asked_by=ctx.viewer.name,
        asked_by_id=ctx.viewer.member_id,
    ).returning(ApprovalRow.id)
    ((approval_id,),) = row.tuples().execute()
    AnswerRow.insert_all(
        ctx,
        (AnswerRow.approval_id, AnswerRow.whose, AnswerRow.name),
        ((approval_id, contact_id, name) for contact_id, name in asked_of.items()),
    )
    return public_id


def put_answer(
    ctx: Context, approval: Approval, contact_id: int, name: str, *, approved: bool, reason: str
) -> None:
    """Stores what a contact said, in the place of the answer that is still missing."""
    values = {"name": name, "approved": approved, "reason": reason, "at": ctx.now}
    AnswerRow.adding(ctx, approval_id=approval.id, whose=contact_id, **values).on_conflict(
        conflict_target=[AnswerRow.firm_id, AnswerRow.approval_id, AnswerRow.whose],
        update=values,
    ).execute()


def drop_unanswered(ctx: Context, approval: Approval, contacts: Collection[int]) -> None:
    """Asks these contacts no more, unless they have answered."""
    AnswerRow.remove(ctx).where(
        (AnswerRow.approval_id == approval.id)
        & AnswerRow.whose.in_(sorted(contacts))
        & AnswerRow.approved.is_null()
    ).execute()


def decide(ctx: Context, approval: Approval, outcome: Outcome, why: Why | None = None) -> bool:
    """Ends a question that is pending; answers whether it was."""
    change = ApprovalRow.change(ctx, outcome=outcome, why=why or "", decided=ctx.now)
    if outcome is Outcome.WITHDRAWN:
        change = ApprovalRow.change(
            ctx, outcome=outcome, why=why or "", decided=ctx.now, current=False
        )
    mine = (ApprovalRow.id == approval.id) & (ApprovalRow.outcome == Outcome.PENDING)
    return bool(change.where(mine).execute())


def outdate(ctx: Context, document_id: int) -> None:
    """Notes that what was said of a document is not the last word any more."""
    ApprovalRow.change(ctx, current=False).where(
        (ApprovalRow.document_id == document_id) & ApprovalRow.current
    ).execute()
