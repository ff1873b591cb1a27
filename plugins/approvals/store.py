"""Reading the tables of approvals; rows stay here, values go out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_core import NotFound
from crm_core.store import compiled
from plugins.approvals.rows import AnswerRow, ApprovalRow
from plugins.approvals.values import Answer, Approval, Listed, Outcome, Who, Why

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from crm_core import Context
    from crm_core.store import Scoped

PENDING = Outcome.PENDING.value


def approval_of(ctx: Context, account_id: int, public_id: str) -> Approval:
    """The approval with this public id on this account, or `NotFound`."""
    mine = (ApprovalRow.account_id == account_id) & (ApprovalRow.public_id == public_id)
    return _one(ctx, ApprovalRow.of(ctx).where(mine))


def locked(ctx: Context, approval: Approval) -> Approval:
    """The approval as it is now; nobody else changes it until the transaction ends."""
    return _one(ctx, ctx.store.locking(ApprovalRow.of(ctx).where(ApprovalRow.id == approval.id)))


def current_of(ctx: Context, document_id: int) -> Approval | None:
    """The last word on a document, where there is one."""
    rows = ApprovalRow.of(ctx).where((ApprovalRow.document_id == document_id) & ApprovalRow.current)
    return next(iter(_approvals(ctx, rows)), None)


def outcomes_of(ctx: Context, document_ids: Sequence[int]) -> Mapping[int, Outcome]:
    """How far these documents are, of which something was asked; in bulk. One query."""
    rows = _outcomes(ctx, list(document_ids))
    return {row.document_id: Outcome(row.outcome) for row in rows}


@compiled
def _outcomes(asked: Scoped, document_ids: Any) -> Any:
    columns = (ApprovalRow.document_id, ApprovalRow.outcome)
    return ApprovalRow.of(asked, *columns).where(
        ApprovalRow.document_id.in_(document_ids) & ApprovalRow.current
    )


def waiting(ctx: Context, account_id: int, count: int) -> Sequence[tuple[datetime, int]]:
    """The documents that wait for an answer, by key, with when it was asked; the last first."""
    return [(row.asked, row.document_id) for row in _pending(ctx, account_id, PENDING, count)]


def pending_of(ctx: Context, account_id: int, count: int) -> Sequence[Approval]:
    """The questions that wait for an answer, the last first. Two queries."""
    return _approvals(ctx, _pending(ctx, account_id, PENDING, count))


@compiled
def _pending(asked: Scoped, account_id: Any, pending: Any, count: Any) -> Any:
    return (
        ApprovalRow.of(asked)
        .where((ApprovalRow.account_id == account_id) & (ApprovalRow.outcome == pending))
        .order_by(ApprovalRow.asked.desc(), ApprovalRow.id.desc())
        .limit(count)
    )


def pending_on(ctx: Context, account_ids: Sequence[int]) -> Sequence[Approval]:
    """All questions on these accounts that wait for an answer. Two queries."""
    rows = ApprovalRow.of(ctx).where(
        ApprovalRow.account_id.in_(list(account_ids)) & (ApprovalRow.outcome == PENDING)
    )
    return _approvals(ctx, rows.order_by(ApprovalRow.id))


def pending_for_contact(ctx: Context, contact_id: int) -> Sequence[Approval]:
    """The questions that wait for an answer of this contact, on whatever account."""
    asked = AnswerRow.of(ctx, AnswerRow.approval_id).where(
        (AnswerRow.whose == contact_id) & AnswerRow.approved.is_null()
    )
    rows = ApprovalRow.of(ctx).where(ApprovalRow.id.in_(asked) & (ApprovalRow.outcome == PENDING))
    return _approvals(ctx, rows.order_by(ApprovalRow.id))


def page_of(ctx: Context, account_id: int, outcome: str, after: str, size: int) -> Listed:
    """A page of the account's approvals, the last asked first; of all outcomes where it is ""."""
    rows = ApprovalRow.of(ctx).where(ApprovalRow.account_id == account_id)
    if outcome:
        rows = rows.where(ApprovalRow.outcome == outcome)
    last = ApprovalRow.of(ctx).where(ApprovalRow.public_id == after).first() if after else None
    if last is not None:
        before = (ApprovalRow.asked == last.asked) & (ApprovalRow.id < last.id)
        rows = rows.where((ApprovalRow.asked < last.asked) | before)
    rows = rows.order_by(ApprovalRow.asked.desc(), ApprovalRow.id.desc()).limit(size + 1)
    found = _approvals(ctx, rows)
    after = found[size - 1].public_id if len(found) > size else ""
    return Listed(approvals=found[:size], after=after)


def _one(ctx: Context, rows: Any) -> Approval:
    row = rows.first()
    if row is None:
        raise NotFound
    return _approvals(ctx, [row])[0]


def _approvals(ctx: Context, rows: Iterable[Any]) -> Sequence[Approval]:
    found = list(rows)
    answers = _answers_of(ctx, [row.id for row in found]) if found else {}
    return [_approval(row, answers.get(row.id, ())) for row in found]


def _answers_of(ctx: Context, ids: Collection[int]) -> Mapping[int, Sequence[Answer]]:
    found: dict[int, list[Answer]] = {}
    for row in _answers(ctx, list(ids)):
        answer = Answer(
            contact_id=row.whose,
            name=row.name,
            approved=row.approved,
            reason=row.reason,
            at=row.at,
        )
        found.setdefault(row.approval_id, []).append(answer)
    return found


@compiled
def _answers(asked: Scoped, approval_ids: Any) -> Any:
    rows = AnswerRow.of(asked).where(AnswerRow.approval_id.in_(approval_ids))
    return rows.order_by(AnswerRow.name, AnswerRow.whose)


def _approval(row: Any, answers: Sequence[Answer]) -> Approval:
    return Approval(
        id=row.id,
        public_id=row.public_id,
        account_id=row.account_id,
        document_id=row.document_id,
        number=row.number,
        who=Who(row.who),
        note=row.note,
        outcome=Outcome(row.outcome),
        why=Why(row.why) if row.why else None,
        asked=row.asked,
        asked_by=row.asked_by,
        asked_by_id=row.asked_by_id,
        decided=row.decided,
        answers=tuple(answers),
    )
