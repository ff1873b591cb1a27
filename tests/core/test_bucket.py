"""A bucket that is out of order: what is told, and that nothing is half there."""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from crm_core.refusals import Refused, StorageFull, Unavailable
from crm_core.store import bucket_calls, bucket_places
from crm_core.store.blobs import Busy
from crm_core.store.blocks import BLOCK, Damaged, checked_pieces
from crm_core.store.bucket import SENT_AT_ONCE, BucketOfFiles
from tests.lying import InBucket, lying_in
from tests.s3 import Moods, S3Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from web.settings import BucketPlace

FIRM = 7
LARGE = bytes(3 * SENT_AT_ONCE)
TOLD = "The storage of files cannot be reached just now. Try again in a moment."


@pytest.fixture
def files(s3: S3Server) -> BucketOfFiles:
    """An empty bucket."""
    return opened(s3.new_bucket())


def opened(place: BucketPlace) -> BucketOfFiles:
    return BucketOfFiles.opened(place.name, place.prefix, place.endpoint)


def lies(files: BucketOfFiles) -> InBucket:
    found = lying_in(files)
    assert isinstance(found, InBucket)
    return found


@pytest.mark.parametrize("status", [500, 503, 403])
@pytest.mark.parametrize("good", [0, 1, 2, 3])
def test_a_store_that_says_no_is_told_and_keeps_nothing(
    s3: S3Server, files: BucketOfFiles, status: int, good: int
) -> None:
    s3.moods = Moods(status=status, methods=("PUT", "POST"), good=good)
    with pytest.raises(Unavailable) as told:
        files.write(FIRM, [LARGE])
    assert str(told.value.sentence) == TOLD
    s3.moods = Moods()
    assert not lies(files).names()
    assert not lies(files).unfinished()


def test_a_store_that_is_full_is_told(s3: S3Server, files: BucketOfFiles) -> None:
    s3.moods = Moods(status=507)
    with pytest.raises(StorageFull):
        files.write(FIRM, [b"small"])


def test_a_bucket_that_is_not_there_is_no_damaged_file(s3: S3Server) -> None:
    files = opened(attrs.evolve(s3.new_bucket(), name="nowhere"))
    key = f"{FIRM}/ab/{'ab' * 16}"
    asks = (
        lambda: files.write(FIRM, [b"x"]),
        lambda: list(files.read(key)),
        lambda: files.touch(key),
        lambda: files.begin(FIRM),
        lambda: list(files.keys(FIRM, datetime.now(UTC))),
        lambda: files.remove(key),
    )
    for ask in asks:
        with pytest.raises(Unavailable) as told:
            ask()
        assert str(told.value.sentence) == TOLD


def test_nobody_who_listens_and_nobody_who_answers(
    s3: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket_calls, "WAITING", 0.2)
    place = s3.new_bucket()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        files = opened(attrs.evolve(place, endpoint=endpoint))
        with pytest.raises(Unavailable, match="cannot be reached"):
            files.write(FIRM, [b"x"])
    with pytest.raises(Unavailable, match="cannot be reached"):
        list(files.read(f"{FIRM}/ab/{'ab' * 16}"))


def test_a_store_that_goes_away_in_the_middle_is_told(s3: S3Server) -> None:
    mine = S3Server.start()
    files = opened(mine.new_bucket())

    def going() -> Iterator[bytes]:
        yield LARGE
        mine.stop()
        yield LARGE

    with pytest.raises(Unavailable, match="cannot be reached"):
        files.write(FIRM, going())


def test_a_file_that_breaks_off_is_read_on_from_there(s3: S3Server, files: BucketOfFiles) -> None:
    content = os.urandom(3 * BLOCK)
    key = files.write(FIRM, [content]).key
    s3.moods = Moods(breaks_after=BLOCK + 10, times=2)
    assert b"".join(files.read(key)) == content
    assert s3.moods.ranges == [f"bytes={BLOCK + 10}-", f"bytes={2 * (BLOCK + 10)}-"]


def test_a_file_that_breaks_off_again_and_again_is_told(s3: S3Server, files: BucketOfFiles) -> None:
    key = files.write(FIRM, [os.urandom(BLOCK)]).key
    s3.moods = Moods(breaks_after=0, times=100)
    with pytest.raises(Unavailable, match="cannot be reached"):
        list(files.read(key))


def test_a_file_that_is_replaced_while_it_is_read_is_damaged(
    s3: S3Server, files: BucketOfFiles
) -> None:
    key = files.write(FIRM, [os.urandom(3 * BLOCK)]).key
    s3.moods = Moods(breaks_after=BLOCK, times=1)
    reading = files.read(key)
    next(reading)
    lies(files).put(key, bytes(3 * BLOCK))
    with pytest.raises(Damaged):
        list(reading)


def test_wrong_bytes_in_the_bucket_are_not_handed_on(files: BucketOfFiles) -> None:
    blob = files.write(FIRM, [os.urandom(2 * BLOCK)])
    lies(files).put(blob.key, bytes(2 * BLOCK))
    with pytest.raises(Damaged):
        next(checked_pieces(files.read(blob.key), blob))


def test_a_writer_that_died_is_followed_by_another_after_a_while(
    files: BucketOfFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = files.begin(FIRM)
    dead = bucket_places.HeldPlace(
        bucket=files.bucket, key=key, place=bucket_places.place_of(files.bucket, key)
    )
    dead.say(writer="dead")
    with pytest.raises(Busy), files.part(key):
        pass
    monkeypatch.setattr(bucket_places, "DEAD_AFTER", timedelta(0))
    with files.part(key) as place:
        place.write_at(0, [b"one"])
    # It was only asleep: nothing that it writes counts any more, and the other's part does.
    with pytest.raises(Busy):
        dead.write_at(0, [b"late"])
    assert b"".join(files.read(files.measured(key).key)) == b"one"


def test_a_writer_is_heard_of_as_long_as_it_writes(
    files: BucketOfFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket_places, "RENEWED_EVERY", timedelta(seconds=0.02))
    key = files.begin(FIRM)
    with files.part(key) as place:
        tags = set()
        while len(tags) < 3:
            tags.add(bucket_places.place_of(files.bucket, key).tag)
        assert place.write_at(0, [b"one"]) == 3
    assert files.measured(key).size == 3


def test_a_part_is_not_there_where_the_store_did_not_say_so(
    s3: S3Server, files: BucketOfFiles
) -> None:
    key = files.begin(FIRM)
    with pytest.raises(Unavailable), files.part(key) as place:
        place.write_at(0, [b"one"])
        s3.moods = Moods(status=500, methods=("PUT",), good=1)
        place.write_at(3, [b"two"])
    s3.moods = Moods()
    assert files.measured(key).size == 3


def test_an_upload_that_was_never_completed_is_swept(files: BucketOfFiles) -> None:
    key = files.write(FIRM, [b"whole"]).key
    files.bucket.call("create_multipart_upload", key)
    old = [one for one in files.keys(FIRM, datetime.now(UTC) + timedelta(hours=1)) if one != key]
    for one in (*old, *old):
        files.remove(one)
    assert not lies(files).unfinished()
    assert b"".join(files.read(key)) == b"whole"


def test_what_is_not_ours_in_the_bucket_stays(files: BucketOfFiles) -> None:
    lies(files).put(f"{FIRM}/readme.txt", b"not ours")
    lies(files).put("8", b"not ours")
    assert not list(files.keys(FIRM, datetime.now(UTC) + timedelta(hours=1)))


def test_more_files_than_one_page_lists_are_found(files: BucketOfFiles) -> None:
    def two_at_once(params: dict[str, Any], **_more: object) -> dict[str, Any]:
        return {**params, "MaxKeys": 2}

    files.bucket.client.meta.events.register("provide-client-params.s3.ListObjectsV2", two_at_once)
    for number in range(5):
        lies(files).put(f"{FIRM}/ab/{number:032x}", b"")
    assert len(list(files.keys(FIRM, datetime.now(UTC) + timedelta(hours=1)))) == 5


def test_a_store_that_ignores_conditions_is_found_out(s3: S3Server, files: BucketOfFiles) -> None:
    s3.moods = Moods(ignores_conditions=True)
    with pytest.raises(Refused, match="It is not fit"):
        files.try_out()
    s3.moods = Moods(status=403)
    with pytest.raises(Unavailable):
        files.try_out()
    s3.moods = Moods()
    assert lying_in(files).names() == set()
