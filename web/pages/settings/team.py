"""The team's page: who is in it, who was invited, and each colleague's role and rights (1.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from crm_core.context import Page, Redirect, To
from crm_core.contributions import Route, Scope
from crm_core.forms import Choice, Input, ask, version_field
from crm_core.invitations import invite_member, open_invitations, withdraw_invitation
from crm_core.membership import (
    MemberChange,
    change_member,
    deactivate,
    hand_over,
    reactivate,
)
from crm_core.permissions import CHANGE_ROLES, MANAGE_TEAM, Role, may
from crm_core.team import list_members, member_of
from web.joining import send_invitation
from web.pages.confirming import Sure, demand_sure
from web.signin.sessions import end_sessions_of
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from crm_core.context import Context
    from crm_core.forms import Form
    from crm_core.words import Words

ROLES = {Role.OWNER: _("Owner"), Role.ADMIN: _("Admin"), Role.EMPLOYEE: _("Employee")}
HELP = {
    Role.ADMIN: _("Everything but roles and connections."),
    Role.EMPLOYEE: _("Assigned clients, and the rights that you choose."),
}


@frozen
class NewColleague:
    """What the invitation asks."""

    name: str = ask(_("Name"), longest=100)
    address: str = ask(_("E-mail address"), input=Input.EMAIL, longest=254)
    role: Role = ask(_("Role"), input=Input.CHOICE)


@frozen
class ColleagueForm:
    """A colleague's details as somebody wants them."""

    name: str = ask(_("Name"), longest=100)
    role: Role = ask(_("Role"), input=Input.CHOICE)
    rights: tuple[str, ...] = ask(
        _("Rights of an employee"),
        default=(),
        input=Input.SEVERAL,
        longest=5_000,
        help=_("Owner and admins have them all."),
    )
    joins_new_accounts: bool = ask(
        _("Give access to every new client"), default=False, input=Input.YES_NO
    )
    version: int = version_field(_("Version"))


def team(ctx: Context) -> Page:
    """Members and invitations."""
    values = {
        "members": list_members(ctx),
        "invitations": open_invitations(ctx),
        "roles": ROLES,
        "owns": may(ctx, CHANGE_ROLES),
    }
    return Page("settings/team.html", _("Team"), values)


def ask_for_colleague(ctx: Context, form: Form[NewColleague]) -> Page:
    """The page that invites somebody."""
    filled = form.offering(role=_role_choices(ctx)).starting_from(role=Role.EMPLOYEE)
    lead = _("They get a link by mail that works once, for 30 days. You see it too.")
    return _form_page(filled, _("Invite a colleague"), _("Send invitation"), lead)


def invite(ctx: Context, value: NewColleague) -> Redirect:
    """Stores the invitation and sends its link."""
    invitation, token = invite_member(ctx, value.address, value.name, value.role)
    link = send_invitation(ctx, invitation, token)
    notice = _("{name} is invited. The link, which works once: {link}", name=value.name, link=link)
    return Redirect(To("shell.settings_team"), notice)


def withdraw(ctx: Context, invitation: str) -> Redirect:
    """Ends an invitation."""
    ended = withdraw_invitation(ctx, invitation)
    notice = _("The invitation of {address} is withdrawn.", address=ended.address)
    return Redirect(To("shell.settings_team"), notice)


def colleague(ctx: Context, member: str, form: Form[ColleagueForm]) -> Page:
    """One colleague's details, role and rights."""
    found = member_of(ctx, member)
    filled = form.offering(role=_role_choices(ctx, found.role), rights=_right_choices(ctx))
    filled = filled.starting_from(
        name=found.name,
        role=found.role,
        rights=found.rights,
        joins_new_accounts=found.joins_new_accounts,
        version=found.version,
    )
    values = {"form": filled, "member": found, "own": found.id == ctx.viewer.member_id}
    values["owns"] = may(ctx, CHANGE_ROLES)
    return Page("settings/colleague.html", found.name, values)


def save_colleague(ctx: Context, member: str, value: ColleagueForm) -> Redirect:
    """Saves a colleague's details, role and rights."""
    found = member_of(ctx, member)
    hidden = found.rights - {right.name for right in ctx.modules.permissions}
    change = MemberChange(
        name=value.name,
        role=value.role,
        # Rights of modules that are off stay as they are, and return with the module.
        rights=frozenset(value.rights) | hidden,
        joins_new_accounts=value.joins_new_accounts,
        version=value.version,
    )
    change_member(ctx, found, change)
    return Redirect(To("shell.settings_team"), _("{name} is saved.", name=value.name))


def ask_to_deactivate(ctx: Context, member: str, form: Form[Sure]) -> Page:
    """The page that says what deactivating does."""
    found = member_of(ctx, member)
    lead = _(
        "{name} is signed out of this firm at once and cannot come back in. What they wrote "
        "stays. You can reactivate them later.",
        name=found.name,
    )
    return _form_page(
        form, _("Deactivate {name}?", name=found.name), _("Deactivate"), lead, danger=True
    )


def deactivate_colleague(ctx: Context, member: str, value: Sure) -> Redirect:
    """Takes a colleague out of the team."""
    demand_sure(value)
    found = member_of(ctx, member)
    deactivate(ctx, found)
    end_sessions_of(ctx.store, found.person_id)
    return Redirect(To("shell.settings_team"), _("{name} is deactivated.", name=found.name))


def reactivate_colleague(ctx: Context, member: str) -> Redirect:
    """Lets a former colleague in again."""
    found = member_of(ctx, member)
    reactivate(ctx, found)
    return Redirect(To("shell.settings_team"), _("{name} is in the team again.", name=found.name))


def ask_to_hand_over(ctx: Context, member: str, form: Form[Sure]) -> Page:
    """The page that says what handing the firm over does."""
    found = member_of(ctx, member)
    lead = _(
        "{name} becomes the owner: the only one who changes roles and connections. You become "
        "an admin. Only {name} can undo it.",
        name=found.name,
    )
    title = _("Hand the firm over to {name}?", name=found.name)
    return _form_page(form, title, _("Hand over"), lead, danger=True)


def hand_firm_over(ctx: Context, member: str, value: Sure) -> Redirect:
    """Makes a colleague the owner."""
    demand_sure(value)
    found = member_of(ctx, member)
    hand_over(ctx, found)
    return Redirect(To("shell.settings_team"), _("{name} owns the firm now.", name=found.name))


def _form_page(
    form: Form[Any], title: Words, save: Words, lead: Words, *, danger: bool = False
) -> Page:
    values = {"form": form, "save": save, "lead": lead, "danger": danger}
    values["back"] = To("shell.settings_team")
    return Page("settings/form.html", title, values)


def _role_choices(ctx: Context, now: Role | None = None) -> Sequence[Choice]:
    """The roles that the viewer may give; the role that somebody has stands there anyway."""
    given = [Role.ADMIN, Role.EMPLOYEE] if may(ctx, CHANGE_ROLES) else [Role.EMPLOYEE]
    roles = [now] if now is Role.OWNER else given if now in (None, *given) else [now, *given]
    return [Choice(value=role, label=ROLES[role], help=HELP.get(role)) for role in roles if role]


def _right_choices(ctx: Context) -> Sequence[Choice]:
    return [
        Choice(value=right.name, label=right.title, help=right.description)
        for right in ctx.modules.permissions
        if right.can_be_given
    ]


ROUTES = (
    Route(
        name="settings_team",
        path="settings/team",
        scope=Scope.FIRM,
        needs=MANAGE_TEAM,
        view=team,
    ),
    Route(
        name="settings_team_invite",
        path="settings/team/invite",
        scope=Scope.FIRM,
        needs=MANAGE_TEAM,
        step_up=True,
        view=ask_for_colleague,
        form=NewColleague,
        submit=invite,
    ),
    Route(
        name="settings_team_withdraw",
        path="settings/team/invitations/<invitation>/withdraw",
        scope=Scope.FIRM,
        needs=MANAGE_TEAM,
        submit=withdraw,
    ),
    Route(
        name="settings_team_colleague",
        path="settings/team/<member>",
        scope=Scope.FIRM,
        needs=MANAGE_TEAM,
        step_up=True,
        view=colleague,
        form=ColleagueForm,
        submit=save_colleague,
    ),
    Route(
        name="settings_team_deactivate",
        path="settings/team/<member>/deactivate",
        scope=Scope.FIRM,
        needs=MANAGE_TEAM,
        view=ask_to_deactivate,
        form=Sure,
        submit=deactivate_colleague,
    ),
    Route(
        name="settings_team_reactivate",
        path="settings/team/<member>/reactivate",
        scope=Scope.FIRM,
        needs=MANAGE_TEAM,
        step_up=True,
        submit=reactivate_colleague,
    ),
    Route(
        name="settings_team_hand_over",
        path="settings/team/<member>/hand-over",
        scope=Scope.FIRM,
        needs=CHANGE_ROLES,
        step_up=True,
        view=ask_to_hand_over,
        form=Sure,
        submit=hand_firm_over,
    ),
)
