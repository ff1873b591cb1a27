"""Files in the storage: whole or not there, checked when read, swept where nobody kept them."""

from __future__ import annotations

import errno
import hashlib
import os
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from crm_core.contexts import context_for_owner
from crm_core.files import (
    SHOWN_AT_ONCE,
    UNKNOWN,
    bytes_of,
    clean_name,
    drop_files,
    file_of,
    forget_sent,
    keep_file,
    kind_of,
    store_sent,
    sweep,
    used,
)
from crm_core.refusals import NotFound, Refused, StorageFull, Unavailable
from crm_core.store.blocks import BLOCK, Damaged
from crm_core.testing.builders import a_firm, as_owner
from tests.lying import lying_in

if TYPE_CHECKING:
    from crm_core.catalog import Catalog
    from crm_core.file_values import StoredFile
    from crm_core.firms import Firm
    from crm_core.store.database import Store
    from web.settings import Settings

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< >>\nendobj\n"


BROKEN = {"folder": "new-" + "ab" * 16, "bucket": "ab" * 16 + ".piece-" + "cd" * 16}
"""What a write leaves that broke off."""

in_a_folder = pytest.mark.parametrize("storage", ["folder"], indirect=True)


def kept(store: Store, catalog: Catalog, firm: Firm, content: bytes) -> StoredFile:
    sent = store_sent(store, firm.id, "statement.pdf", [content])
    with as_owner(store, catalog, firm) as ctx:
        return file_of(ctx, keep_file(ctx, sent, None))


@pytest.fixture
def settings(settings_with_storage: Settings) -> Settings:
    """Every test here runs on each storage."""
    return settings_with_storage


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 7])
def test_what_goes_in_comes_out_byte_for_byte(
    store: Store, catalog: Catalog, firm: Firm, size: int
) -> None:
    content = os.urandom(size)
    file = kept(store, catalog, firm, content)
    assert file.size == size
    assert file.blob.sha256 == hashlib.sha256(content).hexdigest()
    assert b"".join(bytes_of(store, file)) == content


def test_chunks_may_come_in_any_size(store: Store, firm: Firm) -> None:
    content = os.urandom(BLOCK + 100)
    whole = store_sent(store, firm.id, "a", [content])
    pieces = store_sent(store, firm.id, "a", [content[:1], b"", content[1:7], content[7:]])
    assert whole.blob.blocks == pieces.blob.blocks
    assert whole.blob.key != pieces.blob.key


@pytest.mark.parametrize("harm", ["changed", "shorter", "longer", "gone"])
def test_a_damaged_file_is_never_handed_on(
    store: Store, catalog: Catalog, firm: Firm, harm: str
) -> None:
    file = kept(store, catalog, firm, PDF)
    lies, key = lying_in(store.files), file.blob.key
    match harm:
        case "changed":
            lies.put(key, PDF[:-1] + b"!")
        case "shorter":
            lies.put(key, PDF[:-1])
        case "longer":
            lies.put(key, PDF + b"!")
        case "gone":
            lies.take(key)
    with pytest.raises(Damaged):
        bytes_of(store, file)


def test_of_a_large_file_nothing_after_the_damage_goes_out(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    content = bytearray(SHOWN_AT_ONCE + 2 * BLOCK)
    file = kept(store, catalog, firm, bytes(content))
    content[SHOWN_AT_ONCE] = ord("!")
    lying_in(store.files).put(file.blob.key, bytes(content))
    went_out = 0
    with pytest.raises(Damaged):
        for piece in bytes_of(store, file):
            assert not piece.strip(b"\0")
            went_out += len(piece)
    assert went_out == SHOWN_AT_ONCE


@in_a_folder
def test_a_full_disk_leaves_nothing_behind(
    store: Store, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFull):
        store_sent(store, firm.id, "a", [PDF])
    assert not lying_in(store.files).names()


@in_a_folder
def test_a_folder_that_cannot_be_written_is_told(
    store: Store, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_handle: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", refused)
    with pytest.raises(Unavailable) as told:
        store_sent(store, firm.id, "a", [PDF])
    assert "could not be stored" in str(told.value.sentence)


def test_what_was_refused_is_removed(store: Store, firm: Firm) -> None:
    sent = store_sent(store, firm.id, "a", [PDF])
    forget_sent(store, [sent])
    with pytest.raises(Damaged):
        list(store.files.read(sent.blob.key))


def test_sweeping_takes_what_nobody_kept_and_nothing_else(
    store: Store, catalog: Catalog, firm: Firm, storage: str
) -> None:
    file = kept(store, catalog, firm, PDF)
    store_sent(store, firm.id, "a", [PDF])
    dropped = kept(store, catalog, firm, PDF)
    lies = lying_in(store.files)
    broken = f"{firm.id}/ab/{BROKEN[storage]}"
    lies.put(broken, b"half")
    other = a_firm(store, "other")
    foreign = store_sent(store, other.id, "a", [PDF])
    with as_owner(store, catalog, firm) as ctx:
        drop_files(ctx, [dropped.id])
    with as_owner(store, catalog, firm) as ctx:
        sweep(ctx)
        assert dropped.blob.key in lies.names()
        sweep(evolve(ctx, now=ctx.now + timedelta(hours=25)))
    assert b"".join(bytes_of(store, file)) == PDF
    assert lies.names() == {file.blob.key, foreign.blob.key}


def test_a_firm_keeps_no_more_than_its_edition_lets_it(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    edition = catalog.editions["pro"]
    catalog.editions = {
        **catalog.editions,
        "pro": evolve(edition, settings={"files": {"gigabytes": 1}}),
    }
    sent = store_sent(store, firm.id, "a", [PDF])
    nearly = evolve(sent, blob=evolve(sent.blob, key=f"{firm.id}/ab/{'ab' * 16}", size=10**9 - 10))
    with as_owner(store, catalog, firm) as ctx:
        keep_file(ctx, nearly, None)
        with pytest.raises(Refused) as told:
            keep_file(ctx, sent, None)
        assert "1 GB" in str(told.value.sentence)
        assert used(ctx) == 10**9 - 10


def test_another_firms_file_is_not_there(store: Store, catalog: Catalog, firm: Firm) -> None:
    file = kept(store, catalog, firm, PDF)
    other = a_firm(store, "other")
    with store.firm_transaction(other.id, write=False):
        ctx = context_for_owner(store, catalog, other)
        with pytest.raises(NotFound):
            file_of(ctx, file.id)


def test_a_key_is_no_path(store: Store) -> None:
    for key in ("../../etc/passwd", "1/ab/../../x", "/etc/passwd", "1/ab/x\0"):
        with pytest.raises(ValueError, match="no key"):
            list(store.files.read(key))


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("tax return 2025.pdf", "tax return 2025.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\carla\\scan.pdf", "scan.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\0b\r\nSet-Cookie: x.pdf", "abSet-Cookie: x.pdf"),
        ('say "hi".txt', 'say "hi".txt'),
        ("..", "file"),
        ("", "file"),
        ("/", "file"),
        ("\u200b", "file"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("é" * 300, "é" * 150),
        ("e\u0301.pdf", "é.pdf"),
        (".htaccess", "htaccess"),
    ],
)
def test_names_are_made_harmless(sent: str, shown: str) -> None:
    assert clean_name(sent) == shown


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (PDF, "application/pdf"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "image/jpeg"),
        ("Naam;Bedrag\r\nJanssen é;12,50\r\n".encode(), "text/plain"),
        (b"", "text/plain"),
        ("Één café, naïef, en verder gewone letters".encode("cp1252"), "text/plain"),
        (b"%PDF-1.4 and nothing else", "application/pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", UNKNOWN),
        (b"<!DOCTYPE html><html><body>", UNKNOWN),
        (b"  <script>alert(1)</script>", UNKNOWN),
        (b"<?xml version='1.0'?><svg/>", UNKNOWN),
        (bytes(range(128, 192)), UNKNOWN),
    ],
)
def test_what_a_file_is_stands_in_its_bytes(head: bytes, kind: str) -> None:
    assert kind_of(head) == kind
