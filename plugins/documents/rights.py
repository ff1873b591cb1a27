"""The rights of documents. Everyone with access to an account works with its documents."""

from crm_core import Permission
from plugins.documents.words import _

READ = Permission(
    name="documents.read",
    title=_("Read documents"),
    description=_("Read the documents of the accounts that one may see."),
    for_everyone=True,
)
CHANGE = Permission(
    name="documents.change",
    title=_("Change documents"),
    description=_("Upload, rename, move, seal and delete documents, and make folders."),
    for_everyone=True,
)
MANAGE = Permission(
    name="documents.manage",
    title=_("Manage documents"),
    description=_("Decide which folders clients see, and delete documents for good."),
)
IN_PORTAL = Permission(
    name="documents.in_portal",
    title=_("Documents in the portal"),
    description=_("See and send documents in the portal, in the folders that allow it."),
    for_clients=True,
)
