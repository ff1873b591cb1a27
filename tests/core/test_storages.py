"""What every storage of files promises: whole or not there, parts that follow, what is left."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from time import sleep
from typing import TYPE_CHECKING

import pytest

from crm_core.refusals import Refused
from crm_core.store.blobs import Busy, Files, FolderOfFiles
from crm_core.store.blocks import BLOCK, Damaged
from crm_core.store.bucket import SENT_AT_ONCE, BucketOfFiles
from crm_core.words import Words
from tests.lying import lying_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRM = 7


@pytest.fixture
def files(storage: str, tmp_path: Path, request: pytest.FixtureRequest) -> Files:
    """An empty storage."""
    if storage == "folder":
        return FolderOfFiles(folder=tmp_path / "files")
    place = request.getfixturevalue("s3").new_bucket()
    return BucketOfFiles.opened(place.name, place.prefix, place.endpoint)


def sent(files: Files, key: str, *parts: bytes) -> None:
    """Sends these, one after the other."""
    start = 0
    for part in parts:
        with files.part(key) as place:
            start = place.write_at(start, [part])


def joined(files: Files, key: str, last: bytes, start: int) -> str:
    """Sends the last part, and answers the hash of all."""
    with files.part(key) as place:
        place.write_at(start, [last])
        return files.measured(key).sha256


def later() -> datetime:
    """When everything that is written now is old."""
    return datetime.now(UTC) + timedelta(hours=1)


def test_reading_may_begin_anywhere(files: Files) -> None:
    content = os.urandom(2 * BLOCK + 5)
    key = files.write(FIRM, [content]).key
    for start in (0, 1, BLOCK, 2 * BLOCK + 4, 2 * BLOCK + 5, 2 * BLOCK + 6):
        assert b"".join(files.read(key, start)) == content[start:]


def test_what_breaks_off_while_it_comes_in_leaves_nothing(files: Files) -> None:
    def breaking() -> Iterator[bytes]:
        yield bytes(SENT_AT_ONCE + BLOCK)
        yield bytes(SENT_AT_ONCE)
        raise Refused(Words("No more of it."))

    with pytest.raises(Refused, match="No more"):
        files.write(FIRM, breaking())
    assert not lying_in(files).names()
    assert not list(files.keys(FIRM, later()))


def test_parts_of_any_size_become_one_file(files: Files) -> None:
    parts = [b"1", os.urandom(BLOCK + 1), b"", os.urandom(3), os.urandom(2 * BLOCK), b"end"]
    key = files.begin(FIRM)
    sent(files, key, *parts[:-1])
    whole = b"".join(parts)
    found = joined(files, key, parts[-1], len(whole) - len(parts[-1]))
    assert found == hashlib.sha256(whole).hexdigest()
    assert b"".join(files.read(key)) == whole
    assert not [name for name in lying_in(files).names() if ".piece-" in name]


def test_a_place_without_bytes_is_an_empty_file(files: Files) -> None:
    key = files.begin(FIRM)
    assert files.measured(key).size == 0
    assert b"".join(files.read(key)) == b""


def test_a_part_takes_the_place_of_what_stood_behind(files: Files) -> None:
    key = files.begin(FIRM)
    sent(files, key, b"one", b"wrong", b"more")
    with files.part(key) as place:
        assert place.write_at(3, [b"t", b"wo"]) == 6
        assert files.measured(key).sha256 == hashlib.sha256(b"onetwo").hexdigest()


def test_a_part_that_breaks_off_is_not_there_and_the_one_before_it_is(files: Files) -> None:
    def breaking() -> Iterator[bytes]:
        yield bytes(BLOCK + 1)
        raise Refused(Words("No more of it."))

    key = files.begin(FIRM)
    sent(files, key, b"one")
    with pytest.raises(Refused, match="No more"), files.part(key) as place:
        place.write_at(3, breaking())
    assert joined(files, key, b"two", 3) == hashlib.sha256(b"onetwo").hexdigest()


def test_a_join_that_was_not_noted_can_be_made_again(files: Files) -> None:
    key = files.begin(FIRM)
    sent(files, key, b"one")
    with pytest.raises(Refused), files.part(key) as place:
        place.write_at(3, [b"two"])
        files.measured(key)
        raise Refused(Words("The database is gone."))
    assert joined(files, key, b"two", 3) == hashlib.sha256(b"onetwo").hexdigest()


def test_what_was_joined_can_be_measured_again(files: Files) -> None:
    key = files.begin(FIRM)
    first = joined(files, key, b"one", 0)
    with files.part(key):
        assert files.measured(key).sha256 == first


def test_two_do_not_write_one_place_at_once(files: Files) -> None:
    key = files.begin(FIRM)
    with files.part(key) as place, pytest.raises(Busy), files.part(key):
        place.write_at(0, [b"never"])
    sent(files, key, b"one")
    assert files.measured(key).size == 3


def test_of_many_who_want_one_place_at_once_one_gets_it(files: Files) -> None:
    key = files.begin(FIRM)
    start, end = Barrier(5), Barrier(5)

    def write(number: int) -> bool:
        start.wait()
        try:
            with files.part(key) as place:
                place.write_at(0, [bytes([number])])
                end.wait()
        except Busy:
            end.wait()
            return False
        return True

    with ThreadPoolExecutor(5) as threads:
        got = list(threads.map(write, range(5)))
    assert got.count(True) == 1
    assert b"".join(files.read(files.measured(key).key)) == bytes([got.index(True)])


def test_what_is_gone_is_damaged(files: Files) -> None:
    key = f"{FIRM}/ab/{'ab' * 16}"
    files.remove(key)
    with pytest.raises(Damaged):
        list(files.read(key))
    with pytest.raises(Damaged):
        files.touch(key)
    with pytest.raises(Damaged), files.part(key):
        pass
    with pytest.raises(Damaged):
        files.measured(key)


def test_removing_takes_all_that_belongs_to_a_key(files: Files) -> None:
    kept = files.write(FIRM, [b"kept"]).key
    key = files.begin(FIRM)
    sent(files, key, b"one", b"two")
    files.remove(key)
    assert lying_in(files).names() == {kept}


def test_what_is_old_is_found_for_its_firm_alone(files: Files) -> None:
    written = files.write(FIRM, [b"kept"]).key
    begun = files.begin(FIRM)
    files.write(70, [b"of another firm"])
    found = set(files.keys(FIRM, later()))
    assert written in found
    assert all(key == written or key.startswith(begun) for key in found)
    assert begun in {key.partition(".")[0] for key in found}
    assert not list(files.keys(FIRM, datetime.now(UTC) - timedelta(hours=1)))
    for key in found:
        files.remove(key)
    assert not list(files.keys(FIRM, later()))


def test_what_is_touched_is_new_again(files: Files) -> None:
    key = files.write(FIRM, [b"one"]).key
    sleep(1.1)  # a store counts whole seconds
    moment = datetime.now(UTC)
    assert list(files.keys(FIRM, moment)) == [key]
    sleep(1.1)
    files.touch(key)
    assert not list(files.keys(FIRM, moment))


def test_a_key_is_no_path(files: Files) -> None:
    behind = f"1/ab/{'ab' * 16}/../x"
    for key in ("../../etc/passwd", "1/ab/../../x", behind, "1/ab/x\0", "x", "1/"):
        for ask in (files.remove, files.touch, files.measured):
            with pytest.raises(ValueError, match="no key"):
                ask(key)


def test_a_storage_that_is_tried_out_is_as_it_was(files: Files) -> None:
    before = lying_in(files).names()
    files.try_out()
    assert lying_in(files).names() == before
