"""Who takes mails: a mail server by SMTP, or without one the outbox folder in the data folder."""

from __future__ import annotations

import re
import smtplib
import ssl
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

from attrs import define, field, frozen

from crm_core.posting import Handed, Outcome
from web.envelopes import NO_DOMAIN, POLICY, Envelope
from web.outbox_folder import OUTBOX, show, write_aside

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from email.message import EmailMessage
    from pathlib import Path

    from crm_core.posting import Letter, Post
    from web.settings import MailServer, Settings

PATIENCE = 30
"""Seconds that a mail server has for an answer."""

PATIENCE_FOR_THE_TEXT = 120
"""Seconds that it has once it was told the whole text."""

LEFT_ALONE = 30
"""Seconds for which a server that cannot be reached is not asked again, by any firm's mail."""

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def post_of(settings: Settings) -> Post:
    """The mail server of this deployment, or the folder in its place."""
    if settings.mail_server is None:
        return FolderPost(settings.folder / OUTBOX)
    return SmtpPost(settings.mail_server)


def message_of(letter: Letter, sender: str) -> EmailMessage:
    """The mail as it goes out, in the firm's name."""
    return Envelope(
        to=letter.address,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        created=letter.created,
        name=letter.name,
        sender=sender,
        sent_by=letter.firm.name,
        reply_to=letter.firm.reply_to,
        unsubscribe=letter.unsubscribe,
    ).message()


@frozen
class FolderPost:
    """Mails as .eml files, for a deployment without a mail server."""

    folder: Path
    keeps_secrets: bool = True

    def hand_over(self, letter: Letter, begin: Callable[[], bool]) -> Handed:
        """Writes the mail into the folder, whole or not at all."""
        path = self.folder / f"{letter.created:%Y%m%d-%H%M%S}-{letter.name[:8]}.eml"
        fresh = write_aside(path, message_of(letter, f"crm@{NO_DOMAIN}").as_bytes())
        if not begin():
            fresh.unlink()
            return Handed(Outcome.LATER)
        show(fresh)
        return Handed(Outcome.ACCEPTED)

    def hang_up(self) -> None:
        """Nothing stays open."""


@define
class SmtpPost:
    """A mail server; one connection serves many mails, one after the other."""

    server: MailServer
    keeps_secrets: bool = False
    _open: smtplib.SMTP | None = field(default=None, init=False)
    _away: str = field(default="", init=False)
    _away_until: float = field(default=0.0, init=False)

    def hand_over(self, letter: Letter, begin: Callable[[], bool]) -> Handed:
        """Hands one mail over; whoever is not reached or says nothing is the outcome's business."""
        body = message_of(letter, self.server.sender).as_bytes(policy=POLICY.clone(linesep="\r\n"))
        return self.hand_over_bytes(letter.address, body, begin)

    def hand_over_bytes(self, address: str, body: bytes, begin: Callable[[], bool]) -> Handed:
        """The same for a mail that is written already."""
        try:
            smtp = self._connected()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            self._leave_alone(_told(error))
            return Handed(Outcome.AWAY, _told(error))
        try:
            refused = self._announced(smtp, address)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Handed(Outcome.LATER, _told(error))
        if refused is not None:
            return refused
        with ExitStack() as unless_begun:
            unless_begun.callback(self._drop)
            if not begin():
                return Handed(Outcome.LATER)
            unless_begun.pop_all()
        try:
            assert smtp.sock is not None
            smtp.sock.settimeout(PATIENCE_FOR_THE_TEXT)
            smtp.send(_ended(body))
            answer = smtp.getreply()
            smtp.sock.settimeout(PATIENCE)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Handed(Outcome.UNKNOWN, _told(error))
        return self._judged(*answer)

    def hang_up(self) -> None:
        """Says goodbye to the server."""
        smtp, self._open = self._open, None
        if smtp is not None:
            try:
                smtp.quit()
            except (OSError, smtplib.SMTPException):
                smtp.close()

    def _connected(self) -> smtplib.SMTP:
        if self._open is not None:
            return self._open
        if time.monotonic() < self._away_until:
            raise smtplib.SMTPException(self._away)
        server, secure = self.server, ssl.create_default_context()
        smtp: smtplib.SMTP
        if server.implicit_tls:
            smtp = smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE, context=secure)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
        self._open = smtp
        smtp.ehlo()
        if not server.implicit_tls and smtp.has_extn("starttls"):
            smtp.starttls(context=secure)
            smtp.ehlo()
        elif not server.implicit_tls and server.host not in LOOPBACK:
            raise smtplib.SMTPException("the server offers no encryption")
        if server.user:
            smtp.login(server.user, server.password)
        return smtp

    def _announced(self, smtp: smtplib.SMTP, address: str) -> Handed | None:
        """Tells sender and receiver; answers what came of it where the server did not agree."""
        local, _at, domain = address.rpartition("@")
        plain = f"{local}@{domain.encode('idna').decode()}" if not domain.isascii() else address
        options = [] if plain.isascii() else ["SMTPUTF8"]
        if options and not smtp.has_extn("smtputf8"):
            return Handed(Outcome.REFUSED, "the server takes no such address")
        steps: Sequence[Callable[[], tuple[int, bytes]]] = (
            lambda: smtp.mail(self.server.sender, options),
            lambda: smtp.rcpt(plain),
            lambda: smtp.docmd("data"),
        )
        for step in steps:
            code, said = step()
            if code >= 400:
                handed = self._judged(code, said)
                if self._open is not None:
                    smtp.rset()
                return handed
        return None

    def _judged(self, code: int, said: bytes) -> Handed:
        reason = f"{code} {said.decode('utf-8', 'replace')}"
        if code == 421:
            self._drop()
        if code < 400:
            return Handed(Outcome.ACCEPTED, reason)
        return Handed(Outcome.LATER if code < 500 else Outcome.REFUSED, reason)

    def _leave_alone(self, reason: str) -> None:
        if time.monotonic() >= self._away_until:
            self._away, self._away_until = reason, time.monotonic() + LEFT_ALONE

    def _drop(self) -> None:
        smtp, self._open = self._open, None
        if smtp is not None:
            smtp.close()


def _ended(body: bytes) -> bytes:
    """The text as it goes over the line: dots doubled at the beginning of lines, and an end."""
    quoted = re.sub(rb"(?m)^\.", b"..", body)
    return quoted + (b"" if quoted.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _told(error: Exception) -> str:
    return str(error) or type(error).__name__
