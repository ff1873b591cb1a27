"""Bytes in blocks: each has its hash, by which it is checked before it is handed on."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from crm_core.file_values import Blob
from crm_core.refusals import Unavailable
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

BLOCK = 4 * 2**20
"""Bytes that are hashed, and later checked, at once."""


class Damaged(Unavailable):
    """The file is gone from the storage, or holds something else than was put there."""

    def __init__(self) -> None:
        super().__init__(
            _("This file cannot be read: it is damaged or missing. Ask for it to be put back.")
        )


def checked_pieces(pieces: Iterable[bytes], blob: Blob, start: int = 0) -> Iterator[bytes]:
    """These bytes in blocks, each compared with its hash before it is handed on.

    `start` is where they begin, at the beginning of a block. `Damaged` at the first that differs,
    or where there are fewer or more than there should be.
    """
    expected = iter(blob.blocks[start // BLOCK :])
    for block, digest in _hashed_ahead(in_blocks(pieces)):
        if digest != next(expected, None):
            raise Damaged
        yield block
    if next(expected, None) is not None:
        raise Damaged


def _hashed_ahead(blocks: Iterable[bytes]) -> Iterator[tuple[bytes, str]]:
    """Each block and its hash; that of the next is made while this one goes out."""
    with ThreadPoolExecutor(1) as beside:
        before: tuple[bytes, Future[str]] | None = None
        for block in blocks:
            hashed = beside.submit(_hash_of, block)
            if before is not None:
                yield before[0], before[1].result()
            before = block, hashed
        if before is not None:
            yield before[0], before[1].result()


def _hash_of(block: bytes) -> str:
    return hashlib.sha256(block).hexdigest()


def written(key: str, chunks: Iterable[bytes], write: Callable[[bytes], object]) -> Blob:
    """Writes these bytes and hashes them; the hash of all of them in a thread beside the others."""
    whole, size, blocks = hashlib.sha256(), 0, []
    with ThreadPoolExecutor(1) as beside:
        for block in in_blocks(chunks):
            hashed = beside.submit(whole.update, block)
            write(block)
            size += len(block)
            blocks.append(_hash_of(block))
            hashed.result()
    return Blob(key=key, size=size, sha256=whole.hexdigest(), blocks=tuple(blocks))


def in_blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of `BLOCK`, and what is left at the end."""
    waiting = bytearray()
    for chunk in chunks:
        if len(chunk) == BLOCK and not waiting:
            yield chunk
            continue
        waiting += chunk
        while len(waiting) >= BLOCK:
            yield bytes(waiting[:BLOCK])
            del waiting[:BLOCK]
    if waiting:
        yield bytes(waiting)
