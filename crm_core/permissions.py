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
    """A member's role in the firm."""

    OWNER = "owner"
    ADMIN = "admin"
    EMPLOYEE = "employee"


@frozen(kw_only=True)
class Permission:
    """A right, by a name of the form `plugin.verb`.

    With `for_everyone` each member of the firm has it on the accounts that they may see.
    """

    name: str
    title: Words
    description: Words
    for_everyone: bool = False


PUBLIC = Permission(
    name="public",
    title=_("Public"),
    description=_("Anybody may open this, signed in or not."),
    for_everyone=True,
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
MANAGE_CONTACTS = Permission(
    name="contacts.manage",
    title=_("Manage contacts"),
    description=_("Create, edit, link and import contacts."),
)
CORE_PERMISSIONS = (SEE_ACCOUNTS, VIEW_ALL_ACCOUNTS, MANAGE_ACCOUNTS, MANAGE_CONTACTS)


def may(ctx: Context, permission: Permission) -> bool:
    """Whether the viewer has this right in the context's firm.

    It says nothing of a particular account: whoever holds an account got it from
    `accounts.account_of`, which asks whether the viewer may see it.
    """
    viewer = ctx.viewer
    return (
        permission.for_everyone
        or viewer.role in (Role.OWNER, Role.ADMIN)
        or permission.name in viewer.rights
    )


def demand(ctx: Context, permission: Permission) -> None:
    """Refuses with `NotAllowed` where the viewer lacks this right."""
    if not may(ctx, permission):
        raise NotAllowed(_("This needs the right: {right}.", right=permission.title))
