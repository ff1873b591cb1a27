"""The rights of login activity."""

from crm_core import Permission, Role
from plugins.login_activity.words import _

READ = Permission(
    name="login_activity.read",
    title=_("See login activity"),
    description=_("See when the clients of the accounts that one may see signed in."),
    for_everyone=True,
)
READ_STAFF = Permission(
    name="login_activity.read_staff",
    title=_("See sign-ins of the team"),
    description=_("See when colleagues signed in, and from where."),
    at_least=Role.ADMIN,
)
