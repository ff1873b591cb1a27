"""Files of the application in a bucket: sent, downloaded, and told where the store is gone."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from tests.lying import lying_in
from tests.plugins.clamd.daemon import EICAR, NAME, Daemon, switch_on
from tests.plugins.documents.making import PDF
from tests.s3 import Moods, S3Server
from tests.web.browsing import form_of

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.web.uploads.sending import Desk, Sender
    from web.settings import Settings

pytestmark = [
    pytest.mark.parametrize("engine", ["sqlite"], indirect=True),
    pytest.mark.parametrize("storage", ["bucket"], indirect=True),
]


@pytest.fixture
def settings(settings_with_storage: Settings) -> Settings:
    """Files lie in a bucket."""
    return settings_with_storage


def send(staff: Sender) -> TestResponse:
    """Sends the form with a file in it, as a browser does that runs no script."""
    form: dict[str, Any] = form_of(staff.client.get(staff.form).text)
    form["files"] = (BytesIO(PDF), "scan.pdf")
    return staff.client.post(staff.form, data=form)


def downloaded(staff: Sender, page: str) -> TestResponse:
    """Downloads the one document that the page shows."""
    (document,) = {
        part.split("/download")[0]
        for part in staff.client.get(page).text.split("/documents/")[1:]
        if "/download" in part[:60]
    }
    return staff.client.get(f"{staff.form.split('/folders')[0]}/{document}/download")


def test_what_a_form_sends_is_downloaded_again(staff: Sender, desk: Desk) -> None:
    answer = send(staff)
    assert answer.status_code == 303
    assert downloaded(staff, answer.headers["Location"]).data == PDF
    assert not desk.files()


def test_what_came_in_parts_is_downloaded_again(staff: Sender, desk: Desk) -> None:
    place = staff.announce("scan.pdf", len(PDF)).headers["Location"]
    for start in range(0, len(PDF), 10):
        assert staff.part(place, start, PDF[start : start + 10]).status_code == 204
    answer = staff.submit(place)
    assert answer.status_code == 303
    assert downloaded(staff, answer.headers["Location"]).data == PDF


def test_a_store_that_is_gone_is_a_plain_page_and_nothing_is_kept(
    staff: Sender, desk: Desk, s3: S3Server
) -> None:
    place = staff.announce("scan.pdf", len(PDF)).headers["Location"]
    before = lying_in(desk.deployment.store.files).names()
    s3.moods = Moods(status=500)
    answer = send(staff)
    assert answer.status_code == 503
    assert "The storage of files cannot be reached just now." in answer.text
    assert "Traceback" not in answer.text
    answer = staff.part(place, 0, PDF)
    assert answer.status_code == 503
    assert answer.text == "The storage of files cannot be reached just now. Try again in a moment."
    s3.moods = Moods()
    assert desk.documents() == []
    assert staff.offset(place) == 0
    assert lying_in(desk.deployment.store.files).names() == before
    assert staff.part(place, 0, PDF).status_code == 204


def test_a_download_from_a_store_that_is_gone_is_a_plain_page(staff: Sender, s3: S3Server) -> None:
    page = send(staff).headers["Location"]
    s3.moods = Moods(status=503)
    answer = downloaded(staff, page)
    assert answer.status_code == 503
    assert "The storage of files cannot be reached just now." in answer.text


def test_what_is_found_in_an_upload_is_gone_and_what_nobody_saw_waits(
    staff: Sender, desk: Desk
) -> None:
    storage = lying_in(desk.deployment.store.files)
    before = storage.names()
    with Daemon() as daemon:
        switch_on(desk.deployment.catalog, address=daemon.address, seconds=5)
        place = staff.announce("scan.pdf", len(PDF + EICAR)).headers["Location"]
        assert staff.part(place, 0, PDF).status_code == 204
        answer = staff.part(place, len(PDF), EICAR)
        assert answer.status_code == 422
        assert NAME in answer.text
        assert storage.names() == before
        place = staff.announce("letter.pdf", len(PDF)).headers["Location"]
        daemon.stop()
        assert staff.part(place, 0, PDF).status_code == 503
    assert desk.documents() == []
    with Daemon() as daemon:
        switch_on(desk.deployment.catalog, address=daemon.address, seconds=5)
        offset = staff.offset(place)
        assert staff.part(place, offset, PDF[offset:]).status_code == 204
        answer = staff.submit(place)
    assert answer.status_code == 303
    assert downloaded(staff, answer.headers["Location"]).data == PDF
