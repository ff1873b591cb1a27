"""`crm serve`: it answers while it runs, and stops when it is told to."""

from __future__ import annotations

import signal
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

import pytest

from tests.web.commands import CRM, Crm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from web.settings import Settings


@pytest.fixture
def served(settings: Settings) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server that runs, and its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = subprocess.Popen(
        [CRM, "serve", "--port", str(port)],
        env=Crm(settings).environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    assert running.stdout.readline() == f"Open http://127.0.0.1:{port}/ (stop with Ctrl+C)\n"
    yield running, f"http://127.0.0.1:{port}"
    running.kill()
    running.communicate()


def test_it_answers_many_at_once_and_stops_on_sigint(
    served: tuple[subprocess.Popen[str], str],
) -> None:
    running, address = served

    def ask(path: str) -> tuple[int, str]:
        with urlopen(Request(address + path), timeout=20) as answer:
            return answer.status, answer.read().decode()

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(ask, ["/health"] * 64)) == {(200, "ok\n")}
    assert "Sign in" in ask("/sign-in")[1]
    running.send_signal(signal.SIGINT)
    out, error = running.communicate(timeout=20)
    assert running.returncode == 0
    assert out == "Stopped.\n"
    assert error == ""


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_it_does_not_say_what_it_is(served: tuple[subprocess.Popen[str], str]) -> None:
    with urlopen(served[1] + "/health", timeout=20) as answer:
        assert "Server" not in answer.headers
