"""Taking along everything that is kept of a client: a page that says what, and the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.context import Download, Page
from crm_core.contributions import Route, Scope
from crm_core.permissions import MANAGE_ACCOUNTS
from crm_core.taking import note_taken, take_account
from crm_core.zipped import ZIP
from web.pages.info_form import to_info
from web.words import _

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.context import Context


def ask_to_take(ctx: Context, account: Account) -> Page:
    """The page that says what is in the archive."""
    title = _("Take everything of {name} along", name=account.name)
    return Page("pages/info_take.html", title, {"back": to_info(account)})


def take(ctx: Context, account: Account) -> Download:
    """The archive (EXP-2)."""
    taken = take_account(ctx, account)
    return Download(taken.name, ZIP, taken.chunks)


ROUTES = (
    Route(
        name="info_take",
        path="info/take",
        scope=Scope.ACCOUNT,
        needs=MANAGE_ACCOUNTS,
        view=ask_to_take,
        step_up=True,
    ),
    Route(
        name="info_taken",
        path="info/taken",
        scope=Scope.ACCOUNT,
        needs=MANAGE_ACCOUNTS,
        view=take,
        opened=note_taken,
        step_up=True,
    ),
)
