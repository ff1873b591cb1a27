"""A place in a bucket for bytes that come in in parts, and who holds it.

Objects cannot be appended to. Each part becomes pieces, objects of their own, and one more object
says which of them count, in order, and who is writing. That object is only ever replaced as what
it was when it was read (`If-Match`): of two writers one is told that it was overtaken, and a part
counts for good or not at all.
"""

from __future__ import annotations

import json
import secrets
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

import attrs
from attrs import field, frozen

from crm_core.refusals import Unavailable
from crm_core.store.blobs import Busy
from crm_core.store.blocks import Damaged, in_blocks
from crm_core.store.bucket_calls import Overtaken, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crm_core.store.bucket_calls import Bucket

DEAD_AFTER = timedelta(seconds=30)
"""How long nothing is heard of a writer until somebody else may write in its place."""

RENEWED_EVERY = timedelta(seconds=8)
"""How often a writer is heard of."""

_PLACE = ".place"
_PIECE = ".piece-"


@frozen(kw_only=True)
class Piece:
    """Bytes of a part, under a key of their own."""

    key: str
    size: int


@frozen(kw_only=True)
class Place:
    """Which pieces count, in order, and who is writing the next; nobody where that is empty."""

    writer: str = ""
    pieces: tuple[Piece, ...] = ()
    tag: str = ""
    silent_for: timedelta = timedelta()

    @property
    def is_held(self) -> bool:
        """Whether somebody is writing, and was heard of lately."""
        return bool(self.writer) and self.silent_for < DEAD_AFTER


def make_place(bucket: Bucket, key: str) -> None:
    """An empty place under a key that nothing has."""
    bucket.put(key + _PLACE, _said(Place()), IfNoneMatch="*")


def place_of(bucket: Bucket, key: str) -> Place:
    """The place under this key; `Damaged` where there is none."""
    answer = bucket.call("get_object", key + _PLACE)
    with told():
        said = json.loads(answer["Body"].read())
    # Both times are the store's own, where it says what time it is: clocks differ.
    now = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
    now = parsedate_to_datetime(now) if now else datetime.now(UTC)
    return Place(
        writer=said["writer"],
        pieces=tuple(Piece(key=name, size=size) for name, size in said["pieces"]),
        tag=answer["ETag"],
        silent_for=now - answer["LastModified"],
    )


@contextmanager
def held(bucket: Bucket, key: str) -> Iterator[HeldPlace]:
    """Holds the place for one writer, who is heard of meanwhile; `Busy` where another does."""
    place = place_of(bucket, key)
    if place.is_held:
        raise Busy
    mine = HeldPlace(bucket=bucket, key=key, place=place)
    mine.say(writer=secrets.token_hex(16))
    done = Event()
    beside = Thread(target=mine.keep_saying, args=(done,), daemon=True)
    beside.start()
    try:
        yield mine
    finally:
        done.set()
        beside.join()
        # Whoever cannot say so is taken for dead a little later.
        with suppress(Unavailable):
            mine.say(writer="")


@attrs.define(kw_only=True)
class HeldPlace:
    """A place while one writer holds it."""

    bucket: Bucket
    key: str
    place: Place
    _one_at_a_time: Lock = field(factory=Lock, init=False)

    def write_at(self, start: int, chunks: Iterable[bytes]) -> int:
        """Stores these bytes from there on, for good; where that fails none of them stays."""
        before = _up_to(start, self.place.pieces)
        behind = self.place.pieces[len(before) :]
        fresh: list[Piece] = []
        stored = False
        try:
            for block in in_blocks(chunks):
                piece = Piece(key=f"{self.key}{_PIECE}{secrets.token_hex(16)}", size=len(block))
                fresh.append(piece)
                self.bucket.put(piece.key, block)
            self.say(pieces=(*before, *fresh))
            stored = True
        finally:
            self._remove(behind if stored else fresh)
        return start + sum(piece.size for piece in fresh)

    def forget_pieces(self) -> None:
        """Removes the pieces, which have become one object; what cannot be removed is swept."""
        pieces = self.place.pieces
        with suppress(Unavailable):
            self.say(pieces=())
            self._remove(pieces)

    def say(self, *, writer: str | None = None, pieces: tuple[Piece, ...] | None = None) -> None:
        """Replaces what the place says; `Busy` where somebody else has done so."""
        with self._one_at_a_time:
            now = self.place
            place = Place(
                writer=now.writer if writer is None else writer,
                pieces=now.pieces if pieces is None else pieces,
            )
            said = _said(place)
            try:
                tag = self.bucket.put(self.key + _PLACE, said, IfMatch=now.tag)
            except Overtaken as error:
                tag = self._tag_of(said, error)
            self.place = attrs.evolve(place, tag=tag)

    def keep_saying(self, done: Event) -> None:
        """Says again and again that this writer is there, until it is done or overtaken."""
        while not done.wait(RENEWED_EVERY.total_seconds()):
            try:
                self.say()
            except Busy:
                return
            except Unavailable:
                continue

    def _tag_of(self, said: bytes, error: Overtaken) -> str:
        """An answer may get lost on its way: what is there may be what we just said."""
        answer = self.bucket.call("get_object", self.key + _PLACE)
        with told():
            found = answer["Body"].read()
        if found != said:
            raise Busy from error
        return str(answer["ETag"])

    def _remove(self, pieces: Iterable[Piece]) -> None:
        with suppress(Unavailable):
            for piece in pieces:
                self.bucket.call("delete_object", piece.key)


def _up_to(start: int, pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The pieces before this byte; `Damaged` where they do not end there."""
    end, count = 0, 0
    while end < start and count < len(pieces):
        end += pieces[count].size
        count += 1
    if end != start:
        raise Damaged
    return pieces[:count]


def _said(place: Place) -> bytes:
    """The place in JSON, and something that makes it different from all others."""
    pieces = [[piece.key, piece.size] for piece in place.pieces]
    said = {"writer": place.writer, "pieces": pieces, "once": secrets.token_hex(8)}
    return json.dumps(said).encode()
