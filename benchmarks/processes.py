"""The software as a process: how soon it answers, and how much memory it takes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from attrs import frozen

from crm_core.loading import GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from urllib.request import OpenerDirector

CRM = Path(sys.executable).with_name("crm")
PLUGINS = 40
PAGES = 1000
FOR_SIGN_INS = 4

CODE = """
from crm_core import *
_ = words_of("{name}")
MANIFEST = Manifest(name="{name}", title=_("Idle"), description=_("Not switched on."))

@hookimpl
def sections():
    load = lambda ctx, account: item_list([], empty=_("None."))
    return (Section(name="all", title=_("Idle"), place=Place.OVERVIEW, load=load, needs=PUBLIC),)
"""


@frozen
class Served:
    """A server process: where it is, and how many seconds it took to answer the first page."""

    process: subprocess.Popen[bytes]
    address: str
    seconds: float

    @property
    def megabytes(self) -> float:
        """What it holds in memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    @property
    def most_megabytes(self) -> float:
        """The most that it ever held."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def idle_plugins(folder: Path) -> Path:
    """Forty plugins, as pip leaves them in a folder."""
    for number in range(PLUGINS):
        name = f"idle{number}"
        announced = folder / f"{name}-1.0.dist-info"
        announced.mkdir(parents=True)
        (folder / f"{name}.py").write_text(CODE.format(name=name), "utf-8")
        (announced / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (announced / "entry_points.txt").write_text(f"[{GROUP}]\n{name} = {name}\n")
    return folder


@contextmanager
def served(data: Path, **environment: str) -> Iterator[Served]:
    """`crm serve` on this data folder, from its start on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    start = time.perf_counter()
    process = subprocess.Popen(
        [CRM, "serve", "--port", str(port)],
        env={**os.environ, "CRM_DATA": str(data), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        opener = build_opener()
        while True:
            try:
                opener.open(f"{address}/sign-in", timeout=10).read()
                break
            except URLError:
                time.sleep(0.01)
        yield Served(process, address, time.perf_counter() - start)
    finally:
        process.terminate()
        process.wait()


def browser(at: str, address: str, password: str) -> OpenerDirector:
    """A browser that is signed in; like a real one it sends secure cookies to this machine."""
    policy = DefaultCookiePolicy(secure_protocols=("http", "https"))
    opener = build_opener(HTTPCookieProcessor(CookieJar(policy)))
    page = opener.open(f"{at}/sign-in").read().decode()
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    form: Mapping[str, str] = {"email": address, "password": password, "csrf_token": token}
    opener.open(f"{at}/sign-in", urlencode(form).encode()).read()
    return opener


def sign_ins_at_once(at: str, address: str, password: str) -> None:
    """Four people sign in at the same moment: each password takes much memory to check."""
    threads = [
        threading.Thread(target=browser, args=(at, address, password)) for _ in range(FOR_SIGN_INS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
