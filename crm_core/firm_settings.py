"""What a firm settles about itself: name and address, zone, currency, language, security."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from attrs import asdict, frozen

from crm_core import audit, events
from crm_core.addresses import clean_address
from crm_core.firms import check_locale
from crm_core.permissions import MANAGE_FIRM, demand
from crm_core.refusals import Refused, Stale
from crm_core.store.tables import FirmRecord
from crm_core.words import _

if TYPE_CHECKING:
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.postal import PostalAddress


class Accent(StrEnum):
    """The colours that a firm can choose for its pages; each can be read in both themes."""

    TEAL = ""
    BLUE = "blue"
    GREEN = "green"
    PURPLE = "purple"
    RED = "red"
    ORANGE = "orange"
    GREY = "grey"


@frozen(kw_only=True)
class FirmChange:
    """A firm as somebody wants it; `version` is that of the firm which they saw.

    Who answers a mail of the firm writes to `reply_to`, or without one to the sender.
    """

    name: str
    address: PostalAddress
    zone: str
    currency: str
    language: str
    accent: Accent
    version: int
    reply_to: str = ""


def change_firm(ctx: Context, change: FirmChange) -> None:
    """Saves the firm's settings, which hold from the next request on; `Stale` as everywhere.

    The currency is that of what is new; what is stored keeps its own.
    """
    demand(ctx, MANAGE_FIRM)
    if not change.name.strip():
        raise Refused(_("A firm needs a name."), at="name")
    check_locale(change.zone, change.currency, change.language)
    address = change.address
    changed = (
        FirmRecord.change(
            ctx.store,
            name=change.name.strip(),
            street=address.street,
            postcode=address.postcode,
            city=address.city,
            region=address.region,
            country=address.country,
            zone=change.zone,
            currency=change.currency,
            language=change.language,
            accent=change.accent,
            reply_to=clean_address(change.reply_to) if change.reply_to else "",
            version=FirmRecord.version + 1,
        )
        .where((FirmRecord.id == ctx.firm.id) & (FirmRecord.version == change.version))
        .execute()
    )
    if not changed:
        raise Stale(_told(ctx.firm), ctx.firm.version)
    audit.record_change(ctx, events.FIRM_CHANGED, _told(ctx.firm), _told(change))


def demand_second_factor(
    ctx: Context, *, demanded: bool, of_clients: bool = False, links_act: bool = True
) -> None:
    """Makes the firm demand a second factor of its staff, and of clients, from the next request on.

    `links_act` lets links in mails do single things without signing in (POR-7). Needs the right to
    manage the firm. Within the firm's writing transaction.
    """
    demand(ctx, MANAGE_FIRM)
    row = ctx.store.locking(FirmRecord.of(ctx.store).where(FirmRecord.id == ctx.firm.id)).get()
    after = {
        "demands_second_factor": demanded,
        "clients_need_second_factor": of_clients,
        "allows_action_links": links_act,
    }
    before = {name: bool(getattr(row, name)) for name in after}
    if before == after:
        return
    FirmRecord.change(ctx.store, **after, version=FirmRecord.version + 1).where(
        FirmRecord.id == ctx.firm.id
    ).execute()
    audit.record_change(ctx, events.FIRM_CHANGED, before, after)


def _told(firm: Firm | FirmChange) -> dict[str, Any]:
    """What a firm says, by the names of a form's fields."""
    return {
        "name": firm.name,
        **asdict(firm.address),
        "zone": firm.zone,
        "currency": firm.currency,
        "language": firm.language,
        "accent": firm.accent,
        "reply_to": firm.reply_to,
    }
