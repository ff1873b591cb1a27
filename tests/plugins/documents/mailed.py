"""The links in mails with which clients act without signing in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crm_core.delivering import notification_work
from crm_core.working import Worker
from tests.web.portal.visiting import mails
from tests.web.servers import hand_over
from tests.web.signin.acting import plain_text
from web.scribe import MailScribe

if TYPE_CHECKING:
    from flask import Flask

    from tests.plugins.documents.people import Practice
    from web.bootstrap import Deployment


def links(practice: Practice, deployment: Deployment, app: Flask) -> dict[str, str]:
    """Lets the worker send what waits; the path of the link to act with, by address."""
    own = notification_work(MailScribe(deployment, app=app))
    Worker(store=practice.store, catalog=practice.catalog, own=own).work()
    hand_over(practice.store, deployment.settings)
    found = {}
    for mail in mails(deployment.settings.folder):
        paths = re.findall(r"https?://[^/\s]+(/do/\S+)", plain_text(mail))
        if paths:
            found[str(mail["To"])] = paths[0]
    return found
