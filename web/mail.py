"""Mails that are one letter: about signing in, which belong to no firm, and invitations of a firm.

The former are files in the outbox folder, from which the worker hands them to the mail server, if
there is one. Those of a firm stand in line in its own rows (`crm_core.mailing`).
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from attrs import frozen
from flask import current_app

from crm_core.mailing import NewMail, queue_mail
from web.catalogues import translated
from web.envelopes import Envelope
from web.outbox_folder import OUTBOX, faults_told, show, sync_folder, write_aside
from web.stationery import Stationery

if TYPE_CHECKING:
    from pathlib import Path

    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.words import Words
    from web.stationery import Paper


@frozen(kw_only=True)
class Mail:
    """A letter to one address, in the language of whoever reads it.

    `link` is a paragraph of the text by itself: on paper it is a button.
    """

    to: str
    language: str
    subject: Words
    text: Words
    link: str = ""


def send(mail: Mail) -> Path:
    """Writes the mail into the outbox folder, whole or not at all, and answers where."""
    return show(_written(mail))


def send_of_firm(ctx: Context, mail: Mail, key: str, *, secret: bool = False) -> None:
    """Puts a mail of the firm in line, with the change that it tells of; see `NewMail`."""
    subject, paper = _on_paper(mail, ctx.firm)
    new = NewMail(
        address=mail.to,
        subject=subject,
        text=paper.text,
        html=paper.html,
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
    subject, paper = _on_paper(mail, None)
    envelope = Envelope(
        to=mail.to,
        subject=subject,
        text=paper.text,
        html=paper.html,
        created=now,
        name=secrets.token_hex(16),
    )
    return write_aside(folder / name, envelope.message().as_bytes())


def _on_paper(mail: Mail, firm: Firm | None) -> tuple[str, Paper]:
    """The mail's subject, and what it says, in its language."""
    subject = translated(mail.subject, mail.language)
    paper = Stationery(environment=current_app.jinja_env, language=mail.language, firm=firm)
    return subject, paper.letter(subject, translated(mail.text, mail.language), mail.link)
