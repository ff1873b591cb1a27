"""Mails about signing in through a real mail server: from the folder, each once."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from crm_core.refusals import Refused
from tests.conftest import ADDRESS, PASSWORD
from tests.web.browsing import send
from tests.web.servers import SENDER, Moods, mail_server
from tests.web.signin.acting import plain_text
from web.app import create_app
from web.letter_box import AGAIN, LEASE, LONGEST, carry, troubled
from web.posting import SmtpPost
from web.settings import MailServer, Settings
from web.signin.people import add_person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from crm_core.posting import Handed
    from web.bootstrap import Deployment


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """These mails are no business of the database."""
    return str(request.param)


@pytest.fixture
def moods() -> Moods:
    return Moods()


@pytest.fixture
def post(moods: Moods) -> Iterator[SmtpPost]:
    with mail_server(moods) as server:
        yield SmtpPost(server)


@pytest.fixture
def folder(deployment: Deployment) -> Path:
    """The outbox folder, with a letter that leads to a new password."""
    add_person(deployment.store, ADDRESS, PASSWORD)
    client = create_app(deployment).test_client()
    assert send(client, "/sign-in/forgotten", address=ADDRESS).status_code in (200, 303)
    return deployment.settings.folder / "outbox"


def names(folder: Path) -> list[str]:
    """How the letters in the folder end."""
    return sorted(path.name.partition(".")[2] for path in folder.iterdir())


def earlier(folder: Path, seconds: float) -> None:
    """Makes the letters in the folder so much older."""
    for path in folder.iterdir():
        then = time.time() - seconds
        os.utime(path, (then, then))


def test_a_letter_is_handed_over_once_and_removed(
    folder: Path, post: SmtpPost, moods: Moods
) -> None:
    assert carry(folder, post) == 1
    assert carry(folder, post) == 0
    (mail,) = moods.mails
    assert (mail["To"], mail["From"]) == (ADDRESS, SENDER)
    assert "/sign-in/reset/" in plain_text(mail)
    assert names(folder) == []


def test_one_that_is_refused_is_put_aside_for_the_operator(
    folder: Path, post: SmtpPost, moods: Moods
) -> None:
    moods.never.add(ADDRESS)
    carry(folder, post)
    assert names(folder) == ["eml.failed"]
    assert troubled(folder) == {"failed": 1, "unsure": 0}


def test_one_that_is_not_taken_now_waits(folder: Path, post: SmtpPost, moods: Moods) -> None:
    moods.later[ADDRESS] = 1
    assert carry(folder, post) == 1
    assert carry(folder, post) == 0
    assert names(folder) == ["eml"]
    earlier(folder, AGAIN)
    assert carry(folder, post) == 1
    assert len(moods.mails) == 1


def test_one_that_is_never_taken_fails_in_the_end(
    folder: Path, post: SmtpPost, moods: Moods
) -> None:
    moods.later[ADDRESS] = 1000
    (path,) = folder.iterdir()
    then = time.gmtime(time.time() - LONGEST - 60)
    path.rename(folder / f"{time.strftime('%Y%m%d-%H%M%S', then)}-old.eml")
    carry(folder, post)
    assert names(folder) == ["eml.failed"]


def test_one_that_nobody_answers_is_unsure(folder: Path, post: SmtpPost, moods: Moods) -> None:
    moods.hangs.add(ADDRESS)
    carry(folder, post)
    assert names(folder) == ["eml.unsure"]
    carry(folder, post)
    assert len(moods.mails) == 1


def test_one_whose_worker_was_killed_is_unsure(folder: Path, post: SmtpPost, moods: Moods) -> None:
    (path,) = folder.iterdir()
    path.rename(path.with_name(f"{path.name}.sending"))
    earlier(folder, LEASE - 60)
    carry(folder, post)
    assert names(folder) == ["eml.sending"]
    earlier(folder, LEASE + 60)
    carry(folder, post)
    assert names(folder) == ["eml.unsure"]
    assert moods.mails == []


def test_two_workers_send_a_letter_once(folder: Path, post: SmtpPost, moods: Moods) -> None:
    """One that comes too late leaves alone what the other is sending."""
    seen = []

    class Late(SmtpPost):
        def hand_over_bytes(self, address: str, body: bytes, begin: Callable[[], bool]) -> Handed:
            (path,) = folder.glob("*.eml")
            path.rename(path.with_name(f"{path.name}.sending"))  # the other one has begun
            handed = super().hand_over_bytes(address, body, begin)
            seen.append(names(folder))
            return handed

    carry(folder, Late(post.server))
    assert seen == [["eml.sending"]]
    assert names(folder) == ["eml.sending"]
    assert moods.mails == []


def test_a_server_that_is_down_is_asked_again(folder: Path, moods: Moods) -> None:
    with mail_server(Moods()) as gone:
        pass
    carry(folder, SmtpPost(gone))
    assert names(folder) == ["eml"]
    earlier(folder, AGAIN)
    with mail_server(moods) as server:
        carry(folder, SmtpPost(server))
    assert len(moods.mails) == 1


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("", None),
        ("smtp://mail.example", MailServer(host="mail.example", port=587, sender=SENDER)),
        (
            "smtps://crm:p%40ss@mail.example:2465",
            MailServer(
                host="mail.example",
                port=2465,
                sender=SENDER,
                user="crm",
                password="p@ss",
                implicit_tls=True,
            ),
        ),
    ],
)
def test_the_mail_server_is_named_in_the_environment(url: str, server: MailServer | None) -> None:
    found = Settings.from_environment({"CRM_SMTP_URL": url, "CRM_MAIL_FROM": SENDER})
    assert found.mail_server == server
    assert "p@ss" not in repr(found)


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://x:y/z"])
def test_what_is_no_mail_server_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(Refused, match="CRM_SMTP_URL"):
        Settings.from_environment({"CRM_SMTP_URL": url, "CRM_MAIL_FROM": SENDER})


@pytest.mark.parametrize("sender", ["", "crm", "crm@host.example\nBcc: x@evil.example"])
def test_mails_come_from_an_address(sender: str) -> None:
    with pytest.raises(Refused, match="CRM_MAIL_FROM"):
        Settings.from_environment({"CRM_SMTP_URL": "smtp://mail.example", "CRM_MAIL_FROM": sender})


def test_a_password_does_not_go_over_an_open_line(folder: Path, moods: Moods) -> None:
    with mail_server(moods) as server:
        far = SmtpPost(evolve(server, host="127.0.0.2", user="crm", password="secret"))
        carry(folder, far)
    assert names(folder) == ["eml"]
    assert moods.begun == 0
