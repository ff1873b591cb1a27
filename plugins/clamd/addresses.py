"""Where clamd listens, as an edition says it: `host:port`, `host`, or the path of a unix socket."""

from __future__ import annotations

from urllib.parse import urlsplit

from attrs import frozen

PORT = 3310
"""The port of clamd where none is named."""


@frozen
class Host:
    """A host that is reached over TCP."""

    name: str
    port: int


@frozen
class Socket:
    """A unix socket of this machine."""

    path: str


Address = Host | Socket


def read_address(said: object) -> Address | None:
    """The address, or None where it is none."""
    if not isinstance(said, str):
        return None
    said = said.strip()
    if said.startswith("/"):
        return Socket(said)
    try:
        parts = urlsplit(f"//{said}")
        port = parts.port
    except ValueError:
        return None
    if parts.hostname is None or parts.netloc != said:
        return None
    return Host(parts.hostname, PORT if port is None else port)
