"""Files that come in parts: whose they are, and what is refused (DOC-7)."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from crm_core.access import assign_team
from crm_core.testing.builders import a_firm, an_account, an_employee, as_owner
from plugins.documents.values import MOST_AT_ONCE, Access
from tests.conftest import PASSWORD
from tests.plugins.documents.making import PDF
from tests.web.uploads.sending import Sender
from web.signin.people import add_person

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.web.uploads.sending import Desk


@pytest.mark.parametrize("offset", [0, 3, 5, 99])
def test_a_part_that_does_not_follow_the_last_one_changes_nothing(
    staff: Sender, desk: Desk, offset: int
) -> None:
    place = staff.announce("a.txt", 8).headers["Location"]
    assert staff.part(place, 0, b"1234").status_code == 204
    before = desk.files()
    answer = staff.part(place, offset, b"x")
    assert answer.status_code == 409
    assert answer.text == "This part of the file does not follow the one before it."
    assert (staff.offset(place), desk.files()) == (4, before)


def test_more_than_was_said_or_is_allowed_is_refused(staff: Sender, desk: Desk) -> None:
    place = staff.announce("a.txt", 3).headers["Location"]
    before = desk.files()
    answer = staff.part(place, 0, b"1234")
    assert (answer.status_code, answer.text) == (
        413,
        "More came than this file has. Choose it again.",
    )
    assert (staff.offset(place), desk.files()) == (0, before)
    answer = staff.announce("a.txt", MOST_AT_ONCE + 1)
    assert (answer.status_code, answer.text) == (413, "At most 512 MB at once.")
    many = [staff.whole(f"{n}.txt", b"") for n in range(101)]
    assert "At most 100 files at once." in staff.submit(*many).text


def test_a_file_that_is_not_all_here_is_not_taken(staff: Sender, desk: Desk) -> None:
    place = staff.announce("a.txt", 8).headers["Location"]
    staff.part(place, 0, b"1234")
    answer = staff.submit(place)
    assert answer.status_code == 422
    assert "A file that you uploaded is not here, or not all of it." in answer.text
    assert desk.documents() == []


def test_an_upload_is_nobody_elses(
    staff: Sender, desk: Desk, anna: Sender, browser_for: Callable[..., FlaskClient]
) -> None:
    colleague = add_person(desk.deployment.store, "emil@firm.example", PASSWORD)
    stranger = add_person(desk.deployment.store, "sara@other.example", PASSWORD)
    with desk.as_owner() as ctx:
        an_employee(ctx, person_id=colleague, accounts=(desk.account,))
    other = a_firm(desk.deployment.store, "other", stranger)
    with as_owner(desk.deployment.store, desk.deployment.catalog, other) as ctx:
        elsewhere = evolve(desk, firm=other, account=an_account(ctx, "Elsewhere"))
    place = staff.whole("a.pdf", PDF)
    others = [
        Sender(browser_for("emil@firm.example"), staff.form),
        anna,
        Sender(
            browser_for("sara@other.example"),
            elsewhere.form(),
        ),
    ]
    for one in others:
        for address in (place, place.replace("/acme/", f"/{one.firm}/"), place[:-4] + "0000"):
            assert one.client.head(address).status_code == 404
            assert one.part(address, 0, b"x").status_code == 404
            assert one.cancel(address).status_code == 404
        answer = one.submit(place)
        assert answer.status_code == 422
        assert "A file that you uploaded is not here, or not all of it." in answer.text
    assert staff.submit(place).status_code == 303


def test_an_upload_serves_the_form_alone_that_it_was_announced_for(
    staff: Sender, desk: Desk
) -> None:
    place = staff.whole("a.pdf", PDF)
    private = Sender(staff.client, desk.form(Access.PRIVATE))
    assert private.submit(place).status_code == 422
    assert staff.submit(place).status_code == 303


def test_whoever_may_not_send_the_form_may_not_announce_a_file_for_it(
    staff: Sender, desk: Desk, anna: Sender
) -> None:
    only_seen = desk.in_portal(Access.SEES)
    hidden = desk.in_portal(Access.PRIVATE)
    before = desk.files()
    for form, status in (
        (only_seen, 403),
        (hidden, 404),
        (staff.form, 404),
        (anna.form.removesuffix("/upload"), 404),
        ("/p/other/x/documents/folders/y/upload", 404),
        ("/nowhere", 404),
        ("/sign-in", 404),
    ):
        assert anna.announce("a.pdf", 4, form=form).status_code == status, form
    assert anna.announce("a.pdf", 4, field="same_name").status_code == 404
    assert desk.files() == before
    place = anna.whole("a.pdf", PDF)
    assert anna.submit(place).status_code == 303


def test_rights_are_asked_again_with_every_part_and_at_the_end(
    staff: Sender, desk: Desk, browser_for: Callable[..., FlaskClient]
) -> None:
    person = add_person(desk.deployment.store, "emil@firm.example", PASSWORD)
    with desk.as_owner() as ctx:
        an_employee(ctx, person_id=person, accounts=(desk.account,))
    emil = Sender(browser_for("emil@firm.example"), staff.form)
    place = emil.announce("a.txt", 8).headers["Location"]
    token = emil.token
    assert emil.part(place, 0, b"1234").status_code == 204
    with desk.as_owner() as ctx:
        assign_team(ctx, desk.account, {})
    headers = {**token, "Upload-Offset": "4"}
    answer = emil.client.patch(
        place, data=b"5678", headers=headers, content_type="application/offset+octet-stream"
    )
    assert answer.status_code == 404
    assert emil.client.head(place).status_code == 404


def test_a_request_without_the_token_of_a_page_is_refused(staff: Sender) -> None:
    place = staff.announce("a.txt", 4).headers["Location"]
    headers = {"Upload-Offset": "0"}
    content_type = "application/offset+octet-stream"
    client = staff.client
    assert (
        client.patch(place, data=b"1234", headers=headers, content_type=content_type).status_code
        == 400
    )
    assert client.delete(place).status_code == 400
    assert client.post("/uploads/acme", headers={"Upload-Length": "1"}).status_code == 400
    assert staff.offset(place) == 0


def test_a_full_disk_is_said_in_words_and_nothing_half_is_kept(
    staff: Sender, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = staff.announce("a.txt", 8).headers["Location"]
    staff.part(place, 0, b"1234")
    before = desk.files()

    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        answer = staff.part(place, 4, b"5678")
    assert answer.status_code == 503
    assert answer.text == "The disk is full. Nothing was saved; make room and try again."
    assert (staff.offset(place), desk.files()) == (4, before)
    assert staff.part(place, 4, b"5678").status_code == 204


def test_two_who_write_the_same_file_at_once_do_not_mix(staff: Sender, desk: Desk) -> None:
    place = staff.announce("a.txt", 4).headers["Location"]
    ((path, _content),) = desk.files().items()
    with desk.deployment.store.files.part(path):
        answer = staff.part(place, 0, b"1234")
    assert answer.status_code == 503
    assert staff.offset(place) == 0


def test_one_person_cannot_fill_the_disk_with_what_waits(
    staff: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm_core.uploads.MOST_WAITING", 2)
    for name in ("a.txt", "b.txt"):
        assert staff.announce(name, 4).status_code == 201
    answer = staff.announce("c.txt", 4)
    assert answer.status_code == 422
    assert answer.text.startswith("Too many of your files wait already.")
