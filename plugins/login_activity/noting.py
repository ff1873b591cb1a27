"""Noting who comes in, with the moment at which they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins.login_activity import store

if TYPE_CHECKING:
    from crm_core import Context, Happened


def note_client(ctx: Context, happened: Happened) -> None:
    """A client came in to the portal: to all accounts that they may sign in to."""
    store.add_clients_sign_ins(ctx, [(key, address) for key, address in happened.after["accounts"]])


def note_member(ctx: Context, _happened: Happened) -> None:
    """A colleague came in to the firm's pages."""
    store.add_members_sign_in(ctx)
