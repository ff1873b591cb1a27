"""What really lies in a storage of files, past the storage's own doors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core.store.blobs import FolderOfFiles
from crm_core.store.bucket import BucketOfFiles

if TYPE_CHECKING:
    from pathlib import Path

    from crm_core.store.blobs import Files
    from crm_core.store.bucket_calls import Bucket


@frozen
class InFolder:
    """What lies in a folder."""

    folder: Path

    def names(self) -> set[str]:
        """Everything that lies there."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix() for path in found}

    def put(self, name: str, content: bytes) -> None:
        """Lays something there."""
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_bytes(content)

    def take(self, name: str) -> None:
        """Takes it away."""
        (self.folder / name).unlink()


@frozen
class InBucket:
    """What lies in a bucket."""

    bucket: Bucket

    @property
    def client(self) -> Any:
        """The way to it."""
        return self.bucket.client

    def names(self) -> set[str]:
        """Everything that lies there."""
        found = self.client.list_objects_v2(Bucket=self.bucket.name)
        prefix = self.bucket.prefix
        return {one["Key"].removeprefix(prefix) for one in found.get("Contents", ())}

    def unfinished(self) -> int:
        """How many uploads were begun and never completed."""
        return len(self.client.list_multipart_uploads(Bucket=self.bucket.name).get("Uploads", ()))

    def put(self, name: str, content: bytes) -> None:
        """Lays something there."""
        key = self.bucket.prefix + name
        self.client.put_object(Bucket=self.bucket.name, Key=key, Body=content)

    def take(self, name: str) -> None:
        """Takes it away."""
        self.client.delete_object(Bucket=self.bucket.name, Key=self.bucket.prefix + name)


def lying_in(files: Files) -> InFolder | InBucket:
    """What lies in this storage."""
    if isinstance(files, BucketOfFiles):
        return InBucket(files.bucket)
    assert isinstance(files, FolderOfFiles)
    return InFolder(files.folder)
