"""Archives that are made while they go out: nothing of them lies in memory or on the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.files import bytes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crm_core.file_values import StoredFile
    from crm_core.store.database import Store

ZIP = "application/zip"


def zipped(
    store: Store,
    files: Iterable[tuple[str, StoredFile]],
    texts: Iterable[tuple[str, Iterable[bytes]]] = (),
) -> Iterator[bytes]:
    """An archive of these texts, made smaller, and of these files as they are, by their paths.

    One that meets a damaged file ends there, and does not open.
    """
    from zipstream import ZIP_DEFLATED, ZIP_STORED, ZipStream

    archive = ZipStream(compress_type=ZIP_STORED)
    for path, chunks in texts:
        archive.add(chunks, path, compress_type=ZIP_DEFLATED)
    for path, file in files:
        archive.add(_when_its_turn_comes(store, file), path)
    yield from archive


def _when_its_turn_comes(store: Store, file: StoredFile) -> Iterator[bytes]:
    yield from bytes_of(store, file)
