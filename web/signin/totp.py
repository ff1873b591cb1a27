"""Codes from an authenticator app (TOTP, RFC 6238): the secret, its QR code, what fits."""

from __future__ import annotations

import re
from typing import Any

from attrs import field, frozen
from passlib.exc import TokenError
from passlib.totp import TOTP

PERIOD = 30
"""Seconds that a code is shown; one period before and after it is taken, too."""

ISSUER = "Practice"
"""Under which name the app lists it."""

_CODE = re.compile(r"[0-9]{6}\Z")


@frozen(kw_only=True)
class Picture:
    """A QR code as one path of an SVG of `side` x `side` units."""

    side: int
    path: str


@frozen
class Authenticator:
    """What the person's app and we both know."""

    secret: str = field(repr=False)

    @classmethod
    def new(cls) -> Authenticator:
        """One with a fresh secret of 160 bits."""
        return cls(TOTP.new().base32_key)

    @property
    def spelled(self) -> str:
        """The secret in groups of four, to be typed."""
        return " ".join(self.secret[i : i + 4] for i in range(0, len(self.secret), 4))

    def picture(self, address: str) -> Picture:
        """The QR code that an app reads."""
        import qrcode

        code = qrcode.QRCode(border=4)
        code.add_data(_totp(self.secret).to_uri(address, ISSUER))
        code.make()
        rows = code.get_matrix()
        path = "".join(
            f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
        )
        return Picture(side=len(rows), path=path)

    def step_of(self, code: str, after: int) -> int | None:
        """The time step whose code this is, or None; steps up to `after` were taken before."""
        if not _CODE.match(code):
            return None
        try:
            match = _totp(self.secret).match(code, window=PERIOD, last_counter=after)
        except TokenError:
            return None
        return int(match.counter)


def _totp(secret: str) -> Any:
    return TOTP(key=secret, format="base32")
