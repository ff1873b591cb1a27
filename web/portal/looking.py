"""Staff who look at the portal as a given client sees it: read-only, marked, audited (POR-6).

Entering is a button, which writes the history; a mark in the session's cookie then opens the pages
under `/f/<firm>/accounts/<account>/as/<address>` for a while, to this session alone. Each of them
asks the rights of whoever looks, and the LOGIN of the address, anew.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from attrs import frozen
from flask import g, session

from crm_core import audit, events
from crm_core.address_settings import addresses_of_account
from crm_core.clients import client_behind
from crm_core.refusals import NotFound
from web.signin.security import this_person

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.context import Context

LASTS = 3600
"""Seconds for which the pages stay open after the button."""

_MARK = "looking"


@frozen
class Looked:
    """Through whose eyes this request sees the portal: the address, and its key."""

    email_id: int
    address: str
    account: Account


def begin_looking(ctx: Context, account: Account, email_id: int) -> None:
    """Opens the portal of an address with LOGIN to this session; the history tells who looked."""
    viewer = client_behind(ctx, account, email_id)
    address = addresses_of_account(ctx, account)[email_id].address
    session[_MARK] = [*_what(account, email_id), int(time.time()) + LASTS]
    audit.record(
        ctx,
        events.PORTAL_SEEN_AS_CLIENT,
        account_id=account.id,
        after={"address": address, "name": viewer.name},
    )


def look(ctx: Context, account: Account, name: str) -> Looked:
    """Settles through which address this request looks; `NotFound` where it was not begun.

    `name` is the address's key as it stands in the path.
    """
    found = next((k for k in addresses_of_account(ctx, account).items() if str(k[0]) == name), None)
    if found is None:
        raise NotFound
    email_id, email = found
    mark = session.get(_MARK)
    if not isinstance(mark, list) or mark[:-1] != _what(account, email_id):
        raise NotFound
    if mark[-1] < time.time():
        raise NotFound
    seen = g.looked = Looked(email_id, email.address, account)
    return seen


def looked() -> Looked | None:
    """Through whose eyes this request sees the portal, or None: through the client's own."""
    found = g.get("looked")
    return found if isinstance(found, Looked) else None


def _what(account: Account, email_id: int) -> list[str | int]:
    return [this_person().session_id, account.public_id, email_id]
