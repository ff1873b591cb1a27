"""The pages of login activity and its section on the Overview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import Fragment, Item, Page, State, To, item_list
from crm_core.portal_invitations import invitations_of_account
from crm_core.sign_ins import failures_of_account
from plugins.login_activity import store
from plugins.login_activity.values import SIGNED_IN, Attempt, LastSignIn
from plugins.login_activity.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core import Context
    from crm_core.accounts import Account

ON_OVERVIEW = 5
MOST = 100
"""Sign-ins, and invitations, on one page."""

RESULTS = {
    SIGNED_IN: State(word=_("Signed in"), tone="good"),
    "wrong password": State(word=_("Wrong password"), tone="bad"),
    "wrong code": State(word=_("Wrong code"), tone="bad"),
    "braked": State(word=_("Refused: too many attempts"), tone="bad"),
}
OUTCOMES = {
    "accepted": State(word=_("Accepted"), tone="good"),
    "withdrawn": State(word=_("Withdrawn")),
    "replaced": State(word=_("Replaced by another")),
    "expired": State(word=_("Expired"), tone="warn"),
    "": State(word=_("Sent"), tone="info"),
}


def last_sign_ins(ctx: Context, account: Account) -> Fragment:
    """When each client of the account last signed in (O10)."""
    here = {"account": account.public_id}
    items = [
        Item(what=one.address, to=To("login_activity.all", here), when=one.at, state=_state_of(one))
        for one in store.last_by_address(ctx, account.id, ON_OVERVIEW)
    ]
    empty = _("Nobody can sign in to the portal of this client.")
    return item_list(items, empty=empty, start=(To("shell.info", here), _("Give an address LOGIN")))


def all_sign_ins(ctx: Context, account: Account) -> Page:
    """The *View all* tab: sign-ins and failed attempts, the latest first, and invitations."""
    failed = [
        Attempt(
            name="",
            address=one.address,
            at=one.at,
            remote=one.remote,
            browser=one.browser,
            result=one.result,
        )
        for one in failures_of_account(ctx, account, MOST)
    ]
    signed_in = store.sign_ins_of_account(ctx, account.id, MOST)
    attempts = sorted([*signed_in, *failed], key=lambda one: one.at, reverse=True)[:MOST]
    invitations = [
        (one, OUTCOMES["expired" if not one.ended and one.expires <= ctx.now else one.outcome])
        for one in invitations_of_account(ctx, account, MOST)
    ]
    values = {**_shown(attempts), "invitations": invitations}
    return Page("login_activity/all.html", _("Login activity"), values)


def sign_ins_of_team(ctx: Context) -> Page:
    """When colleagues signed in, and from where."""
    attempts = store.sign_ins_of_team(ctx, MOST)
    return Page("login_activity/team.html", _("Sign-ins of the team"), _shown(attempts))


def _shown(attempts: Sequence[Attempt]) -> dict[str, object]:
    return {"attempts": attempts, "results": RESULTS, "most": MOST}


def _state_of(one: LastSignIn) -> State | None:
    if one.pending:
        return State(word=_("Pending activation"), tone="warn")
    return None if one.at else State(word=_("Never signed in"))
