"""Mail that leaves the software: written to the outbox folder until a mail server is set up."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import TYPE_CHECKING

from attrs import frozen
from flask import current_app

from crm_core.refusals import StorageFull, Unavailable
from web.catalogues import translated
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crm_core.words import Words

OUTBOX = "outbox"
"""The folder in the data folder in which mails lie as .eml files."""


@frozen(kw_only=True)
class Mail:
    """A plain mail to one address, in the language of whoever reads it."""

    to: str
    language: str
    subject: Words
    text: Words


def send(mail: Mail) -> Path:
    """Writes the mail into the outbox folder, whole or not at all, and answers where."""
    fresh = _written(mail)
    final = fresh.with_suffix("")
    with _faults_told():
        fresh.rename(final)
        _sync_folder(final.parent)
    return final


def pretend_to_send(mail: Mail) -> None:
    """Does the work of sending, and leaves nothing: whoever waits cannot tell the difference."""
    fresh = _written(mail)
    with _faults_told():
        fresh.unlink()
        _sync_folder(fresh.parent)


def link_to(path: str) -> str:
    """The address of a page of ours for somebody outside: from the settings, never the request."""
    return f"{current_app.config['CRM_BASE_URL']}{path}"


def _written(mail: Mail) -> Path:
    """The mail in the outbox folder, under a name that nobody looks for yet."""
    folder: Path = current_app.config["CRM_FOLDER"] / OUTBOX
    now = datetime.now(UTC)
    fresh = folder / f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}.eml.part"
    with _faults_told():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with fresh.open("xb") as file:
                file.write(_message(mail, now).as_bytes())
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            fresh.unlink(missing_ok=True)
            raise
    return fresh


def _sync_folder(folder: Path) -> None:
    """Makes sure that the name survives a power cut, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _faults_told() -> Iterator[None]:
    """A folder that cannot be written is a refusal that people can read."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull from error
        raise Unavailable(
            _("The mail could not be written. Tell whoever runs this software.")
        ) from error


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
