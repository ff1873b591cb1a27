"""Virus scanner: files that come in are looked at by ClamAV before they are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import FileScanner, Manifest, hookimpl
from plugins.clamd.scanner import scan
from plugins.clamd.words import _

if TYPE_CHECKING:
    from collections.abc import Iterable

MANIFEST = Manifest(
    name="clamd",
    title=_("Virus scanner"),
    description=_("ClamAV looks at each file that comes in; one with a virus is not taken."),
)


@hookimpl
def file_scanners() -> Iterable[FileScanner]:
    return (FileScanner(name="viruses", title=_("Viruses in files"), scan=scan),)
