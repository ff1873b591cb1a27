"""Sending files in parts, as the script does."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from attrs import frozen

from crm_core.testing.builders import as_owner
from plugins.documents import store as documents
from plugins.documents import tree
from plugins.documents.values import Access
from tests.plugins.documents.making import top
from tests.web.browsing import form_of

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from crm_core.accounts import Account
    from crm_core.context import Context
    from crm_core.firms import Firm
    from web.bootstrap import Deployment
PART = "application/offset+octet-stream"


@frozen
class Sender:
    """Somebody's browser on the page with a form that takes files."""

    client: FlaskClient
    form: str

    @property
    def token(self) -> dict[str, str]:
        """What proves that a page of ours asks."""
        return {"X-CSRFToken": form_of(self.client.get(self.form).text)["csrf_token"]}

    def announce(
        self, name: str, size: int, *, form: str = "", field: str = "files", folders: str = ""
    ) -> TestResponse:
        """Asks for a place for a file."""
        told = {"filename": name, "form": form or self.form, "field": field, "folders": folders}
        pairs = (f"{key} {b64encode(text.encode()).decode()}" for key, text in told.items())
        headers = {
            **self.token,
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(size),
            "Upload-Metadata": ",".join(pairs),
        }
        return self.client.post(f"/uploads/{self.firm}", headers=headers)

    @property
    def firm(self) -> str:
        """The firm's name in addresses."""
        return self.form.split("/")[2]

    def part(self, place: str, offset: int, content: bytes) -> TestResponse:
        """Sends the next part."""
        headers = {**self.token, "Tus-Resumable": "1.0.0", "Upload-Offset": str(offset)}
        return self.client.patch(place, data=content, headers=headers, content_type=PART)

    def offset(self, place: str) -> int:
        """How much of it is there."""
        answer = self.client.head(place, headers={"Tus-Resumable": "1.0.0"})
        assert answer.status_code == 200
        return int(answer.headers["Upload-Offset"])

    def cancel(self, place: str) -> TestResponse:
        """Says that it is not to be sent."""
        return self.client.delete(place, headers=self.token)

    def whole(self, name: str, content: bytes, folders: str = "") -> str:
        """Sends a whole file, and answers its place."""
        answer = self.announce(name, len(content), folders=folders)
        assert answer.status_code == 201, answer.text
        place = answer.headers["Location"]
        if content:
            assert self.part(place, 0, content).status_code == 204
        return place

    def submit(self, *places: str, **more: str) -> TestResponse:
        """Sends the form with the files that came ahead."""
        sent = {**form_of(self.client.get(self.form).text), **more}
        sent.pop("files", None)
        ids = [place.rsplit("/", 1)[-1] for place in places]
        return self.client.post(self.form, data={**sent, "files.upload": ids})


@frozen
class Desk:
    """An account of a firm, the forms that take files for it, and what is kept."""

    deployment: Deployment
    firm: Firm
    account: Account

    def as_owner(self) -> AbstractContextManager[Context]:
        """A transaction in which the owner acts."""
        return as_owner(self.deployment.store, self.deployment.catalog, self.firm)

    def form(self, access: Access = Access.EDITS) -> str:
        """The page with the form for the top folder with this access."""
        with self.as_owner() as ctx:
            folder = top(ctx, self.account, access)
        here = f"/f/{self.firm.slug}/accounts/{self.account.public_id}"
        return f"{here}/documents/folders/{folder}/upload"

    def in_portal(self, access: Access = Access.EDITS) -> str:
        """The same where clients see it."""
        there = f"/p/{self.firm.slug}/{self.account.public_id}"
        return there + self.form(access)[self.form(access).index("/documents") :]

    def files(self) -> dict[str, bytes]:
        """What lies in the folder of files."""
        folder = self.deployment.settings.folder / "files"
        found = (one for one in folder.rglob("*") if one.is_file())
        return {str(one.relative_to(folder)): one.read_bytes() for one in found}

    def documents(self) -> list[tuple[str, str, str]]:
        """The folders of each document, its name, and what it is."""
        with self.as_owner() as ctx:
            known = tree.tree_of(ctx, self.account.id)
            found = [
                (known.path(known.with_id(one.folder_id)), one.name, one.kind)
                for one in documents.latest_documents(ctx, self.account.id, 50)
            ]
        return sorted(
            (" / ".join(str(one.name) for one in path), name, kind) for path, name, kind in found
        )
