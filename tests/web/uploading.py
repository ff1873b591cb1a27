"""Sending files in parts, as the script does."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from attrs import frozen

from tests.web.browsing import form_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

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
