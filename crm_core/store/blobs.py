"""Where the bytes of files lie: in a folder, under names of our own; rows say what they are.

A file is written under a temporary name, forced to the disk and renamed, and the folder is forced
too, before anybody hears that it is there. What is written and then belongs to no row is swept.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import secrets
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from attrs import frozen

from crm_core.refusals import StorageFull, Unavailable
from crm_core.store.blocks import BLOCK, Damaged, written
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager
    from io import FileIO
    from pathlib import Path

    from crm_core.file_values import Blob

FILES_FOLDER = "files"
"""The folder in the data folder in which they lie, where no other place is named."""

KEY = re.compile(r"[1-9][0-9]*/[0-9a-f]{2}/[0-9a-f]{32}\Z")
"""How a key is written: a firm's number, and a name made up by `fresh_key`."""

_FULL = (errno.ENOSPC, errno.EDQUOT)
_NEW = "new-"


class Busy(Unavailable):
    """Another request is writing these bytes at this moment."""

    def __init__(self) -> None:
        super().__init__(_("This file is just being written; try again in a moment."))


class Part(Protocol):
    """Bytes that come in in parts, held by whoever writes the next one."""

    def write_at(self, start: int, chunks: Iterable[bytes]) -> int:
        """Stores these from there on, for good; answers where they end. What stood behind goes."""


class Files(Protocol):
    """A storage of files. Keys begin with the firm's number, and are never used twice."""

    def write(self, firm_id: int, chunks: Iterable[bytes]) -> Blob:
        """Stores these bytes for good; `StorageFull` or `Unavailable` where that fails."""

    def read(self, key: str, start: int = 0) -> Iterator[bytes]:
        """The bytes from there on, in pieces as they come; `Damaged` where there are none."""

    def begin(self, firm_id: int) -> str:
        """The key of a place for bytes that come in in parts."""

    def part(self, key: str) -> AbstractContextManager[Part]:
        """Holds that place for the next part; `Busy` where somebody else does."""

    def measured(self, key: str) -> Blob:
        """What came in in parts, with its hashes."""

    def touch(self, key: str) -> None:
        """Lets it count as written just now; `Damaged` where it is gone."""

    def remove(self, key: str) -> None:
        """Removes it, if it is there."""

    def keys(self, firm_id: int, before: datetime) -> Iterator[str]:
        """What was written for a firm before that moment, leftovers of broken writes too."""

    def try_out(self) -> None:
        """Stores something and removes it again; refuses where it is not fit to keep files."""


@frozen(kw_only=True)
class FolderOfFiles:
    """Files in a folder of this machine, or one that its machines share."""

    folder: Path

    def write(self, firm_id: int, chunks: Iterable[bytes]) -> Blob:
        """Stores these bytes; they are on the disk when this returns."""
        key = fresh_key(firm_id)
        place = self.folder / key
        with _storing():
            place.parent.mkdir(parents=True, exist_ok=True)
            fresh = place.with_name(f"{_NEW}{place.name}")
            try:
                with fresh.open("xb") as file:
                    blob = written(key, chunks, file.write)
                    file.flush()
                    os.fsync(file.fileno())
                fresh.rename(place)
            finally:
                fresh.unlink(missing_ok=True)
            self._force_names(place)
        return blob

    def read(self, key: str, start: int = 0) -> Iterator[bytes]:
        """The bytes from there on."""
        try:
            file = self._place(key).open("rb")
        except FileNotFoundError as error:
            raise Damaged from error
        with file:
            file.seek(start)
            while piece := file.read(BLOCK):
                yield piece

    def begin(self, firm_id: int) -> str:
        """The key of an empty file, which is on the disk when this returns.

        It has its name from the start: a row, and no name, says whether a file is whole.
        """
        key = fresh_key(firm_id)
        place = self.folder / key
        with _storing():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.open("xb").close()
            self._force_names(place)
        return key

    @contextmanager
    def part(self, key: str) -> Iterator[Part]:
        """The file, locked for whoever writes the next part; the lock dies with the process."""
        try:
            file = self._place(key).open("r+b", buffering=0)
        except FileNotFoundError as error:
            raise Damaged from error
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Busy from error
            yield _OpenPart(file=file)

    def measured(self, key: str) -> Blob:
        """The file with its hashes, read once."""
        return written(key, self.read(key), lambda block: block)

    def touch(self, key: str) -> None:
        """Lets the file count as written just now."""
        try:
            os.utime(self._place(key))
        except FileNotFoundError as error:
            raise Damaged from error

    def remove(self, key: str) -> None:
        """Removes the file, if it is there."""
        self._place(key).unlink(missing_ok=True)

    def keys(self, firm_id: int, before: datetime) -> Iterator[str]:
        """What lies there for the firm and was last written before that moment."""
        for path in sorted((self.folder / str(firm_id)).glob("*/*")):
            try:
                last_written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            except FileNotFoundError:
                continue
            if last_written < before:
                yield path.relative_to(self.folder).as_posix()

    def try_out(self) -> None:
        """Writes a file, forces it to the disk and removes it."""
        probe = self.folder / f"{_NEW}{secrets.token_hex(16)}"
        with _storing():
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                with probe.open("xb") as file:
                    file.write(b"probe")
                    file.flush()
                    os.fsync(file.fileno())
            finally:
                probe.unlink(missing_ok=True)

    def _force_names(self, place: Path) -> None:
        for folder in (place.parent, place.parent.parent, self.folder):
            _force(folder)

    def _place(self, key: str) -> Path:
        if not KEY.match(key.replace(f"/{_NEW}", "/")):
            raise ValueError(f"{key!r} is no key of a file")
        return self.folder / key


@frozen(kw_only=True)
class _OpenPart:
    file: FileIO

    def write_at(self, start: int, chunks: Iterable[bytes]) -> int:
        """Writes these bytes and forces them to the disk; where that fails none of them stays."""
        with _storing():
            self.file.truncate(start)
            self.file.seek(start)
            end = start
            try:
                for chunk in chunks:
                    _write_all(self.file, chunk)
                os.fsync(self.file.fileno())
                end = self.file.tell()
            finally:
                self.file.truncate(end)
            return end


def fresh_key(firm_id: int) -> str:
    """A key that nothing has yet."""
    name = secrets.token_hex(16)
    return f"{firm_id}/{name[:2]}/{name}"


def _write_all(file: FileIO, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[file.write(rest) or 0 :]


def _force(folder: Path) -> None:
    """Forces the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _storing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull from error
        raise Unavailable(
            _("The file could not be stored just now. Nothing was saved; try again soon.")
        ) from error
