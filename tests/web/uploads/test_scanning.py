"""Files are looked at before they are kept: what is found is refused, and so is what nobody saw."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from crm_core import audit
from crm_core.contributions import FileScanner
from crm_core.inbox import inbox_page
from crm_core.modules import switch_module
from crm_core.store.upload_rows import UploadRow
from crm_core.testing.builders import as_owner
from tests.pictures import encoded, quarters
from tests.plugins.clamd.daemon import EICAR, NAME, Daemon, switch_on
from tests.plugins.documents.making import PDF
from tests.web.browsing import form_of
from tests.web.plugins import Trial, _, a_plugin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from werkzeug.test import TestResponse

    from crm_core.context import Context
    from tests.web.uploads.sending import Desk, Sender
    from web.settings import Settings

HARMFUL = PDF + EICAR
FOUND = f"scan.pdf is not taken: {NAME} was found in it."
UNCHECKED = "scan.pdf cannot be checked just now, so it is not taken. Try again in a moment."


@pytest.fixture
def daemon(desk: Desk) -> Iterator[Daemon]:
    """A clamd that the firm's edition names."""
    with Daemon() as made:
        switch_on(desk.deployment.catalog, address=made.address, seconds=5)
        yield made


def send(sender: Sender, *files: tuple[str, bytes], **more: str) -> TestResponse:
    """Sends files with the form, as a browser without JavaScript does."""
    sent = {**form_of(sender.client.get(sender.form).text), **more}
    chosen = [(BytesIO(content), name) for name, content in files]
    answer = sender.client.post(sender.form, data={**sent, "files": chosen})
    answer.request.input_stream.close()
    return answer


def told(desk: Desk) -> list[tuple[str, Any]]:
    """What the history says of files that were refused: who sent them, and what was found."""
    with desk.as_owner() as ctx:
        entries = audit.history(ctx, account_id=desk.account.id).entries
        return [(one.who, one.after) for one in entries if one.event == "files.file_refused"]


def inbox(desk: Desk) -> list[str]:
    """What the owner is told."""
    with desk.as_owner() as ctx:
        return [str(one.what) for one in inbox_page(ctx, 1).entries]


def test_what_is_found_in_a_file_refuses_the_form_at_its_field_and_nothing_is_kept(
    anna: Sender, desk: Desk, daemon: Daemon
) -> None:
    before = desk.files()
    answer = send(anna, ("letter.pdf", PDF), ("scan.pdf", HARMFUL), same_name="version")
    assert answer.status_code == 422
    assert FOUND in answer.text
    assert form_of(answer.text)["same_name"] == "version"
    assert (desk.documents(), desk.files()) == ([], before)
    assert daemon.seen == [PDF, HARMFUL]
    ((who, after),) = told(desk)
    assert (who.partition(" ")[0], after) == ("Anna", {"file": "scan.pdf", "found": NAME})
    assert inbox(desk) == [f"{NAME} was found in scan.pdf, which {who} sent."]
    send(anna, ("other.pdf", HARMFUL))
    assert inbox(desk) == [f"{NAME} was found in other.pdf, which {who} sent."]
    assert send(anna, ("letter.pdf", PDF)).status_code == 303
    assert len(desk.documents()) == 1


def test_what_is_found_in_an_upload_is_told_with_its_last_part_and_the_bytes_are_gone(
    anna: Sender, desk: Desk, daemon: Daemon
) -> None:
    before = desk.files()
    place = anna.announce("scan.pdf", len(HARMFUL)).headers["Location"]
    assert anna.part(place, 0, HARMFUL[:70]).status_code == 204
    assert not daemon.seen
    answer = anna.part(place, 70, HARMFUL[70:])
    assert (answer.status_code, answer.text) == (422, FOUND)
    assert desk.files() == before
    assert anna.part(place, 70, HARMFUL[70:]).status_code == 404
    assert "is not here" in anna.submit(place).text
    assert desk.documents() == []
    assert [after for _who, after in told(desk)] == [{"file": "scan.pdf", "found": NAME}]
    assert len(inbox(desk)) == 1
    assert anna.submit(anna.whole("letter.pdf", PDF), anna.whole("empty", b"")).status_code == 303
    assert daemon.seen == [HARMFUL, PDF, b""], "each was looked at once, before its form was sent"


def test_a_scanner_that_is_gone_takes_no_file_and_goes_on_where_it_stopped(
    staff: Sender, desk: Desk, daemon: Daemon
) -> None:
    daemon.stop()
    before = desk.files()
    answer = send(staff, ("scan.pdf", PDF), same_name="version")
    assert answer.status_code == 503
    assert UNCHECKED in answer.text
    assert form_of(answer.text)["same_name"] == "version"
    assert desk.files() == before
    place = staff.announce("scan.pdf", len(PDF)).headers["Location"]
    assert staff.part(place, 0, PDF[:9]).status_code == 204
    answer = staff.part(place, 9, PDF[9:])
    assert answer.status_code == 503
    assert answer.text.startswith(UNCHECKED)
    assert staff.offset(place) == 9
    assert "is not here, or not all of it" in staff.submit(place).text
    assert (desk.documents(), told(desk)) == ([], [])
    faults = staff.client.get("/f/acme/settings/modules").text
    assert "clamd.viruses" in faults
    assert "ConnectionRefusedError" in faults
    with Daemon() as again:
        switch_on(desk.deployment.catalog, address=again.address)
        assert staff.part(place, 9, PDF[9:]).status_code == 204
        assert staff.submit(place).status_code == 303


@pytest.mark.parametrize("fault", [{"hangs": True}, {"says": b"HELLO\0"}, {"says": b""}])
def test_a_scanner_that_hangs_or_answers_nonsense_takes_no_file(
    staff: Sender, desk: Desk, fault: dict[str, Any]
) -> None:
    with Daemon(**fault) as daemon:
        switch_on(desk.deployment.catalog, address=daemon.address, seconds=0.3)
        before = desk.files()
        assert send(staff, ("scan.pdf", PDF)).status_code == 503
        assert desk.files() == before


def test_a_file_that_is_too_large_for_the_scanner_is_refused_in_a_sentence(
    staff: Sender, desk: Desk, daemon: Daemon
) -> None:
    daemon.limit = 10
    said = "scan.pdf is too large for the virus scanner, so it is not taken."
    answer = send(staff, ("scan.pdf", PDF))
    assert answer.status_code == 422
    assert said in answer.text
    place = staff.announce("scan.pdf", len(PDF)).headers["Location"]
    answer = staff.part(place, 0, PDF)
    assert (answer.status_code, answer.text) == (422, said)
    assert (desk.documents(), told(desk)) == ([], [])
    switch_on(desk.deployment.catalog, address=daemon.address, megabytes=0)
    assert said in send(staff, ("scan.pdf", PDF)).text
    assert not daemon.seen, "of what is larger than it looks at, clamd says that all is well"


@pytest.mark.parametrize("address", [None, "", "nowhere:at all", 7])
def test_a_scanner_without_an_address_takes_no_file_and_says_so(
    staff: Sender, desk: Desk, address: object
) -> None:
    switch_on(desk.deployment.catalog, **({} if address is None else {"address": address}))
    answer = send(staff, ("scan.pdf", PDF))
    assert answer.status_code == 422
    assert "No file can be taken: the virus scanner is switched on" in answer.text
    assert desk.documents() == []


def test_a_scanner_that_is_off_is_not_asked(staff: Sender, desk: Desk, daemon: Daemon) -> None:
    with desk.as_owner() as ctx:
        switch_module(ctx, "clamd")
    assert send(staff, ("scan.pdf", HARMFUL)).status_code == 303
    assert not daemon.seen


def test_an_upload_from_before_the_scanner_was_switched_on_has_to_come_again(
    staff: Sender, desk: Desk
) -> None:
    place = staff.whole("scan.pdf", PDF)
    with Daemon() as daemon:
        switch_on(desk.deployment.catalog, address=daemon.address)
        assert staff.offset(place) == 0
        assert "is not here, or not all of it" in staff.submit(place).text
        assert staff.part(place, 0, PDF[:9]).status_code == 204
        assert staff.offset(place) == 9
        with desk.as_owner() as ctx:
            assert [row.sha256 for row in UploadRow.of(ctx)] == [""]
        assert staff.part(place, 9, PDF[9:]).status_code == 204
        assert staff.submit(place).status_code == 303
        assert daemon.seen == [PDF]


def test_a_photo_is_looked_at_before_anything_decodes_it(
    staff: Sender, desk: Desk, daemon: Daemon
) -> None:
    photo = encoded(quarters()) + EICAR
    path = f"/f/acme/accounts/{desk.account.public_id}/info/photo"
    answer = choose(staff.client, path, photo)
    assert answer.status_code == 422
    assert f"photo.png is not taken: {NAME} was found in it." in answer.text
    assert choose(staff.client, path, encoded(quarters())).status_code == 303
    assert daemon.seen == [photo, encoded(quarters())]


def choose(client: Any, path: str, photo: bytes) -> TestResponse:
    """Chooses a photo and sends the form."""
    data = {**form_of(client.get(path).text), "file": (BytesIO(photo), "photo.png")}
    answer: TestResponse = client.post(path, data=data)
    answer.request.input_stream.close()
    return answer


def _raising(error: BaseException) -> Callable[..., str | None]:
    def scan(_ctx: Context, _file: object, _pieces: object) -> str | None:
        raise error

    return scan


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "scan",
    [
        _raising(ZeroDivisionError()),
        _raising(SystemExit(1)),
        lambda _ctx, _file, _pieces: True,
        lambda _ctx, _file, _pieces: "",
        lambda _ctx, _file, _pieces: "\u202e\x00 ",
        lambda _ctx, _file: None,
    ],
)
def test_a_scanner_that_fails_has_not_looked(
    settings: Settings, tmp_path: Path, scan: Callable[..., Any]
) -> None:
    scanner = FileScanner(name="odd", title=_("Odd"), scan=scan)
    trial = Trial.of(settings, a_plugin(tmp_path, "faulty", file_scanners=(scanner,)))
    answer = choose(trial.client, f"{trial.overview}/info/photo", encoded(quarters()))
    assert answer.status_code == 503
    assert "photo.png cannot be checked just now" in answer.text
    (fault,) = trial.deployment.catalog.faults.of_firm(trial.firm.id)
    assert (fault.what, fault.reference in answer.text) == ("faulty.odd", True)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_scanner_sees_the_whole_file_by_their_order_until_one_finds_something(
    settings: Settings, tmp_path: Path
) -> None:
    seen: list[tuple[str, Any, int]] = []

    def scanner(name: str, order: int, found: str | None) -> FileScanner:
        def scan(ctx: Context, file: Any, pieces: Iterator[bytes]) -> str | None:
            assert not ctx.store.database.in_transaction()
            seen.append((name, file, len(b"".join(pieces))))
            return found

        return FileScanner(name=name, title=_("Looks"), scan=scan, order=order)

    scanners = (scanner("c", 3, "never"), scanner("a", 2, "Bad\x00\n  thing" + "!" * 200))
    trial = Trial.of(
        settings,
        a_plugin(tmp_path, "one", file_scanners=scanners),
        a_plugin(tmp_path, "two", file_scanners=(scanner("b", 1, None),)),
    )
    photo = encoded(quarters())
    answer = choose(trial.client, f"{trial.overview}/info/photo", photo)
    assert "Bad thing!!!" in answer.text
    assert "!" * 92 not in answer.text
    assert [(name, size) for name, _file, size in seen] == [("b", len(photo)), ("a", len(photo))]
    arriving = seen[0][1]
    assert (arriving.name, arriving.size, arriving.kind) == ("photo.png", len(photo), "image/png")
    with as_owner(trial.deployment.store, trial.deployment.catalog, trial.firm) as ctx:
        assert audit.history(ctx).entries[0].event == "files.file_refused"
