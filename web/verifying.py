"""The page on which anybody looks whether a file is what it was when it left here.

Nobody signs in and nothing is kept. Looking takes a while, so only a few look at once.
"""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from crm_core.guarding import Failed, guarded
from web.catalogues import translated
from web.languages import language
from web.templating import render_plain
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core.contributions import Verified
    from crm_core.words import Words
    from web.bootstrap import Deployment

LARGEST = 100 * 2**20
"""Bytes of a file that is looked at."""

AT_ONCE = 2
PATIENCE = 5.0
"""Seconds that somebody waits for their turn."""

NOTHING = _("Nothing here knows this file: it bears no seal of ours.")


def what_is_known(deployment: Deployment, path: Path) -> Sequence[Verified]:
    """What the installed plugins say of a file; those that know nothing of it are left out."""
    found = []
    for one in deployment.catalog.everything.file_verifiers:
        outcome = guarded(one.name, partial(one.value.verify, deployment.store, path))
        if not isinstance(outcome, Failed) and outcome.value is not None:
            found.append(outcome.value)
    return found


def verifying(deployment: Deployment) -> Blueprint:
    """The page that asks for a file, and says what is known of it."""
    pages = Blueprint("verifying", __name__)
    turns = BoundedSemaphore(AT_ONCE)

    @pages.get("/verify")
    def ask() -> Response:
        return _page()

    @pages.post("/verify")
    def verify() -> Response:
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            return _page(problem=_("Choose a file."), status=422)
        if not turns.acquire(timeout=PATIENCE):
            return _page(problem=_("Others look at files just now. Try again soon."), status=503)
        try:
            with tempfile.NamedTemporaryFile(prefix="crm-verify-") as copy:
                sent.save(copy)
                copy.flush()
                return _page(sent.filename, what_is_known(deployment, Path(copy.name)))
        finally:
            turns.release()

    verify.largest_files = LARGEST  # type: ignore[attr-defined]
    return pages


def _page(
    name: str = "",
    found: Sequence[Verified] = (),
    problem: Words | None = None,
    status: int = 200,
) -> Response:
    spoken = language()
    html = render_plain(
        "pages/verify.html",
        title=translated(_("Is this file what it was?"), spoken),
        name=name,
        found=found,
        nothing=NOTHING,
        problem=problem,
    )
    return Response(html, status)
