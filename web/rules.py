"""Where routes stand: the rule of each for the URL map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.contributions import Scope
from web.settling import SHELL

if TYPE_CHECKING:
    from crm_core.catalog import Contributed
    from crm_core.contributions import Route

_ROOTS = {
    Scope.FIRM: "/f/<firm>",
    Scope.ACCOUNT: "/f/<firm>/accounts/<account>",
    Scope.PORTAL: "/p/<firm>/<account>",
}
_LOOKED_AT = "/f/<firm>/accounts/<account>/as/<looked_at>"
"""The root of the portal's pages for staff who look at it as an address of the account sees it."""


def rule_of(contributed: Contributed[Route]) -> str:
    """Where the route stands; that of a module under the module's name."""
    return _rule(contributed, _ROOTS[contributed.value.scope])


def rule_looked_at(contributed: Contributed[Route]) -> str:
    """Where a page of the portal stands for staff who look at it."""
    return _rule(contributed, _LOOKED_AT)


def _rule(contributed: Contributed[Route], root: str) -> str:
    route, parts = contributed.value, [root]
    if contributed.plugin != SHELL:
        parts.append(contributed.plugin)
    if route.path:
        parts.append(route.path)
    return "/".join(parts)
