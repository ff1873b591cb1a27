"""Mails about signing in, which belong to no firm, and texts of mails of a firm.

The former are files in the outbox folder, from which the worker hands them to the mail server, if
there is one. Those of a firm stand in line in its own rows (`crm_core.mailing`).
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import TYPE_CHECKING

from attrs import frozen
from flask import current_app

from crm_core.mailing import NewMail, queue_mail
from web.catalogues import translated
from web.outbox_folder import OUTBOX, faults_told, show, sync_folder, write_aside

if TYPE_CHECKING:
    from pathlib import Path

    from crm_core.context import Context
    from crm_core.words import Words


@frozen(kw_only=True)
class Mail:
    """A plain mail to one address, in the language of whoever reads it."""

    to: str
    language: str
    subject: Words
    text: Words


def send(mail: Mail) -> Path:
    """Writes the mail into the outbox folder, whole or not at all, and answers where."""
    return show(_written(mail))


def send_of_firm(ctx: Context, mail: Mail, key: str, *, secret: bool = False) -> None:
    """Puts a mail of the firm in line, with the change that it tells of; see `NewMail`."""
    new = NewMail(
        address=mail.to,
        subject=translated(mail.subject, mail.language),
        text=translated(mail.text, mail.language),
        key=key,
        secret=secret,
    )
    queue_mail(ctx, new)


def pretend_to_send(mail: Mail) -> None:
    """Does the work of sending, and leaves nothing: whoever waits cannot tell the difference."""
    fresh = _written(mail)
    with faults_told():
        fresh.unlink()
        sync_folder(fresh.parent)


def link_to(path: str) -> str:
    """The address of a page of ours for somebody outside: from the settings, never the request."""
    return f"{current_app.config['CRM_BASE_URL']}{path}"


def _written(mail: Mail) -> Path:
    """The mail in the outbox folder, under a name that nobody looks for yet."""
    folder: Path = current_app.config["CRM_FOLDER"] / OUTBOX
    now = datetime.now(UTC)
    name = f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}.eml"
    return write_aside(folder / name, _message(mail, now).as_bytes())


def _message(mail: Mail, now: datetime) -> EmailMessage:
    message = EmailMessage()
    message["To"] = _one_line(mail.to)
    message["Subject"] = _one_line(translated(mail.subject, mail.language))
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain="crm.invalid")
    message.set_content(translated(mail.text, mail.language))
    return message


def _one_line(text: str) -> str:
    """Headers are one line: whatever could begin another is gone."""
    return " ".join(text.split())
