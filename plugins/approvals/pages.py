"""The pages of approvals: those of the team, and those of the portal."""

from __future__ import annotations

from crm_core import Menu, Route, Scope, Tab
from plugins.approvals import rights, views
from plugins.approvals.forms import NewAnswer, NewApproval
from plugins.approvals.words import _

OF_TEAM = (
    Route(
        name="all",
        scope=Scope.ACCOUNT,
        needs=rights.READ,
        view=views.all_approvals,
        query=("outcome", "after"),
        tab=Tab(title=_("Approvals"), order=70),
    ),
    Route(
        name="ask",
        path="new",
        scope=Scope.ACCOUNT,
        needs=rights.ASK,
        view=views.ask_about_what,
        form=NewApproval,
        submit=views.ask,
        query=("document",),
    ),
    Route(
        name="approval",
        path="<approval>",
        scope=Scope.ACCOUNT,
        needs=rights.READ,
        view=views.one_approval,
    ),
    Route(
        name="remind",
        path="<approval>/remind",
        scope=Scope.ACCOUNT,
        needs=rights.ASK,
        submit=views.remind,
    ),
    Route(
        name="withdraw",
        path="<approval>/withdraw",
        scope=Scope.ACCOUNT,
        needs=rights.ASK,
        submit=views.withdraw,
    ),
)
IN_PORTAL = (
    Route(
        name="portal",
        scope=Scope.PORTAL,
        needs=rights.ANSWER,
        view=views.all_in_portal,
        query=("after",),
        menu=Menu(title=_("Approvals"), order=70),
    ),
    Route(
        name="portal_answer",
        path="<approval>",
        scope=Scope.PORTAL,
        needs=rights.ANSWER,
        view=views.ask_for_answer,
        form=NewAnswer,
        submit=views.answer,
        query=("show",),
        by_link=True,
    ),
)
