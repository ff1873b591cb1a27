"""Life-like approvals for the demonstration firm."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crm_core.links import linked_contacts
from plugins.approvals import saving, store
from plugins.approvals.rows import ApprovalRow
from plugins.approvals.values import Outcome, Who
from plugins.documents import api as documents

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from crm_core import Context, DemoAccount

_REASONS = (
    "The amount for the rent is that of last year.",
    "My new address is missing on the first page.",
    "Please leave out the invoice from March, we paid it back.",
)
_NOTE = "Please check the names, the address and the total on the last page."
_OUTCOMES = (Outcome.PENDING, Outcome.APPROVED, Outcome.DISAPPROVED, Outcome.PENDING)


def make_demo_approvals(ctx: Context, accounts: Sequence[DemoAccount], random: Random) -> None:
    """Asks about some documents of these accounts; of the first about one in each state."""
    for account in accounts:
        contacts = [one for one in linked_contacts(ctx, account.account) if one.emails]
        shown = [
            one
            for one in documents.shown_to_clients(ctx, account.account, 100)
            if one.access is documents.Access.SEES and not one.standings
        ]
        if not contacts:
            continue
        outcomes = _OUTCOMES if account.first else random.sample(_OUTCOMES, k=1)
        for document, outcome in zip(shown, outcomes, strict=False):
            client = contacts[0]
            public_id = saving.add_approval(
                ctx,
                account.account.id,
                document.id,
                document.number,
                who=Who.ANY,
                note=_NOTE if account.first else "",
                asked_of={},
            )
            asked = min(document.uploaded + timedelta(hours=2), ctx.now)
            if outcome is not Outcome.PENDING:
                approved = outcome is Outcome.APPROVED
                approval = store.approval_of(ctx, account.account.id, public_id)
                reason = "" if approved else random.choice(_REASONS)
                saving.put_answer(
                    ctx, approval, client.id, client.name, approved=approved, reason=reason
                )
                saving.decide(ctx, approval, outcome)
            ApprovalRow.change(ctx, asked=asked).where(ApprovalRow.public_id == public_id).execute()
