"""How a bucket is spoken to: opened, with short waits; what it says no to, as refusals."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
from attrs import field, frozen
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from crm_core.refusals import StorageFull, Unavailable
from crm_core.store.blocks import Damaged
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Iterator

CONNECTING = 3
WAITING = 10
"""Seconds until a connection has to stand, and until the next bytes have to come."""

_TRIES = 2
_CONNECTIONS = 32
_FULL = frozenset({"QuotaExceeded", "InsufficientCapacity", "XMinioStorageFull"})
_FULL_STATUS = 507
_GONE = frozenset({"NoSuchKey", "NoSuchUpload"})
_OTHERWISE = (409, 412)
_BEHIND_THE_END = 416


class Elsewhere(Unavailable):
    """The storage of files, on other machines, cannot be reached or says no."""

    def __init__(self) -> None:
        super().__init__(
            _("The storage of files cannot be reached just now. Try again in a moment.")
        )


class Overtaken(Elsewhere):
    """It is no longer what it was said to be."""


class Ended(Elsewhere):
    """There are no bytes so far behind."""


@frozen(kw_only=True)
class Bucket:
    """A bucket, or what lies in it under a prefix, over boto3's client. Safe for threads."""

    name: str
    prefix: str
    client: Any = field(repr=False)

    def call(self, operation: str, key: str, **more: Any) -> Any:
        """What the bucket answers about this key; a refusal where it does not do it."""
        with told():
            ask = getattr(self.client, operation)
            return ask(Bucket=self.name, Key=self.prefix + key, **more)

    def put(self, key: str, content: bytes, **condition: str) -> str:
        """Stores these bytes, for good; answers the tag by which the store knows them.

        With a condition (`IfMatch`, `IfNoneMatch`) `Overtaken` where it does not hold.
        """
        answer = self.call(
            "put_object", key, Body=content, ContentMD5=checksum(content), **condition
        )
        return str(answer["ETag"])

    def objects(self, prefix: str) -> Iterator[tuple[str, Any]]:
        """The keys that begin so, in order, and what the store says of each."""
        for page in self._pages("list_objects_v2", prefix):
            for one in page.get("Contents", ()):
                yield one["Key"].removeprefix(self.prefix), one["LastModified"]

    def unfinished(self, prefix: str) -> Iterator[tuple[str, str, Any]]:
        """What was begun in several parts under such keys: key, id, and since when."""
        for page in self._pages("list_multipart_uploads", prefix):
            for one in page.get("Uploads", ()):
                yield one["Key"].removeprefix(self.prefix), one["UploadId"], one["Initiated"]

    def _pages(self, operation: str, prefix: str) -> Iterator[Any]:
        pages = iter(
            self.client.get_paginator(operation).paginate(
                Bucket=self.name, Prefix=self.prefix + prefix
            )
        )
        while True:
            with told():
                page = next(pages, None)
            if page is None:
                return
            yield page


def open_bucket(name: str, prefix: str, endpoint: str) -> Bucket:
    """The bucket; nothing is asked of it yet. Credentials are found as boto3 finds them.

    Without an endpoint it is Amazon's. Checksums that only newer stores know are left out.
    """
    config = Config(
        connect_timeout=CONNECTING,
        read_timeout=WAITING,
        retries={"total_max_attempts": _TRIES, "mode": "standard"},
        max_pool_connections=_CONNECTIONS,
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": "path"} if endpoint else {},
    )
    client = boto3.session.Session().client("s3", endpoint_url=endpoint or None, config=config)
    return Bucket(name=name, prefix=f"{prefix}/" if prefix else "", client=client)


def checksum(content: bytes) -> str:
    """What goes with these bytes, so that the store notices when they change on the way."""
    return b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()


@contextmanager
def told() -> Iterator[None]:
    """Whatever the store answers but yes becomes a refusal."""
    try:
        yield
    except ClientError as error:
        raise _refusal_of(error) from error
    except (BotoCoreError, ResponseParserError) as error:
        raise Elsewhere from error


def _refusal_of(error: ClientError) -> Unavailable:
    code = error.response.get("Error", {}).get("Code", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    if code in _GONE:
        return Damaged()
    if code in _FULL or status == _FULL_STATUS:
        return StorageFull()
    if status == _BEHIND_THE_END:
        return Ended()
    return Overtaken() if status in _OTHERWISE else Elsewhere()
