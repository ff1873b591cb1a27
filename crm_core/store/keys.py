"""Where a deployment keeps keys of its own, which belong to no firm and to no table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

if TYPE_CHECKING:
    from pathlib import Path


@frozen(kw_only=True)
class Keys:
    """A folder that nobody but the software reads; what needs a key makes it there.

    `seal` is the operator's own certificate with its key, a file of PKCS#12 or PEM; where they give
    none, one is made in the folder. `passphrase` opens it.
    """

    folder: Path
    seal: Path | None = None
    passphrase: str = field(default="", repr=False)
