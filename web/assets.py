"""Static files: each address carries a digest of its content, so browsers may keep it for good."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"

A_YEAR = 365 * 24 * 3600
"""Seconds: how long browsers may keep what has an address that changes with its content."""


def asset_url(name: str) -> str:
    """The address of one of the shell's static files."""
    return f"/static/{name}?v={_digest(name)}"


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
