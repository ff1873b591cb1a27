"""A file of 500 MB, sent in parts and fetched again through the real server; memory meanwhile."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from base64 import b64encode
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from urllib.request import Request

from attrs import frozen

from benchmarks.deployments import ADDRESS, PASSWORD, demo_deployment
from benchmarks.processes import browser, served
from crm_core.contexts import context_for_owner
from plugins.documents import tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from urllib.request import OpenerDirector

    from benchmarks.processes import Served

SIZE = 500 * 2**20
PART = 8 * 2**20
"""Bytes of a part, as the script sends them."""

FLOOR = """
import sys, waitress
def copy(environ, start_response):
    if environ["REQUEST_METHOD"] == "GET":
        start_response("200 OK", [("Content-Length", sys.argv[3])])
        file = open(sys.argv[2], "rb")
        return iter(lambda: file.read(2**22), b"")
    with open(sys.argv[2], "wb") as file:
        while piece := environ["wsgi.input"].read(2**20):
            file.write(piece)
    start_response("204 No Content", [])
    return []
waitress.create_server(copy, host="127.0.0.1", port=int(sys.argv[1]), threads=4, ident=None).run()
"""


@frozen
class Measured:
    """Megabytes a second up and down, of ours and of a plain copy, and what memory it took."""

    up: float
    down: float
    plain_up: float
    plain_down: float
    memory_up: float
    memory_down: float


def a_large_file(folder: Path) -> Measured:
    """Sends and fetches it, in both ways, on this machine."""
    plain_up, plain_down = _plain_copy(folder)
    demo = demo_deployment(folder / "data")
    store = demo.deployment.store
    with store.firm_transaction(demo.firm.id, write=True):
        ctx = context_for_owner(store, demo.deployment.catalog, demo.firm)
        known = tree.tree_of(ctx, demo.account.id)
        there = tree.made(ctx, demo.account.id, known.folders[0])
    store.close()
    documents = f"/f/{demo.firm.slug}/accounts/{demo.account.public_id}/documents"
    form = f"{documents}/folders/{there.public_id}/upload"
    with served(folder / "data") as server:
        mine = browser(server.address, ADDRESS, PASSWORD)
        held = _forget_peak(server)
        start = time.perf_counter()
        page = _sent_in_parts(mine, server.address, demo.firm.slug, form)
        up = time.perf_counter() - start
        memory_up = server.most_megabytes - held
        path = page.split("large.bin", 1)[1].split('href="')[1].split('"')[0]
        held = _forget_peak(server)
        start = time.perf_counter()
        with mine.open(server.address + path) as answer:
            assert _length(answer) == SIZE
        down = time.perf_counter() - start
        memory_down = server.most_megabytes - held
    return Measured(
        up=_rate(up),
        down=_rate(down),
        plain_up=plain_up,
        plain_down=plain_down,
        memory_up=memory_up,
        memory_down=memory_down,
    )


def _sent_in_parts(mine: OpenerDirector, at: str, firm: str, form: str) -> str:
    """Sends a file as the script does, and then the form; answers the page that follows."""
    page = mine.open(at + form).read().decode()
    token, key = _value(page, "csrf_token"), _value(page, "_once")
    told = {"filename": "large.bin", "form": form, "field": "files"}
    pairs = (f"{name} {b64encode(text.encode()).decode()}" for name, text in told.items())
    same = {"X-CSRFToken": token, "Tus-Resumable": "1.0.0"}
    announced = {**same, "Upload-Length": str(SIZE), "Upload-Metadata": ",".join(pairs)}
    with mine.open(Request(f"{at}/uploads/{firm}", b"", announced, method="POST")) as answer:
        place = answer.headers["Location"]
    part = os.urandom(PART)
    for begin in range(0, SIZE, PART):
        headers = {
            **same,
            "Upload-Offset": str(begin),
            "Content-Type": "application/offset+octet-stream",
        }
        piece = part[: SIZE - begin]
        with mine.open(Request(at + place, piece, headers, method="PATCH")) as answer:
            assert answer.status == 204
    sent = {"csrf_token": token, "_once": key, "same_name": "version"}
    sent["files.upload"] = place.rsplit("/", 1)[-1]
    text: str = mine.open(at + form, urlencode(sent).encode()).read().decode()
    return text


def _plain_copy(folder: Path) -> tuple[float, float]:
    """The same server with an application that writes a body to a file, and reads it again."""
    with _floor(folder / "copy") as address:
        part = os.urandom(PART)
        start = time.perf_counter()
        connection = HTTPConnection(address)
        body = (part[: SIZE - begin] for begin in range(0, SIZE, PART))
        connection.request("POST", "/", body=body, headers={"Content-Length": str(SIZE)})
        assert connection.getresponse().read() == b""
        up = time.perf_counter() - start
        start = time.perf_counter()
        connection.request("GET", "/")
        assert _length(connection.getresponse()) == SIZE
        down = time.perf_counter() - start
        connection.close()
    (folder / "copy").unlink()
    return _rate(up), _rate(down)


@contextmanager
def _floor(copy: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", FLOOR, str(port), str(copy), str(SIZE)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=10).close()
                break
            except ConnectionRefusedError:
                time.sleep(0.01)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _forget_peak(server: Served) -> float:
    """Lets the most that it held begin anew from what it holds; answers that."""
    Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")
    return server.megabytes


def _length(answer: Any) -> int:
    return sum(len(piece) for piece in iter(lambda: answer.read(2**20), b""))


def _rate(seconds: float) -> float:
    return SIZE / 2**20 / seconds


def _value(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="')[1].split('"', maxsplit=1)[0]
