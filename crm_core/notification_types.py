"""Kinds of notifications: what clients and colleagues can be told, each declared by its plugin."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from attrs import field, frozen, validators

from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crm_core.words import Words

LONGEST_NAME = 130


class Audience(StrEnum):
    """Who is told: the contacts of a client, or the colleagues who work for it."""

    CLIENT = "client"
    STAFF = "staff"


class MailWish(StrEnum):
    """How a colleague is mailed about what also stands in their inbox."""

    AT_ONCE = "at once"
    DAILY = "daily"
    NEVER = "never"


@frozen(kw_only=True)
class NotificationType:
    """A kind of notification. `name` is `plugin.what_it_is`; people read `title` and `help`.

    Colleagues find it in their inbox; `mail` is how they are mailed until they choose for
    themselves. Clients are mailed where it is `on`, until somebody chooses for their address. Told
    with `notify.tell_staff` or `notify.tell_clients`.
    """

    name: str = field(
        validator=validators.and_(validators.min_len(1), validators.max_len(LONGEST_NAME))
    )
    title: Words
    help: Words
    audience: Audience
    mail: MailWish = MailWish.DAILY
    on: bool = True
    order: int = 500


CONTACT_CHANGED_BY_CLIENT = NotificationType(
    name="core.contact_changed_by_client",
    title=_("Contact details changed by a client"),
    help=_("A client changed their own name, address or phone number."),
    audience=Audience.STAFF,
    order=900,
)

HARMFUL_FILE = NotificationType(
    name="core.harmful_file",
    title=_("Harmful file refused"),
    help=_("Somebody sent a file in which something harmful was found. It was not kept."),
    audience=Audience.STAFF,
    mail=MailWish.AT_ONCE,
    order=910,
)

CORE_NOTIFICATION_TYPES = (CONTACT_CHANGED_BY_CLIENT, HARMFUL_FILE)
"""What the core and the shell tell by themselves, whichever modules are on."""


def types_by_name(of_plugins: Iterable[NotificationType]) -> Mapping[str, NotificationType]:
    """All types in the order in which people read them, by name."""
    every = sorted((*of_plugins, *CORE_NOTIFICATION_TYPES), key=lambda one: (one.order, one.name))
    return {one.name: one for one in every}
