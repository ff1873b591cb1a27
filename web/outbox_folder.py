"""The outbox folder in the data folder: mails as files, each there whole or not at all."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crm_core.refusals import StorageFull, Unavailable
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OUTBOX = "outbox"


def write_aside(path: Path, content: bytes) -> Path:
    """Writes a mail under a name that nobody looks for yet, and answers it."""
    fresh = path.with_name(f"{path.name}.part")
    with faults_told():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with fresh.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            fresh.unlink(missing_ok=True)
            raise
    return fresh


def show(fresh: Path) -> Path:
    """Gives a mail that was written aside its name, and answers it."""
    path = fresh.with_suffix("")
    with faults_told():
        fresh.rename(path)
        sync_folder(path.parent)
    return path


def sync_folder(folder: Path) -> None:
    """Makes sure that the names in it survive a power cut, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def faults_told() -> Iterator[None]:
    """A folder that cannot be written is a refusal that people can read."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull from error
        raise Unavailable(
            _("The mail could not be written. Tell whoever runs this software.")
        ) from error
