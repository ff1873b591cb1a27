"""Mail that leaves the software: written to the outbox folder until a mail server is set up."""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import TYPE_CHECKING

from attrs import frozen
from flask import current_app

if TYPE_CHECKING:
    from pathlib import Path

    from crm_core.words import Words

OUTBOX = "outbox"
"""The folder in the data folder in which mails lie as .eml files."""


@frozen(kw_only=True)
class Mail:
    """A plain mail to one address."""

    to: str
    subject: Words
    text: Words


def send(mail: Mail) -> Path:
    """Writes the mail into the outbox folder, whole or not at all, and answers where."""
    folder: Path = current_app.config["CRM_FOLDER"] / OUTBOX
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    now = datetime.now(UTC)
    name = f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}.eml"
    fresh, final = folder / f".{name}", folder / name
    with fresh.open("xb") as file:
        file.write(_message(mail, now).as_bytes())
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(final)
    return final


def link_to(path: str) -> str:
    """The address of a page of ours for somebody outside: from the settings, never the request."""
    return f"{current_app.config['CRM_BASE_URL']}{path}"


def _message(mail: Mail, now: datetime) -> EmailMessage:
    message = EmailMessage()
    message["To"] = _one_line(mail.to)
    message["Subject"] = _one_line(str(mail.subject))
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain="crm.invalid")
    message.set_content(str(mail.text))
    return message


def _one_line(text: str) -> str:
    """Headers are one line: whatever could begin another is gone."""
    return " ".join(text.split())
