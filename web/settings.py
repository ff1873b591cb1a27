"""What the operator decides, from the environment; read once, at the start."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from attrs import field, frozen

from crm_core.addresses import clean_address
from crm_core.refusals import Refused
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping

_BUCKET = re.compile(
    r"s3://(?P<name>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?P<prefix>(?:/[\w-][\w.-]*)*)/?"
)


@frozen(kw_only=True)
class MailServer:
    """Where mails go, and the address that they come from."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    implicit_tls: bool = False


@frozen(kw_only=True)
class BucketPlace:
    """The bucket in which files lie, under which prefix, and at which store; Amazon's if empty."""

    name: str
    prefix: str = ""
    endpoint: str = ""


@frozen(kw_only=True)
class Settings:
    """The operator's decisions.

    `database_url` is empty for SQLite in the data folder. `owner_url` is the PostgreSQL role that
    owns the tables and migrates. `base_url` is the address under which people reach the software.
    `editions` is a vendor's file of editions. `trusted_proxies` is how many proxies of the
    operator's own stand in front: whom they say they forward for is believed, and nobody else.
    Without a `mail_server` mails are written into the outbox folder in the data folder, and without
    a `bucket` files lie in a folder there. `seal` is the operator's certificate for signed
    documents, which `passphrase` opens.
    """

    folder: Path
    database_url: str
    owner_url: str
    base_url: str
    editions: Path | None = None
    trusted_proxies: int = 0
    mail_server: MailServer | None = None
    bucket: BucketPlace | None = None
    seal: Path | None = None
    passphrase: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Reads CRM_DATA, DATABASE_URL, DATABASE_OWNER_URL and the other CRM_ variables."""
        database_url = environment.get("DATABASE_URL", "")
        owner_url = environment.get("DATABASE_OWNER_URL", "")
        for name, url in (("DATABASE_URL", database_url), ("DATABASE_OWNER_URL", owner_url)):
            _check_url(name, url)
        return cls(
            folder=Path(environment.get("CRM_DATA", "data")),
            database_url=database_url,
            owner_url=owner_url,
            base_url=_base_url(environment.get("CRM_BASE_URL", "")),
            editions=Path(environment["CRM_EDITIONS"]) if environment.get("CRM_EDITIONS") else None,
            trusted_proxies=_count("CRM_TRUSTED_PROXIES", environment),
            mail_server=_mail_server(
                environment.get("CRM_SMTP_URL", "").strip(),
                environment.get("CRM_MAIL_FROM", "").strip(),
            ),
            bucket=_bucket(
                environment.get("CRM_FILES", "").strip(),
                environment.get("CRM_S3_ENDPOINT", "").strip(),
            ),
            seal=Path(environment["CRM_SEAL"]) if environment.get("CRM_SEAL") else None,
            passphrase=environment.get("CRM_SEAL_PASSPHRASE", ""),
        )


def _check_url(name: str, url: str) -> None:
    if not url:
        return
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("postgresql", "postgres") and parts.path.strip("/")
        _port = parts.port
    except ValueError:
        sound = ""
    if not sound:
        raise Refused(
            _("{name} must look like postgresql://role:password@host/database.", name=name)
        )


def _base_url(text: str) -> str:
    """The address without a slash at its end; refuses what no link in a mail could begin with."""
    url = text.strip().rstrip("/")
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and parts.hostname and url.isprintable()
        bare = f"{parts.scheme}://{parts.netloc}" == url and not parts.username
        _port = parts.port
    except ValueError:
        sound = bare = False
    if not (sound and bare and " " not in url):
        raise Refused(_("CRM_BASE_URL must look like https://crm.example.com, without a path."))
    return url


def _mail_server(url: str, sender: str) -> MailServer | None:
    """The server behind an `smtp://` or `smtps://` URL; refuses what is none."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("smtp", "smtps") and parts.hostname and not parts.path.strip("/")
        port = parts.port
    except ValueError:
        sound, port = "", None
    if not sound:
        raise Refused(_("CRM_SMTP_URL must look like smtp://user:password@host:587."))
    try:
        clean_address(sender)
    except Refused as refused:
        sentence = _("CRM_MAIL_FROM is the address that mails come from: crm@example.com.")
        raise Refused(sentence) from refused
    implicit = parts.scheme == "smtps"
    return MailServer(
        host=str(parts.hostname),
        port=port or (465 if implicit else 587),
        sender=sender,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        implicit_tls=implicit,
    )


def _bucket(url: str, endpoint: str) -> BucketPlace | None:
    """The bucket behind an `s3://` URL; refuses what is none."""
    if not url:
        return None
    found = _BUCKET.fullmatch(url)
    if not found:
        raise Refused(_("CRM_FILES must look like s3://bucket or s3://bucket/folder."))
    try:
        parts = urlsplit(endpoint)
        sound = parts.scheme in ("http", "https") and parts.hostname
        bare = f"{parts.scheme}://{parts.netloc}" == endpoint.rstrip("/") and not parts.username
        _port = parts.port
    except ValueError:
        sound = bare = False
    if endpoint and not (sound and bare and endpoint.isprintable() and " " not in endpoint):
        raise Refused(_("CRM_S3_ENDPOINT must look like https://s3.example.com, without a path."))
    return BucketPlace(
        name=found["name"], prefix=found["prefix"].strip("/"), endpoint=endpoint.rstrip("/")
    )


def _count(name: str, environment: Mapping[str, str]) -> int:
    text = environment.get(name, "").strip() or "0"
    if not (text.isascii() and text.isdigit() and len(text) <= 2):
        raise Refused(_("{name} is a number, such as 1.", name=name))
    return int(text)


def secret_key(folder: Path) -> bytes:
    """The key that signs cookies, made at the first start and kept in the data folder."""
    path = folder / "secret-key"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    key = secrets.token_bytes(32)
    # Two processes may start at once: the first to make the file wins, both read it.
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
    return key
