"""The shell's own pages, contributed as routes like everybody's."""

from crm_core.catalog import Contributed
from crm_core.contributions import Route, Scope
from crm_core.permissions import (
    ASSIGN_TEAM,
    CHANGE_ROLES,
    MANAGE_ACCOUNTS,
    MANAGE_CONTACTS,
    MANAGE_FIRM,
    MANAGE_TEAM,
    READ_HISTORY,
    SEE_ACCOUNTS,
    SWITCH_MODULES,
)
from web.pages import account_team, clients, history, new_client, profile, search
from web.pages.settings import modules, requests, security, team
from web.routing import SHELL

CLIENTS = (
    Route(
        name="clients",
        path="clients",
        scope=Scope.FIRM,
        needs=SEE_ACCOUNTS,
        view=clients.list_clients,
        query=("after", "before"),
    ),
    Route(
        name="new_client",
        path="clients/new",
        scope=Scope.FIRM,
        needs=MANAGE_ACCOUNTS,
        view=new_client.ask_for_client,
        form=new_client.NewClient,
        submit=new_client.add_client,
    ),
    Route(
        name="request_access",
        path="request-access/<wanted>",
        scope=Scope.FIRM,
        needs=SEE_ACCOUNTS,
        submit=requests.ask,
    ),
)

SEARCH = (
    Route(
        name="search",
        path="search",
        scope=Scope.FIRM,
        needs=SEE_ACCOUNTS,
        view=search.show_hits,
        query=("q", "part"),
    ),
)

CONTACTS = (
    Route(
        name="contact_history",
        path="contacts/<contact>/history",
        scope=Scope.FIRM,
        needs=MANAGE_CONTACTS,
        view=history.of_contact,
        query=("before",),
    ),
)

PROFILE = (
    Route(name="overview", scope=Scope.ACCOUNT, needs=SEE_ACCOUNTS, view=profile.overview),
    Route(name="info", path="info", scope=Scope.ACCOUNT, needs=SEE_ACCOUNTS, view=profile.info),
    Route(
        name="info_team",
        path="info/team",
        scope=Scope.ACCOUNT,
        needs=ASSIGN_TEAM,
        view=account_team.ask_for_team,
        form=account_team.AccountTeam,
        submit=account_team.save_team,
    ),
    Route(
        name="info_history",
        path="info/history",
        scope=Scope.ACCOUNT,
        needs=MANAGE_ACCOUNTS,
        view=history.of_account,
        query=("before",),
    ),
)

SETTINGS = (
    Route(
        name="settings_team",
        path="settings/team",
        scope=Scope.FIRM,
        needs=MANAGE_TEAM,
        view=team.team,
    ),
    Route(
        name="settings_team_invite",
        path="settings/team/invite",
        scope=Scope.FIRM,
        needs=MANAGE_TEAM,
        step_up=True,
        view=team.ask_for_colleague,
        form=team.NewColleague,
        submit=team.invite,
    ),
    Route(
        name="settings_team_withdraw",
        path="settings/team/invitations/<invitation>/withdraw",
        scope=Scope.FIRM,
        needs=MANAGE_TEAM,
        submit=team.withdraw,
    ),
    Route(
        name="settings_team_colleague",
        path="settings/team/<member>",
        scope=Scope.FIRM,
        needs=MANAGE_TEAM,
        step_up=True,
        view=team.colleague,
        form=team.ColleagueForm,
        submit=team.save_colleague,
    ),
    Route(
        name="settings_team_deactivate",
        path="settings/team/<member>/deactivate",
        scope=Scope.FIRM,
        needs=MANAGE_TEAM,
        view=team.ask_to_deactivate,
        form=team.Sure,
        submit=team.deactivate_colleague,
    ),
    Route(
        name="settings_team_reactivate",
        path="settings/team/<member>/reactivate",
        scope=Scope.FIRM,
        needs=MANAGE_TEAM,
        step_up=True,
        submit=team.reactivate_colleague,
    ),
    Route(
        name="settings_team_hand_over",
        path="settings/team/<member>/hand-over",
        scope=Scope.FIRM,
        needs=CHANGE_ROLES,
        step_up=True,
        view=team.ask_to_hand_over,
        form=team.Sure,
        submit=team.hand_firm_over,
    ),
    Route(
        name="settings_requests",
        path="settings/requests",
        scope=Scope.FIRM,
        needs=ASSIGN_TEAM,
        view=requests.requests,
    ),
    Route(
        name="settings_requests_grant",
        path="settings/requests/<request>/grant",
        scope=Scope.FIRM,
        needs=ASSIGN_TEAM,
        submit=requests.grant,
    ),
    Route(
        name="settings_requests_refuse",
        path="settings/requests/<request>/refuse",
        scope=Scope.FIRM,
        needs=ASSIGN_TEAM,
        submit=requests.refuse,
    ),
    Route(
        name="settings_modules",
        path="settings/modules",
        scope=Scope.FIRM,
        needs=SWITCH_MODULES,
        view=modules.modules,
    ),
    Route(
        name="settings_modules_switch",
        path="settings/modules/<module>",
        scope=Scope.FIRM,
        needs=SWITCH_MODULES,
        view=modules.ask_to_switch,
        form=modules.Switch,
        submit=modules.switch,
    ),
    Route(
        name="settings_security",
        path="settings/security",
        scope=Scope.FIRM,
        needs=MANAGE_FIRM,
        step_up=True,
        view=security.ask_for_policy,
        form=security.Policy,
        submit=security.save_policy,
    ),
    Route(
        name="settings_history",
        path="settings/history",
        scope=Scope.FIRM,
        needs=READ_HISTORY,
        view=history.of_firm,
        query=("before",),
    ),
)

SHELL_ROUTES = tuple(
    Contributed(SHELL, route) for route in (*CLIENTS, *SEARCH, *CONTACTS, *PROFILE, *SETTINGS)
)
