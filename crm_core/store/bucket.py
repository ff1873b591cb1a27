"""Files in a bucket of S3, or of a store that speaks like it.

An object is there whole or not at all, and nobody hears of it before the store has said so. What
comes in in parts lies in pieces beside its key (`bucket_places.py`) until it is joined. Needs the
extra `s3`.
"""

from __future__ import annotations

import re
import secrets
from contextlib import closing, contextmanager, suppress
from itertools import groupby
from typing import TYPE_CHECKING, Any

import attrs
from attrs import field, frozen
from botocore.exceptions import BotoCoreError

from crm_core.refusals import Refused, Unavailable
from crm_core.store.blobs import KEY, fresh_key
from crm_core.store.blocks import BLOCK, Damaged, written
from crm_core.store.bucket_calls import (
    Bucket,
    Elsewhere,
    Ended,
    Overtaken,
    checksum,
    open_bucket,
)
from crm_core.store.bucket_places import held, make_place, place_of
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from crm_core.file_values import Blob
    from crm_core.store.blobs import Part

SENT_AT_ONCE = 2 * BLOCK
"""Bytes of a large object that are sent at once; the store wants 5 MB or more."""

_RESUMED = 3
"""How often reading goes on after a break, where nothing came in between."""

_KEY_LENGTH = len("/ab/") + 32
_LEFT = re.compile(r"(?:\.place|\.touched|\.piece-[0-9a-f]{32}|\.upload-.+)?\Z", re.DOTALL)
"""What may stand behind a key."""

_PROBE = ".probe-"
_TOUCHED = ".touched"
_UPLOAD = ".upload-"


@frozen(kw_only=True)
class BucketOfFiles:
    """Files in a bucket, which several machines may share."""

    bucket: Bucket
    _joined: set[str] = field(factory=set, init=False, repr=False)

    @classmethod
    def opened(cls, name: str, prefix: str, endpoint: str) -> BucketOfFiles:
        """The files in this bucket, under this prefix; nothing is asked of it yet."""
        return cls(bucket=open_bucket(name, prefix, endpoint))

    def write(self, firm_id: int, chunks: Iterable[bytes]) -> Blob:
        """Stores these bytes; the store has said that they are there when this returns."""
        return self._write(fresh_key(firm_id), chunks)

    def read(self, key: str, start: int = 0) -> Iterator[bytes]:
        """The bytes from there on; a connection that breaks is taken up where it broke."""
        _check(key)
        answer, breaks = self._from(key, start), 0
        while answer is not None:
            try:
                with closing(answer["Body"]) as body:
                    while piece := body.read(BLOCK):
                        start, breaks = start + len(piece), 0
                        yield piece
                return
            except BotoCoreError as error:
                breaks += 1
                if breaks > _RESUMED:
                    raise Elsewhere from error
            answer = self._from(key, start, IfMatch=answer["ETag"])

    def begin(self, firm_id: int) -> str:
        """The key of an empty place, which is there when this returns."""
        key = fresh_key(firm_id)
        make_place(self.bucket, key)
        return key

    @contextmanager
    def part(self, key: str) -> Iterator[Part]:
        """The place, held for whoever writes the next part until that is done, or it is dead."""
        _check(key)
        with held(self.bucket, key) as place:
            try:
                yield place
                if key in self._joined:
                    place.forget_pieces()
            finally:
                self._joined.discard(key)

    def measured(self, key: str) -> Blob:
        """What came in in parts with its hashes, joined into one object.

        The pieces stay until `part` ends well, so that a try that fails can be made again.
        """
        _check(key)
        pieces = place_of(self.bucket, key).pieces
        if not pieces and self._is_there(key):
            return written(key, self.read(key), lambda block: block)
        blob = self._write(key, self._content(piece.key for piece in pieces))
        if blob.size != sum(piece.size for piece in pieces):
            raise Damaged
        self._joined.add(key)
        return blob

    def touch(self, key: str) -> None:
        """Lets it count as written just now."""
        _check(key)
        if not self._is_there(key):
            raise Damaged
        self.bucket.put(key + _TOUCHED, b"")

    def remove(self, key: str) -> None:
        """Removes it and whatever belongs to it, if it is there."""
        _check(key)
        base, begun, upload_id = key.partition(_UPLOAD)
        if begun:
            self._abort(base, upload_id)
            return
        for name, _last_written in list(self.bucket.objects(key)):
            self.bucket.call("delete_object", name)

    def keys(self, firm_id: int, before: datetime) -> Iterator[str]:
        """What lies there for the firm and was last written before that moment.

        What belongs to a key counts as written with the latest of it. An upload that was never
        completed is among them.
        """
        firm = f"{firm_id}/"
        for _base, group in groupby(self._ours(firm), lambda one: _base_of(one[0])):
            some = list(group)
            if max(last_written for _name, last_written in some) < before:
                yield from (name for name, _last_written in some)
        for key, upload_id, since in self.bucket.unfinished(firm):
            if _is_key(key) and since < before:
                yield f"{key}{_UPLOAD}{upload_id}"

    def try_out(self) -> None:
        """Stores something under conditions, and removes it; they keep two writers apart."""
        probe, tag = f"{_PROBE}{secrets.token_hex(16)}", '"another"'
        mine = self.bucket.put(probe, b"probe", IfNoneMatch="*")
        try:
            kept = [self._refuses(probe, IfNoneMatch="*"), self._refuses(probe, IfMatch=tag)]
            self.bucket.put(probe, b"probe", IfMatch=mine)
        finally:
            self.bucket.call("delete_object", probe)
        if not all(kept):
            raise Refused(
                _(
                    "The store ignores If-None-Match or If-Match, so that two processes could "
                    "write one upload at once. It is not fit to keep files."
                )
            )

    def _refuses(self, key: str, **condition: str) -> bool:
        try:
            self.bucket.put(key, b"other", **condition)
        except Overtaken:
            return True
        return False

    def _ours(self, firm: str) -> Iterator[tuple[str, datetime]]:
        return (one for one in self.bucket.objects(firm) if _is_key(one[0]))

    def _is_there(self, key: str) -> bool:
        return any(name == key for name, _last_written in self.bucket.objects(key))

    def _from(self, key: str, start: int, **condition: str) -> Any:
        """What the store answers about these bytes; None where there are none so far behind."""
        more = {"Range": f"bytes={start}-"} if start else {}
        try:
            return self.bucket.call("get_object", key, **more, **condition)
        except Ended:
            return None
        except Overtaken as error:
            raise Damaged from error

    def _content(self, keys: Iterable[str]) -> Iterator[bytes]:
        for key in keys:
            yield from self.read(key)

    def _write(self, key: str, chunks: Iterable[bytes]) -> Blob:
        sending = _Sending(bucket=self.bucket, key=key)
        try:
            blob = written(key, chunks, sending.add)
            sending.finish()
        finally:
            if sending.upload_id and not sending.finished:
                with suppress(Unavailable):
                    self._abort(key, sending.upload_id)
        return blob

    def _abort(self, key: str, upload_id: str) -> None:
        with suppress(Damaged):
            self.bucket.call("abort_multipart_upload", key, UploadId=upload_id)


@attrs.define(kw_only=True)
class _Sending:
    """An object on its way: at once where it is small, else in parts that count once all do."""

    bucket: Bucket
    key: str
    upload_id: str = ""
    finished: bool = False
    _waiting: bytearray = field(factory=bytearray, init=False)
    _tags: list[dict[str, Any]] = field(factory=list, init=False)

    def add(self, block: bytes) -> None:
        """Takes the next bytes, and sends what has come together."""
        if len(self._waiting) >= SENT_AT_ONCE:
            self._send()
        self._waiting += block

    def finish(self) -> None:
        """Sends what is left; the object is there when this returns."""
        if self.upload_id:
            self._send()
            self.bucket.call(
                "complete_multipart_upload",
                self.key,
                UploadId=self.upload_id,
                MultipartUpload={"Parts": self._tags},
            )
        else:
            self.bucket.put(self.key, bytes(self._waiting))
        self.finished = True

    def _send(self) -> None:
        if not self.upload_id:
            answer = self.bucket.call("create_multipart_upload", self.key)
            self.upload_id = answer["UploadId"]
        content, number = bytes(self._waiting), len(self._tags) + 1
        answer = self.bucket.call(
            "upload_part",
            self.key,
            UploadId=self.upload_id,
            PartNumber=number,
            Body=content,
            ContentMD5=checksum(content),
        )
        self._tags.append({"PartNumber": number, "ETag": answer["ETag"]})
        self._waiting.clear()


def _base_of(name: str) -> str:
    return name[: name.index("/") + _KEY_LENGTH]


def _is_key(name: str) -> bool:
    base = _base_of(name) if "/" in name else name
    return bool(KEY.match(base) and _LEFT.match(name[len(base) :]))


def _check(key: str) -> None:
    if not _is_key(key):
        raise ValueError(f"{key!r} is no key of a file")
