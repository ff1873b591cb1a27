"""The rights of signatures. Everyone with access to an account asks for them, and signs."""

from crm_core import Permission
from plugins.signatures.words import _

READ = Permission(
    name="signatures.read",
    title=_("See signatures"),
    description=_("See which documents were sent to be signed, and how far they are."),
    for_everyone=True,
)
ASK = Permission(
    name="signatures.ask",
    title=_("Ask for signatures"),
    description=_("Prepare documents to be signed, send, remind and void them."),
    for_everyone=True,
)
SIGN = Permission(
    name="signatures.sign",
    title=_("Sign documents"),
    description=_("Sign documents, or decline to, where one is asked."),
    for_everyone=True,
)
SIGN_IN_PORTAL = Permission(
    name="signatures.sign_in_portal",
    title=_("Sign documents in the portal"),
    description=_("Sign documents in the portal, or decline to, where one is asked."),
    for_clients=True,
)
