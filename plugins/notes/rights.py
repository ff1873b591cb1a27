"""The rights of notes. Everyone with access to an account reads its notes and writes own ones."""

from crm_core import Permission
from plugins.notes.words import _

READ = Permission(
    name="notes.read",
    title=_("Read notes"),
    description=_("Read the notes on the accounts that one may see."),
    for_everyone=True,
)
WRITE = Permission(
    name="notes.write",
    title=_("Write notes"),
    description=_("Write notes, and edit one's own. Editing another's needs Manage accounts."),
    for_everyone=True,
)
