"""The rights of approvals. Everyone with access to an account asks its clients."""

from crm_core import Permission
from plugins.approvals.words import _

READ = Permission(
    name="approvals.read",
    title=_("See approvals"),
    description=_("See which documents clients were asked to approve, and what they said."),
    for_everyone=True,
)
ASK = Permission(
    name="approvals.ask",
    title=_("Ask for approvals"),
    description=_("Ask clients to approve documents, remind them, and withdraw the question."),
    for_everyone=True,
)
ANSWER = Permission(
    name="approvals.answer",
    title=_("Approve documents"),
    description=_("Approve or disapprove documents in the portal."),
    for_clients=True,
)
