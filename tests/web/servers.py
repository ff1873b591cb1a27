"""A real mail server on loopback, whose moods a test decides."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller
from attrs import define, field

from crm_core.posting import Postman
from web.posting import post_of
from web.settings import MailServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

    from crm_core.store.database import Store
    from web.settings import Settings

SENDER = "crm@host.example"


@define
class Moods:
    """What the server answers: for an address, and whether it answers once it has the text.

    `later` are addresses that are refused for now so many times more, `never` those that do not
    exist, `hangs` those after whose mail it says nothing. `begun` counts the mails begun.
    """

    later: dict[str, int] = field(factory=dict)
    never: set[str] = field(factory=set)
    hangs: set[str] = field(factory=set)
    too_big: set[str] = field(factory=set)
    mails: list[EmailMessage] = field(factory=list)
    begun: int = 0
    _lock: threading.Lock = field(factory=threading.Lock)

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        self.begun += 1
        if address in self.never:
            return "550-there is nobody\r\n550 of that name"
        with self._lock:
            if self.later.get(address, 0) > 0:
                self.later[address] -= 1
                return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        (address,) = envelope.rcpt_tos
        if address in self.too_big:
            return "552 too much"
        message = message_from_bytes(envelope.content, policy=policy.default)
        with self._lock:
            self.mails.append(message)  # type: ignore[arg-type]
        if address in self.hangs:
            server.transport.abort()
        return "250 taken"

    def to(self, address: str) -> list[EmailMessage]:
        """The mails that it has for an address."""
        return [mail for mail in self.mails if mail["To"] == address]


@contextmanager
def mail_server(moods: Moods, port: int = 0) -> Iterator[MailServer]:
    """The server, until the block ends."""
    controller = Controller(moods, hostname="127.0.0.1", port=port or _free_port())
    controller.start()
    try:
        yield MailServer(host="127.0.0.1", port=controller.port, sender=SENDER)
    finally:
        controller.stop()


def hand_over(store: Store, settings: Settings) -> int:
    """Does what the worker does with the mails that are due; answers how many there were."""
    return Postman(store=store, post=post_of(settings)).work()


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
