"""What login activity adds to the list of clients: the last sign-in, and who never did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import Choice
from crm_core.portal_access import accounts_offline, accounts_pending
from plugins.login_activity import store
from plugins.login_activity.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from crm_core import Context, Keys

_STATES = {
    "never": (store.accounts_never_visited, _("Never signed in")),
    "pending": (accounts_pending, _("Pending activation")),
    "offline": (accounts_offline, _("Offline: nobody has LOGIN")),
}


def last_sign_ins(ctx: Context, keys: Sequence[int]) -> Mapping[int, datetime]:
    """When a client of each account last signed in."""
    return store.last_of_accounts(ctx, keys)


def states(ctx: Context) -> Sequence[Choice]:  # noqa: ARG001 - the same in every firm
    """What the filter offers."""
    return [Choice(value=name, label=label) for name, (_find, label) in _STATES.items()]


def in_state(ctx: Context, chosen: str) -> Keys:
    """The accounts that one of the choices means."""
    find, _label = _STATES[chosen]
    return find(ctx)
