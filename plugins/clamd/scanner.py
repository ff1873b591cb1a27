"""Having a file looked at by the clamd that the firm's edition names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import Refused
from plugins.clamd import protocol
from plugins.clamd.addresses import read_address
from plugins.clamd.words import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_core import ArrivingFile, Context

SECONDS = 50
"""How long a file may take where the edition says nothing: proxies usually wait for a minute."""

MEGABYTES = 100
"""How large a file may be where the edition says nothing: of larger ones clamd, unless it is told
otherwise, looks at none and says that all is well.
"""


def scan(ctx: Context, file: ArrivingFile, pieces: Iterator[bytes]) -> str | None:
    """What clamd found in the file is called, or None.

    Refuses every file where the edition names no clamd, and one that is too large for it. Raises
    where clamd cannot be reached, is late, or answers nothing that can be understood.
    """
    address = read_address(ctx.setting("clamd", "address", None))
    if address is None:
        raise Refused(
            _(
                "No file can be taken: the virus scanner is switched on, but it has no address. "
                "Whoever runs this software has to set it."
            )
        )
    seconds = float(ctx.setting("clamd", "seconds", SECONDS))
    too_large = Refused(
        _("{name} is too large for the virus scanner, so it is not taken.", name=file.name)
    )
    if file.size > int(ctx.setting("clamd", "megabytes", MEGABYTES)) * 2**20:
        raise too_large
    try:
        return protocol.scan(address, pieces, seconds)
    except protocol.TooLarge:
        raise too_large from None
