"""A small clamd: it speaks INSTREAM as the real one does, and knows one virus."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from attrs import define, evolve, field

if TYPE_CHECKING:
    from pathlib import Path

    from crm_core.catalog import Catalog

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""What every scanner calls a virus, and is none. In two parts, so that no scanner meets it here."""

NAME = "Eicar-Test-Signature"


@define
class Daemon:
    """A clamd on a free port, or at the path of a unix socket, until it is stopped.

    `limit` are the bytes that it takes. What it `says` it says instead of what it found; with
    `hangs` it takes everything and answers nothing. `seen` is what it was shown, file by file.
    """

    path: Path | None = None
    limit: int = 25 * 2**20
    says: bytes | None = None
    hangs: bool = False
    seen: list[bytes] = field(factory=list)
    _listening: Any = None
    _thread: Any = None

    def __enter__(self) -> Daemon:
        self._listening = socket.socket(socket.AF_UNIX if self.path else socket.AF_INET)
        self._listening.bind(str(self.path) if self.path else ("127.0.0.1", 0))
        self._listening.listen()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    @property
    def address(self) -> str:
        """Where it listens, as an edition says it."""
        return str(self.path) if self.path else f"127.0.0.1:{self._listening.getsockname()[1]}"

    def stop(self) -> None:
        """Ends it; whoever asks then reaches nobody."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _peer = self._listening.accept()
            except OSError:
                return
            with connection, suppress(ConnectionError):
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        line = connection.makefile("rb")
        with line:
            if line.read(len(b"zINSTREAM\0")) != b"zINSTREAM\0":
                connection.sendall(b"UNKNOWN COMMAND\0")
                return
            found = bytearray()
            while size := struct.unpack("!L", line.read(4))[0]:
                if len(found) + size > self.limit:
                    connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                    return
                found += line.read(size)
            self.seen.append(bytes(found))
            if self.hangs:
                line.read(1)
                return
            said = f"stream: {NAME} FOUND" if EICAR in found else "stream: OK"
            connection.sendall(said.encode() + b"\0" if self.says is None else self.says)


def switch_on(catalog: Catalog, edition: str = "pro", **settings: Any) -> None:
    """Gives an edition the virus scanner, with these settings."""
    known = catalog.editions[edition]
    scanning = evolve(
        known,
        plugins=(*known.plugins, *({"clamd"} - {*known.plugins})),
        settings={**known.settings, "clamd": settings},
    )
    catalog.editions = {**catalog.editions, edition: scanning}
