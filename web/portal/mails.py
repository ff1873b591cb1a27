"""Which mails clients want to get about an account, as they choose it themselves (NOT-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from crm_core.addresses import address_key
from crm_core.clients import accounts_of_client
from crm_core.context import Page, Redirect, To
from crm_core.contributions import Route, Scope
from crm_core.forms import Choice, Input, ask
from crm_core.notification_types import Audience
from crm_core.notify_wishes import own_wishes, save_own_wishes, types_for, wishes_of_addresses
from crm_core.permissions import USE_PORTAL
from crm_core.words import as_typed
from web.portal.looking import looked
from web.told_by import told_by
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm_core.accounts import Account
    from crm_core.context import Context
    from crm_core.forms import Form
    from crm_core.notification_types import NotificationType
    from crm_core.notify_wishes import OwnWishes

ADDRESS = "crm.address"
"""Where a field of the form names the address that it asks about, by its key."""

_LONGEST = 20_000


def mails_form(ctx: Context, account: Account) -> type[Any]:
    """The form: for each address and each module a choice of what it tells clients of.

    `seen` says what was wanted when the page was shown, so that only what was switched is stored.
    """
    asks: dict[str, Any] = {}
    for own in _wishes(ctx, account):
        for module, kinds in _offered(ctx).items():
            asked = ask(
                told_by(ctx, kinds[0]),
                default=(),
                input=Input.SEVERAL,
                longest=_LONGEST,
                choices=tuple(Choice(value=k.name, label=k.title, help=k.help) for k in kinds),
                group=as_typed(own.address),
            )
            asked.metadata = {**asked.metadata, ADDRESS: own.key}
            asked.type = tuple[str, ...]
            asks[f"mails_{own.key}_{module}"] = asked
    seen = ask(_("Wanted before"), default="", input=Input.HIDDEN, longest=_LONGEST)
    seen.type = str
    return attrs.make_class("OwnMails", {**asks, "seen": seen}, frozen=True, kw_only=True)


def ask_for_mails(ctx: Context, account: Account, form: Form[Any]) -> Page:
    """The page with what comes to the client's own addresses, and with what the firm switched."""
    wishes = _wishes(ctx, account)
    on = {(own.key, name) for own in wishes for name, wanted in own.wanted.items() if wanted}
    filled = form.starting_from(
        seen=" ".join(sorted(f"{key}:{name}" for key, name in on)),
        **{
            name: [choice.value for choice in form.asks[name].choices if (key, choice.value) in on]
            for name, key in _addresses_in(form.of).items()
        },
    )
    values = {
        "form": filled,
        "offers": bool(_offered(ctx)),
        "stopped": [own.address for own in wishes if not own.notified],
        "others": [] if looked() else [a for a in accounts_of_client(ctx) if a.id != account.id],
    }
    return Page("portal/mails.html", _("Mails to you"), values)


def save_mails(ctx: Context, account: Account, value: Any) -> Redirect:
    """Stores what somebody switched; what they left alone stays as it is by now."""
    before: dict[int, set[str]] = {}
    for one in value.seen.split():
        key, _colon, name = one.partition(":")
        if key.isdecimal():
            before.setdefault(int(key), set()).add(name)
    after: dict[int, set[str]] = {}
    for field, address in _addresses_in(type(value)).items():
        after.setdefault(address, set()).update(getattr(value, field))
    changed = {
        key: {name: name in wanted for name in before.get(key, set()) ^ wanted}
        for key, wanted in after.items()
    }
    save_own_wishes(ctx, account, changed)
    return Redirect(to_own_mails(account), _("Your choice is saved."))


def to_own_mails(account: Account) -> To:
    """The page on which a client of this account chooses which mails come."""
    return To("shell.portal_mails", {"account": account.public_id})


def _wishes(ctx: Context, account: Account) -> Sequence[OwnWishes]:
    """What is wanted at the client's own addresses; staff who look see the one that they chose."""
    seen = looked()
    if seen is None:
        return own_wishes(ctx, account)
    return wishes_of_addresses(ctx, account, [address_key(seen.address)])


def _offered(ctx: Context) -> Mapping[str, Sequence[NotificationType]]:
    """What clients can be told of, by the names of the modules that tell it."""
    offered: dict[str, list[NotificationType]] = {}
    for one in types_for(ctx, Audience.CLIENT):
        offered.setdefault(one.name.partition(".")[0], []).append(one)
    return offered


def _addresses_in(form: type[Any]) -> Mapping[str, int]:
    """The key of the address that each field of the form asks about."""
    fields = attrs.fields(form)
    return {one.name: one.metadata[ADDRESS] for one in fields if ADDRESS in one.metadata}


ROUTES = (
    Route(
        name="portal_mails",
        path="mails",
        scope=Scope.PORTAL,
        needs=USE_PORTAL,
        view=ask_for_mails,
        form=mails_form,
        submit=save_mails,
    ),
)
