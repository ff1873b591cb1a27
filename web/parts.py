"""Uploads in parts that can be resumed, in the manner of tus 1.0: ahead of the form they are for.

Creation, the offset, the next part, termination. A plugin knows nothing of it: each form that asks
for several files takes ids of uploads in their place (`web/uploads.py`). Whoever is asked here
answers in one plain sentence, which the script shows at the file.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from flask import Blueprint, Response, current_app, request, url_for
from werkzeug.exceptions import HTTPException

from crm_core.firms import firm_named
from crm_core.forms import Ask, Input, asks_of
from crm_core.refusals import NotAllowed, NotChecked, NotFound, Refused, Unavailable
from crm_core.store.database import FirmScope
from crm_core.uploads import (
    Announced,
    TooLong,
    WrongOffset,
    begin_upload,
    drop_upload,
    take_part,
    upload_of,
    upload_of_person,
)
from web.catalogues import translated
from web.languages import language
from web.signin.guards import Detour, to_sign_in
from web.signin.security import signed_in
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from werkzeug.wrappers import Response as AnyResponse

    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.uploads import Upload
    from web.bootstrap import Deployment
    from web.settling import Settled

VERSION = "1.0.0"
PART = "application/offset+octet-stream"
PIECE = 2**20
"""Bytes that are read at once."""

LONGEST_PATH = 500
_STATUSES = (
    (NotFound, 404),
    (NotAllowed, 403),
    (WrongOffset, 409),
    (TooLong, 413),
    (Unavailable, 503),
    (NotChecked, 503),
    (Refused, 422),
)


@runtime_checkable
class TakesFiles(Protocol):
    """A page of the application whose form may ask for files."""

    def settled_for_files(
        self, firm: Firm, account: str, path: Mapping[str, str], *, shown: bool
    ) -> tuple[Settled, type[Any] | None]:
        """Who asks, and the form's class; refuses whoever may not send it."""


def uploading(deployment: Deployment) -> Blueprint:
    """The addresses of uploads; nobody reaches them who is not signed in."""
    doors = Blueprint("uploads", __name__)
    parts = _Parts(deployment)
    doors.add_url_rule("/uploads/<firm>", "create", parts.create, methods=["POST"])
    doors.add_url_rule(
        "/uploads/<firm>/<upload>", "upload", parts.upload, methods=["HEAD", "PATCH", "DELETE"]
    )
    doors.before_request(_refuse_strangers)
    for kind, status in _STATUSES:
        doors.register_error_handler(kind, lambda error, status=status: _said(error, status))
    doors.register_error_handler(Detour, lambda _error: _detour())
    doors.after_request(_with_version)
    return doors


class _Parts:
    """What the addresses do."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment

    def create(self, firm: str) -> Response:
        """A place for a file, for whoever may send the form that it is for."""
        told = _metadata()
        found = firm_named(self.deployment.store, firm)
        settled, asks = self._settled(found, told.get("form", ""), shown=True)
        asked = asks.get(told.get("field", ""))
        if asked is None or asked.input is not Input.FILES:
            raise NotFound
        size = _number("Upload-Length")
        if size > asked.largest:
            largest = asked.largest // 2**20
            raise TooLong(_("At most {largest} MB at once.", largest=largest))
        upload = begin_upload(
            settled.ctx,
            Announced(
                form=told["form"],
                field=told["field"],
                name=told.get("filename", ""),
                folders=tuple(one for one in told.get("folders", "").split("/") if one.strip(". ")),
                size=size,
            ),
            settled.account,
        )
        response = Response(status=201)
        to = url_for("uploads.upload", firm=found.slug, upload=upload.public_id)
        response.headers["Location"] = to
        return response

    def upload(self, firm: str, upload: str) -> Response:
        """How much of a file is here; its next part; or the end of it."""
        found = firm_named(self.deployment.store, firm)
        settled, upload_now = self._upload(found, upload)
        if request.method == "DELETE":
            return self._end(settled.ctx, upload)
        if request.method == "PATCH":
            upload_now = self._take(settled, upload_now)
        response = Response(status=204 if request.method == "PATCH" else 200)
        response.headers["Upload-Offset"] = str(upload_now.received)
        response.headers["Upload-Length"] = str(upload_now.size)
        return response

    def _take(self, settled: Settled, upload: Upload) -> Upload:
        if request.mimetype != PART:
            raise Refused(_("This is no part of a file."))
        start = _number("Upload-Offset")
        if start != upload.received:
            raise WrongOffset
        if start + (request.content_length or 0) > upload.size:
            raise TooLong(_("More came than this file has. Choose it again."))
        return take_part(settled.ctx, upload, start, _pieces(), settled.account)

    def _end(self, ctx: Context, public_id: str) -> Response:
        with ctx.store.firm_transaction(ctx.firm.id, write=True):
            key = drop_upload(ctx, public_id)
        ctx.store.files.remove(key)
        return Response(status=204)

    def _upload(self, firm: Firm, public_id: str) -> tuple[Settled, Upload]:
        """The person's own upload, while they may still send its form."""
        person = signed_in()
        assert person is not None
        scope = FirmScope(self.deployment.store, firm)
        with self.deployment.store.firm_transaction(firm.id, write=False):
            form = upload_of_person(scope, person.person_id, public_id).form
        settled, _asks = self._settled(firm, form, shown=False)
        with self.deployment.store.firm_transaction(firm.id, write=False):
            return settled, upload_of(settled.ctx, public_id)

    def _settled(self, firm: Firm, form: str, *, shown: bool) -> tuple[Settled, Mapping[str, Ask]]:
        """Who asks, as whoever sends the form at this path, and what the form asks."""
        view, path = _page_at(form)
        if path.pop("firm", "") != firm.slug:
            raise NotFound
        with self.deployment.store.firm_transaction(firm.id, write=False):
            account = path.pop("account", "")
            settled, of = view.settled_for_files(firm, account, path, shown=shown)
        return settled, {} if of is None else asks_of(of)


def _page_at(path: str) -> tuple[TakesFiles, dict[str, str]]:
    """The page that a form is sent to, and what stands in its path."""
    try:
        endpoint, arguments = current_app.url_map.bind("").match(path[:LONGEST_PATH], "POST")
    except HTTPException as error:
        raise NotFound from error
    view = current_app.view_functions[endpoint]
    if not isinstance(view, TakesFiles):
        raise NotFound
    return view, dict(arguments)


def _refuse_strangers() -> AnyResponse | None:
    if signed_in() is None:
        return to_sign_in()
    if request.headers.get("Tus-Resumable", VERSION) != VERSION:
        return Response(status=412)
    return None


def _metadata() -> Mapping[str, str]:
    """What is said of a file: names, each with a text in Base64."""
    told = {}
    for pair in request.headers.get("Upload-Metadata", "").split(","):
        name, _space, text = pair.strip().partition(" ")
        try:
            told[name] = base64.b64decode(text, validate=True).decode().replace("\0", "")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise Refused(_("This file cannot be sent under its name. Rename it first.")) from error
    return told


def _number(header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Refused(_("This is no part of a file."))
    return int(text)


def _pieces() -> Iterator[bytes]:
    while piece := request.stream.read(PIECE):
        yield piece


def _said(error: Refused, status: int) -> Response:
    sentence = translated(error.sentence, language())
    return Response(sentence, status, content_type="text/plain; charset=utf-8")


def _detour() -> Response:
    return _said(Refused(_("Load this page again: it asks first who you are.")), 403)


def _with_version(response: Response) -> Response:
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Cache-Control"] = "no-store"
    return response
