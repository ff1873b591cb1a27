"""The shell's own pages, contributed as routes like everybody's."""

from crm_core.catalog import Contributed
from crm_core.contributions import Route, Scope
from crm_core.permissions import MANAGE_ACCOUNTS, SEE_ACCOUNTS
from web.pages import clients, new_client, profile
from web.routing import SHELL

SHELL_ROUTES = tuple(
    Contributed(SHELL, route)
    for route in (
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
        Route(name="overview", scope=Scope.ACCOUNT, needs=SEE_ACCOUNTS, view=profile.overview),
        Route(name="info", path="info", scope=Scope.ACCOUNT, needs=SEE_ACCOUNTS, view=profile.info),
    )
)
