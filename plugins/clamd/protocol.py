"""The part of clamd's protocol that is needed: INSTREAM, over TCP or a unix socket.

`zINSTREAM` and a NUL; then pieces, each after its length in four bytes, and a length of nought; the
answer ends with a NUL. clamd answers early where it has had enough, and then closes the connection.
The kept libraries send a kilobyte at a time, know no limit of time for a whole file, and lose that
early answer.
"""

from __future__ import annotations

import re
import socket
import struct
import time
from typing import TYPE_CHECKING

from attrs import frozen

from plugins.clamd.addresses import Host

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plugins.clamd.addresses import Address

CONNECTING = 5.0
"""Seconds after which a clamd that takes no connection counts as gone."""

LONGEST_ANSWER = 4096
"""Bytes of an answer."""

_FOUND = re.compile(r"stream: (?P<name>.+) FOUND")


class TooLarge(Exception):  # noqa: N818
    """The file has more bytes than clamd takes (its `StreamMaxLength`)."""


class Misunderstood(Exception):  # noqa: N818
    """clamd answered something else than what it found, or that it found nothing."""


def scan(address: Address, pieces: Iterator[bytes], seconds: float) -> str | None:
    """What clamd found in these bytes is called, or None; `OSError` where it cannot be asked.

    `TimeoutError` where all of it takes longer than so many seconds.
    """
    line = _Line(_connected(address), time.monotonic() + seconds)
    with line.connection:
        try:
            line.send(b"zINSTREAM\0")
            for piece in pieces:
                if piece:
                    line.send(struct.pack("!L", len(piece)) + piece)
            line.send(struct.pack("!L", 0))
        except ConnectionError:
            # Closed while we were sending: why, stands in what it had answered before.
            return _understood(line.answer())
        return _understood(line.answer())


def _connected(address: Address) -> socket.socket:
    if isinstance(address, Host):
        return socket.create_connection((address.name, address.port), CONNECTING)
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(CONNECTING)
        connection.connect(address.path)
    except OSError:
        connection.close()
        raise
    return connection


@frozen
class _Line:
    """A connection on which everything has to be said by `end`."""

    connection: socket.socket
    end: float

    def send(self, content: bytes) -> None:
        self._be_in_time()
        self.connection.sendall(content)

    def answer(self) -> str:
        """What clamd says, up to its NUL."""
        said = bytearray()
        while b"\0" not in said and len(said) < LONGEST_ANSWER:
            self._be_in_time()
            more = self.connection.recv(LONGEST_ANSWER)
            if not more:
                break
            said += more
        return bytes(said).partition(b"\0")[0].decode("utf-8", "replace").strip()

    def _be_in_time(self) -> None:
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.connection.settimeout(left)


def _understood(answer: str) -> str | None:
    if answer == "stream: OK":
        return None
    if found := _FOUND.fullmatch(answer):
        return found["name"]
    if answer.startswith("INSTREAM size limit exceeded"):
        raise TooLarge
    raise Misunderstood(f"clamd answered {answer[:200]!r}")
