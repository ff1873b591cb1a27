"""What has to be so before a view is called: who asks, in which firm, of which account, by right.

Each of these is asked at every request, in the order that `routing` tells; nothing of it is kept.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from attrs import field, frozen
from flask import g, request

from crm_core.accounts import Account, account_of
from crm_core.action_links import find_action_link
from crm_core.clients import account_of_client
from crm_core.context import Context, Origin
from crm_core.contexts import (
    context_as_client,
    context_by_link,
    context_for_client,
    context_for_person,
)
from crm_core.contributions import Route, Scope
from crm_core.permissions import demand
from crm_core.refusals import NotFound
from crm_core.store.database import FirmScope
from web.languages import language_in_firm, speak
from web.portal.looking import look
from web.signin.guards import Detour, to_second_factor
from web.signin.people import language_of_address
from web.signin.security import signed_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm_core.action_links import ActionLink
    from crm_core.catalog import Contributed
    from crm_core.firms import Firm
    from web.bootstrap import Deployment
    from web.signin.sessions import SignedIn

SHELL = "shell"
"""The name under which the shell's own pages are contributed; their paths have no prefix."""


@frozen
class Settled:
    """A request whose firm, module, account and right are settled."""

    ctx: Context
    account: Account | None
    arguments: dict[str, Any] = field(factory=dict)
    link: ActionLink | None = None


@frozen
class Settling:
    """How a route is opened: by its own people, by staff who look, or by the holder of a link."""

    deployment: Deployment
    contributed: Contributed[Route]
    looked_at: bool = False
    token: str = field(default="", repr=False)

    def settled(self, firm: Firm, account_id: str, path: Mapping[str, str]) -> Settled:
        """Everything that has to be so before the view is called; within a transaction."""
        if self.token:
            return self._by_link(firm)
        person = signed_in()
        assert person is not None
        plugin, route = self.contributed.plugin, self.contributed.value
        ctx = self._context(firm, person)
        speak(ctx.language)
        if self._demands_second_factor(ctx.firm) and not person.has_second_factor:
            raise Detour(to_second_factor())
        if plugin != SHELL and plugin not in ctx.modules.names:
            raise NotFound
        arguments: dict[str, Any] = dict(path)
        account = None
        if self.looked_at:
            account = arguments["account"] = account_of(ctx, account_id)
            seen = look(ctx, account, arguments.pop("looked_at"))
            ctx = context_as_client(ctx, account, seen.email_id)
        elif route.scope is Scope.PORTAL:
            account = arguments["account"] = account_of_client(ctx, account_id)
        elif route.scope is Scope.ACCOUNT:
            g.unseen_account = account_id
            account = arguments["account"] = account_of(ctx, account_id)
            g.unseen_account = ""
        demand(ctx, route.needs)
        arguments.update(_asked_in_query(ctx, route))
        return Settled(ctx, account, arguments)

    def _by_link(self, firm: Firm) -> Settled:
        """The same for whoever holds a link: it says who they are, and which account is meant."""
        store, plugin, route = (
            self.deployment.store,
            self.contributed.plugin,
            self.contributed.value,
        )
        link = find_action_link(FirmScope(store, firm), self.token, datetime.now(UTC))
        language = language_of_address(store, link.address) or firm.language
        ctx = context_by_link(store, self.deployment.catalog, firm, link, language, _origin())
        speak(ctx.language)
        off = plugin != SHELL and plugin not in ctx.modules.names
        if off or not firm.allows_action_links or link.route != self.contributed.name:
            raise NotFound
        demand(ctx, route.needs)
        g.by_link = True
        arguments = {**link.parameters, "account": link.account, **_asked_in_query(ctx, route)}
        return Settled(ctx, link.account, arguments, link)

    def _context(self, firm: Firm, person: SignedIn) -> Context:
        """The context of whoever asks: in the portal as a client, everywhere else as a member."""
        make = context_for_client if self._in_portal else context_for_person
        return make(
            self.deployment.store,
            self.deployment.catalog,
            firm,
            person.person_id,
            language_in_firm(firm, person),
            _origin(),
        )

    def _demands_second_factor(self, firm: Firm) -> bool:
        if self._in_portal:
            return firm.clients_need_second_factor
        return firm.demands_second_factor

    @property
    def _in_portal(self) -> bool:
        """Whether clients ask, and not staff who look at the portal."""
        return self.contributed.value.scope is Scope.PORTAL and not self.looked_at


def _asked_in_query(ctx: Context, route: Route) -> Mapping[str, str]:
    """The parts of the query string that the route names; one a line where there are several."""
    names = route.query(ctx) if callable(route.query) else route.query
    return {name: "\n".join(request.args.getlist(name)) for name in names}


def _origin() -> Origin:
    """From where this request comes."""
    return Origin(request.remote_addr or "", request.user_agent.string[:200])
