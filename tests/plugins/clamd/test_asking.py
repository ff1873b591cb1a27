"""Asking clamd about a file: what it answers, and what happens where it does not."""

from __future__ import annotations

import time
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from plugins.clamd.addresses import Host, Socket, read_address
from plugins.clamd.protocol import Misunderstood, TooLarge, scan
from tests.plugins.clamd.daemon import EICAR, NAME, Daemon

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


def asked(address: str, pieces: Iterable[bytes], seconds: float = 20) -> str | None:
    where = read_address(address)
    assert where is not None
    return scan(where, iter(pieces), seconds)


@pytest.mark.parametrize("over", ["tcp", "unix"])
def test_a_virus_is_found_wherever_pieces_end(tmp_path: Path, over: str) -> None:
    with Daemon(path=tmp_path / "clamd.ctl" if over == "unix" else None) as daemon:
        assert asked(daemon.address, [EICAR]) == NAME
        assert asked(daemon.address, [b"%PDF", b"", EICAR[:9], EICAR[9:]]) == NAME
        assert asked(daemon.address, [b"Nothing harmful."]) is None
        assert asked(daemon.address, []) is None
    assert daemon.seen == [EICAR, b"%PDF" + EICAR, b"Nothing harmful.", b""]


@pytest.mark.parametrize("size", [1001, 2**20, 8 * 2**20])
def test_a_file_that_is_too_large_is_told_so_however_early_clamd_has_enough(size: int) -> None:
    with Daemon(limit=1000) as daemon:
        for _time in range(3):
            with pytest.raises(TooLarge):
                asked(daemon.address, [bytes(min(size, 2**20))] * max(1, size // 2**20))


def test_a_clamd_that_is_gone_has_not_looked(daemon: Daemon, tmp_path: Path) -> None:
    address = daemon.address
    daemon.stop()
    for gone in (address, str(tmp_path / "nothing.ctl")):
        with pytest.raises(OSError, match=r"refused|No such file"):
            asked(gone, [b"x"])


def test_a_clamd_that_hangs_is_waited_for_no_longer_than_was_said() -> None:
    with Daemon(hangs=True) as daemon:
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            asked(daemon.address, [b"x"], seconds=0.3)
        assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\0",
        b"OK\0",
        b"stream: FOUND\0",
        b"stream: OK or not\0",
        b"UNKNOWN COMMAND\0",
        b"stream: Can't allocate memory ERROR\0",
        b"\xff\xfe\x00",
        b"x" * 10_000,
    ],
)
def test_an_answer_that_says_nothing_is_no_look_at_the_file(answer: bytes) -> None:
    with Daemon(says=answer) as daemon, pytest.raises((Misunderstood, ConnectionError)):
        asked(daemon.address, [b"x"])


def test_pieces_are_drawn_one_by_one_so_a_large_file_is_never_in_memory() -> None:
    tracemalloc.start()
    with Daemon(limit=0) as full:
        drawn = 0

        def pieces() -> Iterator[bytes]:
            nonlocal drawn
            for _ in range(1000):
                drawn += 1
                yield bytes(2**20)

        with pytest.raises(TooLarge):
            asked(full.address, pieces())
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert drawn < 100
    assert most < 8 * 2**20


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("scanner.example", Host("scanner.example", 3310)),
        (" scanner.example:3311 ", Host("scanner.example", 3311)),
        ("[::1]:3310", Host("::1", 3310)),
        ("/run/clamav/clamd.ctl", Socket("/run/clamav/clamd.ctl")),
        ("", None),
        (":3310", None),
        ("scanner.example:many", None),
        ("scanner.example:99999", None),
        ("tcp://scanner.example", None),
        (None, None),
        (3310, None),
    ],
)
def test_an_address_is_a_host_or_the_path_of_a_socket(said: object, address: object) -> None:
    assert read_address(said) == address
