"""Files as values: bytes that were stored, a file that came in, and one that is kept."""

from __future__ import annotations

from attrs import field, frozen


@frozen(kw_only=True)
class Blob:
    """Bytes that were stored: under which key, how many, and the hashes of all and of each block.

    Hashes are SHA-256 in hexadecimal; a block has `blocks.BLOCK` bytes, the last one the rest.
    """

    key: str
    size: int
    sha256: str
    blocks: tuple[str, ...] = field(repr=False)


@frozen(kw_only=True)
class ArrivingFile:
    """A file that comes in, before anything keeps it: its name made harmless, its bytes, its type.

    `kind` is what its first bytes say, such as `application/pdf`.
    """

    name: str
    size: int
    kind: str


@frozen(kw_only=True)
class SentFile:
    """A file that came in and lies in the storage, but belongs to nothing yet.

    `name` is what its sender calls it, made harmless; `kind` is its type as its bytes say it, such
    as `application/pdf`. `folders` are those in which it lay at its sender's, the outermost first,
    where a whole folder was sent.
    """

    name: str
    kind: str
    blob: Blob = field(repr=False)
    folders: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self.blob.size


@frozen(kw_only=True)
class StoredFile:
    """A file that is kept."""

    id: int
    kind: str
    blob: Blob = field(repr=False)

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self.blob.size
