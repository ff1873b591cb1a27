"""A store that speaks like S3, on loopback, whose moods a test decides."""

from __future__ import annotations

import itertools
import logging
import threading
import warnings
from typing import TYPE_CHECKING, Any

from attrs import define, field
from werkzeug.serving import make_server

from web.settings import BucketPlace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

S3_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "nobody",
    "AWS_SECRET_ACCESS_KEY": "nothing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/nonexistent",
    "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
}
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH")


@define
class Moods:
    """How the store is: what it answers to which methods, and where it breaks off.

    It answers `status` to `methods` once it has answered `good` of them. Of what it hands out it
    breaks off after `breaks_after` bytes, so many `times`. With `ignores_conditions` it is an older
    store, which stores whatever comes.
    """

    status: int = 0
    methods: tuple[str, ...] = ("GET", "HEAD", "PUT", "POST", "DELETE")
    good: int = 0
    breaks_after: int = 0
    times: int = 0
    ignores_conditions: bool = False
    ranges: list[str] = field(factory=list)

    def refuses(self, method: str) -> bool:
        """Whether it says no to this."""
        if not self.status or method not in self.methods:
            return False
        self.good -= 1
        return self.good < 0


@define
class S3Server:
    """A running store; what lies in it is gone when it stops."""

    moods: Moods = field(factory=Moods)
    _server: Any = None
    _thread: Any = None
    _numbers: itertools.count[int] = field(factory=lambda: itertools.count(1))

    @classmethod
    def start(cls) -> S3Server:
        """Starts one on a free port."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from moto.server import DomainDispatcherApplication, create_backend_app

        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        made = cls()
        store = DomainDispatcherApplication(create_backend_app)
        made._server = make_server("127.0.0.1", 0, made._moody(store), threaded=True)
        made._thread = threading.Thread(target=made._server.serve_forever, daemon=True)
        made._thread.start()
        return made

    @property
    def endpoint(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._server.port}"

    def new_bucket(self, prefix: str = "files/of-crm") -> BucketPlace:
        """A bucket that is empty."""
        place = BucketPlace(
            name=f"bucket-{next(self._numbers)}", prefix=prefix, endpoint=self.endpoint
        )
        client_of(place).create_bucket(Bucket=place.name)
        return place

    def stop(self) -> None:
        """Stops it: from now on connections are refused."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _moody(self, store: Any) -> Callable[..., Iterable[bytes]]:
        def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            method, moods = environ["REQUEST_METHOD"], self.moods
            if moods.refuses(method):
                environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
                start_response(f"{moods.status} No", [("Content-Length", "0")])
                return [b""]
            if method == "GET" and environ.get("HTTP_RANGE"):
                moods.ranges.append(environ["HTTP_RANGE"])
            if moods.ignores_conditions:
                environ = {n: v for n, v in environ.items() if n not in CONDITIONS}
            given: Iterable[bytes] = store(environ, start_response)
            if method == "GET" and moods.times:
                moods.times -= 1
                return _broken_off(given, moods.breaks_after)
            return given

        return answer


def client_of(place: BucketPlace) -> Any:
    """A client of the test's own."""
    import boto3

    return boto3.session.Session().client("s3", endpoint_url=place.endpoint)


def _broken_off(given: Iterable[bytes], after: int) -> Iterator[bytes]:
    whole = b"".join(given)
    yield whole[:after]
    raise ConnectionAbortedError
