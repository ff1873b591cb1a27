"""The pages of signatures: those of the team, and those of the portal."""

from __future__ import annotations

from crm_core import MANAGE_ACCOUNTS, Menu, Route, Scope, Tab
from plugins.signatures import priority, request_views, rights, sign_views
from plugins.signatures.forms import Confirm, NewRequest, PlacedFields, Reason
from plugins.signatures.words import _

_ONE = "<request>"

OF_TEAM = (
    Route(
        name="all",
        scope=Scope.ACCOUNT,
        needs=rights.READ,
        view=request_views.all_requests,
        query=("stage", "after"),
        tab=Tab(title=_("Signatures"), order=80),
    ),
    Route(
        name="new",
        path="new",
        scope=Scope.ACCOUNT,
        needs=rights.ASK,
        view=request_views.ask_for_signers,
        form=NewRequest,
        prepare=request_views.measure,
        submit=request_views.make,
        query=("document",),
    ),
    Route(
        name="priority",
        path="priority",
        scope=Scope.ACCOUNT,
        needs=rights.READ,
        view=priority.order_of_signers,
    ),
    Route(
        name="rank",
        path="priority/<contact>",
        scope=Scope.ACCOUNT,
        needs=MANAGE_ACCOUNTS,
        submit=priority.move_up,
    ),
    Route(
        name="sign",
        path="sign/<signer>",
        scope=Scope.ACCOUNT,
        needs=rights.SIGN,
        view=sign_views.ask_to_sign,
        form=sign_views.form_of,
        prepare=sign_views.read_signature,
        submit=sign_views.sign,
        opened=sign_views.note_seen,
        query=("show",),
    ),
    Route(
        name="request",
        path=_ONE,
        scope=Scope.ACCOUNT,
        needs=rights.READ,
        view=request_views.one_request,
    ),
    Route(
        name="place",
        path=f"{_ONE}/fields",
        scope=Scope.ACCOUNT,
        needs=rights.ASK,
        view=request_views.ask_for_places,
        form=PlacedFields,
        submit=request_views.place,
        query=("show",),
    ),
    Route(
        name="blocks",
        path=f"{_ONE}/blocks",
        scope=Scope.ACCOUNT,
        needs=rights.ASK,
        submit=request_views.place_blocks,
    ),
    Route(
        name="earlier",
        path=f"{_ONE}/earlier/<signer>",
        scope=Scope.ACCOUNT,
        needs=rights.ASK,
        submit=request_views.move_signer,
    ),
    Route(
        name="send",
        path=f"{_ONE}/send",
        scope=Scope.ACCOUNT,
        needs=rights.ASK,
        view=request_views.confirm_sending,
        form=Confirm,
        submit=request_views.send,
    ),
    Route(
        name="delete",
        path=f"{_ONE}/delete",
        scope=Scope.ACCOUNT,
        needs=rights.ASK,
        view=request_views.confirm_deletion,
        form=Confirm,
        submit=request_views.delete,
    ),
    Route(
        name="void",
        path=f"{_ONE}/void",
        scope=Scope.ACCOUNT,
        needs=rights.ASK,
        view=request_views.ask_why,
        form=Reason,
        submit=request_views.void,
    ),
    Route(
        name="remind",
        path=f"{_ONE}/remind",
        scope=Scope.ACCOUNT,
        needs=rights.ASK,
        submit=request_views.remind,
    ),
)
IN_PORTAL = (
    Route(
        name="portal",
        scope=Scope.PORTAL,
        needs=rights.SIGN_IN_PORTAL,
        view=sign_views.all_in_portal,
        query=("after",),
        menu=Menu(title=_("Signatures"), order=80),
    ),
    Route(
        name="portal_sign",
        path="<signer>",
        scope=Scope.PORTAL,
        needs=rights.SIGN_IN_PORTAL,
        view=sign_views.ask_to_sign,
        form=sign_views.form_of,
        prepare=sign_views.read_signature,
        submit=sign_views.sign,
        opened=sign_views.note_seen,
        query=("show",),
        by_link=True,
    ),
)
