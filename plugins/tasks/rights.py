"""The rights of tasks. Everyone with access to an account sees its tasks and makes own ones."""

from crm_core import Permission
from plugins.tasks.words import _

READ = Permission(
    name="tasks.read",
    title=_("See tasks"),
    description=_("See the tasks on the accounts that one may see, and one's own."),
    for_everyone=True,
)
WRITE = Permission(
    name="tasks.write",
    title=_("Make tasks"),
    description=_("Make tasks, and change those that one made or is assigned to."),
    for_everyone=True,
)
MANAGE = Permission(
    name="tasks.manage",
    title=_("Manage tasks"),
    description=_("Change and delete the tasks of others."),
)
