"""Files that come in parts, ahead of their form, and go on where they stopped (DOC-7)."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

from attrs import evolve

from crm_core.files import sweep
from crm_core.store.upload_rows import UploadRow
from tests.conftest import ADDRESS
from tests.plugins.documents.making import PDF
from tests.web.browsing import form_of
from tests.web.uploads.sending import Sender

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.web.uploads.sending import Desk


def test_a_file_in_parts_becomes_the_same_document_as_one_that_came_at_once(
    staff: Sender, desk: Desk
) -> None:
    content = PDF + os.urandom(300_000)
    answer = staff.announce("Jaarrekening 2026 – één.pdf", len(content))
    place = answer.headers["Location"]
    assert (answer.status_code, staff.offset(place)) == (201, 0)
    assert staff.part(place, 0, content[:100_000]).headers["Upload-Offset"] == "100000"
    assert staff.part(place, 100_000, content[100_000:]).status_code == 204
    assert desk.documents() == []
    answer = staff.submit(place)
    assert answer.status_code == 303
    name = "Jaarrekening 2026 – één.pdf"
    ((where, found, kind),) = desk.documents()
    assert (where, found, kind) == ("From the client", name, "application/pdf")
    page = staff.client.get(answer.headers["Location"]).text
    (document,) = [
        part.split('"')[0] for part in page.split("/documents/")[1:] if "/download" in part[:60]
    ]
    assert staff.client.get(f"{staff.form.split('/folders')[0]}/{document}").data == content


def test_what_was_uploaded_is_taken_once_however_often_the_form_is_sent(
    staff: Sender, desk: Desk
) -> None:
    place = staff.whole("scan.pdf", PDF)
    sent = {**form_of(staff.client.get(staff.form).text), "files.upload": place.rsplit("/", 1)[-1]}
    sent.pop("files", None)
    first, second = (staff.client.post(staff.form, data=sent) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert "is not here" in staff.submit(place).text
    assert len(desk.documents()) == 1


def test_a_refused_form_keeps_what_was_uploaded_for_the_next_try(staff: Sender, desk: Desk) -> None:
    place = staff.whole("scan.pdf", PDF)
    answer = staff.submit(place, same_name="nonsense")
    assert answer.status_code == 422
    assert "Here already: scan.pdf" in answer.text
    sent = {**form_of(answer.text), "same_name": "version"}
    sent.pop("files")
    assert staff.client.post(staff.form, data=sent).status_code == 303
    assert len(desk.documents()) == 1


def test_folders_that_were_dropped_are_made_and_found_again(staff: Sender, desk: Desk) -> None:
    here = staff.whole("a.pdf", PDF)
    deep = [staff.whole(name, PDF, folders="2026/Bank") for name in ("b.pdf", "c.pdf")]
    assert staff.submit(here, *deep).status_code == 303
    again = staff.whole("d.pdf", PDF, folders="../2026/ BANK ")
    answer = staff.submit(again)
    assert answer.status_code == 303
    assert [(where, name) for where, name, _kind in desk.documents()] == [
        ("From the client", "a.pdf"),
        ("From the client / 2026 / Bank", "b.pdf"),
        ("From the client / 2026 / Bank", "c.pdf"),
        ("From the client / 2026 / Bank", "d.pdf"),
    ]
    too_deep = staff.whole("e.pdf", PDF, folders="/".join("abcdefghij"))
    answer = staff.submit(too_deep)
    assert answer.status_code == 422
    assert "Folders can be 10 deep." in answer.text
    assert len(desk.documents()) == 4


def test_signing_out_midway_ends_it_and_signing_in_goes_on(
    staff: Sender, browser_for: Callable[..., FlaskClient]
) -> None:
    place = staff.announce("a.txt", 8).headers["Location"]
    staff.part(place, 0, b"1234")
    token = staff.token
    staff.client.post("/sign-out", data={"csrf_token": token["X-CSRFToken"]})
    staff.client.get("/sign-in")
    for answer in (
        staff.client.patch(place, data=b"5678", headers={**token, "Upload-Offset": "4"}),
        staff.client.head(place),
        staff.client.delete(place, headers=token),
        staff.client.post("/uploads/acme", headers=token),
    ):
        assert answer.status_code in (302, 303, 400)
        assert "Upload-Offset" not in answer.headers
    again = Sender(browser_for(ADDRESS), staff.form)
    assert again.offset(place) == 4
    assert again.part(place, 4, b"5678").status_code == 204


def test_an_upload_that_nobody_wants_is_gone_with_its_bytes(staff: Sender, desk: Desk) -> None:
    before = desk.files()
    place = staff.whole("a.pdf", PDF)
    assert staff.cancel(place).status_code == 204
    assert desk.files() == before
    assert staff.client.head(place).status_code == 404

    place = staff.whole("b.pdf", PDF)
    with desk.as_owner() as ctx:
        UploadRow.change(ctx, created=ctx.now - timedelta(hours=24)).execute()
    assert staff.client.head(place).status_code == 404
    assert staff.submit(place).status_code == 422
    with desk.as_owner() as ctx:
        sweep(evolve(ctx, now=ctx.now + timedelta(days=2)))
        assert list(UploadRow.of(ctx)) == []
    assert desk.files() == before


def test_sweeping_leaves_what_still_comes_in(staff: Sender, desk: Desk) -> None:
    place = staff.whole("a.pdf", PDF)
    with desk.as_owner() as ctx:
        sweep(evolve(ctx, now=ctx.now + timedelta(hours=23)))
    assert staff.submit(place).status_code == 303
    with desk.as_owner() as ctx:
        sweep(evolve(ctx, now=ctx.now + timedelta(days=2)))
    assert PDF in desk.files().values()


def test_what_a_killed_server_had_not_told_of_is_written_again(staff: Sender, desk: Desk) -> None:
    content = PDF + b"x" * 100
    place = staff.announce("a.pdf", len(content)).headers["Location"]
    staff.part(place, 0, content[:40])
    ((path, _content),) = desk.files().items()
    with (desk.deployment.settings.folder / "files" / path).open("ab") as file:
        file.write(b"half of the next part")
    assert staff.offset(place) == 40
    assert staff.part(place, 40, content[40:]).status_code == 204
    assert desk.files() == {path: content}


def test_what_a_browser_might_run_is_known_by_its_bytes_alone(staff: Sender, desk: Desk) -> None:
    place = staff.whole("picture.png", b"<html><script>alert(1)</script>")
    assert staff.submit(place).status_code == 303
    ((_where, name, kind),) = desk.documents()
    assert (name, kind) == ("picture.png", "application/octet-stream")
