"""Rights: what they are, who has them, and the one question that asks."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from attrs import frozen

from crm_core.refusals import NotAllowed
from crm_core.words import Words, _

if TYPE_CHECKING:
    from crm_core.context import Context


class Role(StrEnum):
    """What somebody is in the firm: a member's role in the team, or a client of it."""

    OWNER = "owner"
    ADMIN = "admin"
    EMPLOYEE = "employee"
    CLIENT = "client"


@frozen(kw_only=True)
class Permission:
    """A right, by a name of the form `plugin.verb`.

    With `for_everyone` each member of the firm has it on the accounts that they may see. With
    `at_least` only that role, or one above it, has it; it cannot be given one by one. With
    `for_clients` each client has it on the accounts that they may sign in to, and nobody else:
    clients have no other right, and the team has none of theirs.
    """

    name: str
    title: Words
    description: Words
    for_everyone: bool = False
    at_least: Role | None = None
    for_clients: bool = False

    @property
    def can_be_given(self) -> bool:
        """Whether an employee can get it one by one."""
        return not self.for_everyone and not self.for_clients and self.at_least is None


PUBLIC = Permission(
    name="public",
    title=_("Public"),
    description=_("Anybody may open this, signed in or not."),
    for_everyone=True,
    for_clients=True,
)
USE_PORTAL = Permission(
    name="portal.use",
    title=_("Use the portal"),
    description=_("See in the portal what is shared on the accounts that one may sign in to."),
    for_clients=True,
)
SEE_ACCOUNTS = Permission(
    name="accounts.see",
    title=_("See assigned accounts"),
    description=_("Read the accounts that one is assigned to, and their contacts."),
    for_everyone=True,
)
VIEW_ALL_ACCOUNTS = Permission(
    name="accounts.view_all",
    title=_("View all accounts"),
    description=_("Read every account of the firm, assigned or not."),
)
MANAGE_ACCOUNTS = Permission(
    name="accounts.manage",
    title=_("Manage accounts"),
    description=_("Create and edit accounts, and change what others wrote on them."),
)
MANAGE_TAGS = Permission(
    name="tags.manage",
    title=_("Manage tags"),
    description=_("Make, rename, colour, merge and delete the firm's tags."),
)
VIEW_ALL_CONTACTS = Permission(
    name="contacts.view_all",
    title=_("View all contacts"),
    description=_("Read every contact of the firm, whether of an assigned client or not."),
)
MANAGE_CONTACTS = Permission(
    name="contacts.manage",
    title=_("Manage contacts"),
    description=_("Create, edit, link and import contacts."),
)
MANAGE_FIELDS = Permission(
    name="fields.manage",
    title=_("Manage custom fields"),
    description=_("Make the firm's own fields of accounts and contacts, change and archive them."),
)
ASSIGN_TEAM = Permission(
    name="team.assign",
    title=_("Assign team members"),
    description=_("Give colleagues access to clients, take it away, and answer their requests."),
)
MANAGE_TEAM = Permission(
    name="team.manage",
    title=_("Manage the team"),
    description=_("Invite colleagues, give them rights, deactivate them."),
    at_least=Role.ADMIN,
)
CHANGE_ROLES = Permission(
    name="team.change_roles",
    title=_("Change roles"),
    description=_("Make colleagues admins, and hand the firm over."),
    at_least=Role.OWNER,
)
SWITCH_MODULES = Permission(
    name="firm.switch_modules",
    title=_("Switch modules"),
    description=_("Switch the modules of the firm's edition on and off."),
    at_least=Role.ADMIN,
)
MANAGE_FIRM = Permission(
    name="firm.manage",
    title=_("Manage firm settings"),
    description=_("Change the firm's name, address, zone and other settings."),
)
READ_HISTORY = Permission(
    name="history.read",
    title=_("Read the firm's history"),
    description=_("See who did what in the whole firm, when and from where."),
)
CORE_PERMISSIONS = (
    USE_PORTAL,
    SEE_ACCOUNTS,
    VIEW_ALL_ACCOUNTS,
    MANAGE_ACCOUNTS,
    VIEW_ALL_CONTACTS,
    MANAGE_CONTACTS,
    MANAGE_TAGS,
    MANAGE_FIELDS,
    ASSIGN_TEAM,
    MANAGE_TEAM,
    CHANGE_ROLES,
    SWITCH_MODULES,
    MANAGE_FIRM,
    READ_HISTORY,
)


def may(ctx: Context, permission: Permission) -> bool:
    """Whether the viewer has this right in the context's firm.

    It says nothing of a particular account: whoever holds an account got it from
    `accounts.account_of`, or a client from `portal.account_of_client`, which ask whether the
    viewer may see it.
    """
    viewer = ctx.viewer
    if viewer.role is Role.CLIENT or (permission.for_clients and not permission.for_everyone):
        return viewer.role is Role.CLIENT and permission.for_clients
    if permission.at_least is Role.OWNER:
        return viewer.role is Role.OWNER
    if viewer.role in (Role.OWNER, Role.ADMIN) or permission.for_everyone:
        return True
    return permission.can_be_given and permission.name in viewer.rights


def demand(ctx: Context, permission: Permission) -> None:
    """Refuses with `NotAllowed` where the viewer lacks this right."""
    if not may(ctx, permission):
        raise NotAllowed(_("This needs the right: {right}.", right=permission.title))
